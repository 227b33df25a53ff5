"""What is put back before forgotten steps are run again. Only `omea reconcile` calls it, as the owner of the
database."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as put
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import CreditNoteCounter, InvoiceCounter
from db.models.payees import Payee
from db.models.payouts import StatementCounter
from db.models.people import Person
from db.models.recovery import RecoveryAct
from db.models.tickets import Submission, SubmissionKind
from domain.recovery import Difference, Highest
from domain.tickets import Role
from domain.titles import NAME_LOST

RECONCILED = "reconciled"


async def record_act(session: AsyncSession, at: datetime, repaired: Difference, reason: str) -> None:
    act = {
        "at": at,
        "kind": repaired.kind.value,
        "subject": repaired.subject,
        "detail": repaired.detail,
        "reason": reason,
    }
    await session.execute(insert(RecoveryAct).values(act))


async def record_reconciled(session: AsyncSession, at: datetime, reason: str) -> None:
    """The stores agree again: what is older than `at` proves no other restore."""
    row = {"at": at, "kind": RECONCILED, "subject": "", "detail": "", "reason": reason}
    await session.execute(insert(RecoveryAct).values(row))


async def raise_counters(session: AsyncSession, known: Highest) -> None:
    """No number up to these is given again. A counter that is beyond stays."""
    for model, series in (
        (InvoiceCounter, known.invoices),
        (CreditNoteCounter, known.credit_notes),
    ):
        for year, last in series.items():
            beyond = put(model).values(year=year, last=last)
            last_of = {"last": func.greatest(model.last, last)}
            await session.execute(beyond.on_conflict_do_update(index_elements=[model.year], set_=last_of))
    for series_of, last in known.statements.items():
        technician = await session.scalar(select(Payee.technician_id).where(Payee.series == series_of))
        if technician is None:
            continue
        beyond = put(StatementCounter).values(technician_id=technician, last=last)
        last_of = {"last": func.greatest(StatementCounter.last, last)}
        await session.execute(
            beyond.on_conflict_do_update(index_elements=[StatementCounter.technician_id], set_=last_of)
        )
    if known.statements:
        # Whoever joined after the dump is gone, and their series is given to nobody else.
        await session.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('payees', 'series'), "
                "greatest(:last, (SELECT last_value FROM payees_series_seq)))"
            ),
            {"last": max(known.statements)},
        )
    if known.tickets:
        # Numbers of tickets may have gaps: one more is lost to nobody.
        await session.execute(
            text(
                "SELECT setval('ticket_sequence', greatest(:last, (SELECT last_value FROM ticket_sequence)))"
            ),
            {"last": known.tickets},
        )


async def put_text(
    session: AsyncSession, submission_id: str, kind: SubmissionKind, author_id: str | None
) -> None:
    """The place of a text that is gone for good: empty, as that of one that was erased."""
    known = await session.scalar(select(Person.id).where(cast(Person.id, String) == author_id))
    row: dict[str, Any] = {"id": submission_id, "kind": kind, "author_id": known, "body": {}}
    await session.execute(put(Submission).values(row).on_conflict_do_nothing())


async def put_client(session: AsyncSession, person_id: str) -> None:
    """The place of a client who is gone for good. The address leads nowhere (RFC 2606)."""
    row = {
        "id": person_id,
        "role": Role.CLIENT,
        "name": NAME_LOST,
        "mail": f"{person_id}@perdu.invalid",
    }
    await session.execute(put(Person).values(row).on_conflict_do_nothing())
