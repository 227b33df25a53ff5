"""What a technician may earn of sessions that are not accepted yet."""

from dataclasses import dataclass

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain, TariffVersion
from db.models.people import Skill
from db.models.tickets import Report, Session, Ticket
from db.reads.people import KnownPerson
from db.reads.relations import tickets_of
from db.reads.tariffs import as_tariff
from domain.tickets import Status

# From the beginning of a session to the word of the client, or of the team.
OPEN = (Status.IN_SESSION, Status.TO_REPORT, Status.IN_REVIEW, Status.SUSPENDED)
# The only session that is paid for: what those after it earn, a ruling says.
FIRST = 1


@dataclass(frozen=True)
class Estimate:
    """`cents`, VAT excluded, are None for what nobody can know yet: before the report, and of a session that
    is free for the client."""

    ticket: Ticket
    skill_label: str
    session: int
    cents: int | None


async def estimates_of(session: AsyncSession, person: KnownPerson) -> list[Estimate]:
    """Of the sessions that they held, oldest first."""
    earned = exists().where(Gain.ticket == Session.ticket, Gain.session == Session.number)
    rows = await session.execute(
        select(Ticket, Skill.label, Session.number, Report.billed_slices, TariffVersion)
        .join(Session, Session.ticket == Ticket.number)
        .join(Skill, Skill.code == Ticket.skill)
        .join(TariffVersion, TariffVersion.version == Ticket.tariff_version)
        .outerjoin(Report, and_(Report.ticket == Session.ticket, Report.session == Session.number))
        .where(tickets_of(person), Session.technician_id == person.id, Ticket.status.in_(OPEN), ~earned)
        .order_by(Session.started_at, Session.ticket)
    )
    return [
        Estimate(
            ticket,
            skill,
            number,
            as_tariff(tariff).gain_cents(slices) if slices is not None and number == FIRST else None,
        )
        for ticket, skill, number, slices, tariff in rows
    ]
