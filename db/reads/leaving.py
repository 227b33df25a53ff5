"""Who is about to leave: no new appointment is made with them."""

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from db.models.erasures import Erasure


def is_leaving(person_id: SQLColumnExpression[str] | str) -> ColumnElement[bool]:
    """Whether an erasure was asked for, and not withdrawn."""
    # By name: the API may not read all columns.
    asked = select(Erasure.person_id).where(Erasure.person_id == person_id, Erasure.withdrawn_at.is_(None))
    return asked.exists()


def was_erased(person_id: SQLColumnExpression[str] | str) -> ColumnElement[bool]:
    """Whoever was stays so: nothing of theirs is set any more."""
    erased = select(Erasure.person_id).where(Erasure.person_id == person_id, Erasure.erased_at.is_not(None))
    return erased.exists()
