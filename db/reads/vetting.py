"""Which technicians may be given clients; the rule is `domain/vetting.py`."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.people import Person, Technician


def may_be_given_clients(day: date) -> tuple[ColumnElement[bool], ...]:
    """To filter `Technician` and `Payee` by: vetted, and with papers that are good on that day. Those of
    before there was any vetting gave no papers until their sums wanted them."""
    without_papers = and_(Payee.vigilance_until.is_(None), Technician.vetted_by.is_(None))
    return Technician.vetted_at.is_not(None), or_(Payee.vigilance_until >= day, without_papers)


@dataclass(frozen=True)
class PapersThatEnd:
    technician_id: str
    name: str
    mail: str
    until: date


async def papers_that_end(session: AsyncSession, by: date) -> list[PapersThatEnd]:
    """Of technicians who were vetted and have an account: those that are good until that day at most, the
    first to end first."""
    query = (
        select(Person.id, Person.name, Person.mail, Payee.vigilance_until)
        .join(Technician, Technician.id == Person.id)
        .join(Payee, Payee.technician_id == Person.id)
        .where(Person.active, Technician.vetted_at.is_not(None), Payee.vigilance_until <= by)
        .order_by(Payee.vigilance_until, Person.id)
    )
    return [
        PapersThatEnd(technician_id, name, mail, until)
        for technician_id, name, mail, until in await session.execute(query)
        if until is not None
    ]
