"""The tickets that wait for the back office, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chargebacks import Chargeback
from db.models.refunds import RefundCase
from db.models.tickets import JournalEntry, Session, Ticket
from db.reads.people import shown_name_of
from db.reads.tickets import Place, TicketRow, ticket_rows
from domain.chargebacks import ChargebackStatus
from domain.deadlines import Deadlines
from domain.refunds import RefundStatus
from domain.tickets import WRONG_CODES_BEFORE_ALERT, Command, Role, Status
from domain.waiting import Waiting


@dataclass(frozen=True)
class QueueRow:
    """`since` is when it began to wait, `taken_over_by` the name of who has a suspended one in hand. Until
    `answer_by` a bank waits for our answer."""

    row: TicketRow
    waiting: Waiting
    since: datetime
    taken_over_by: str | None
    answer_by: datetime | None


async def waiting_tickets(
    session: AsyncSession, now: datetime, deadlines: Deadlines, *, after: Place | None, limit: int
) -> list[QueueRow]:
    """Oldest appointment first, from the place `after` on; the gravest reason of each."""
    scheduled = Ticket.status == Status.SCHEDULED
    since = Ticket.appointment_start
    begun = select(Session.ticket).where(Session.ticket == Ticket.number)
    long = begun.where(Session.ended_at.is_(None), Session.started_at <= now - deadlines.long_session)
    ended = begun.where(Session.ended_at <= now - deadlines.report_overdue)
    asked_back = select(RefundCase.n).where(RefundCase.ticket == Ticket.number)
    taken_back = select(Chargeback.reference).where(*_to_answer())
    conditions = {
        Waiting.TO_ASSIGN: Ticket.status == Status.TO_ASSIGN,
        Waiting.SUSPENDED: Ticket.status == Status.SUSPENDED,
        Waiting.CHARGEBACK: taken_back.exists(),
        Waiting.REFUND_FAILED: asked_back.where(RefundCase.status == RefundStatus.FAILED).exists(),
        Waiting.REFUND: asked_back.where(RefundCase.status == RefundStatus.OPEN).exists(),
        Waiting.UNPAID: Ticket.status == Status.UNPAID,
        Waiting.WRONG_CODES: and_(scheduled, Ticket.wrong_codes >= WRONG_CODES_BEFORE_ALERT),
        Waiting.NOT_STARTED: and_(scheduled, since <= now - deadlines.not_started),
        Waiting.NO_CALL: and_(scheduled, Ticket.called_at.is_(None), since <= now - deadlines.no_call),
        Waiting.LONG_SESSION: and_(Ticket.status == Status.IN_SESSION, long.exists()),
        Waiting.REPORT_OVERDUE: and_(Ticket.status == Status.TO_REPORT, ended.exists()),
        Waiting.INCIDENT: _unanswered_incident(),
    }
    beginnings = _beginnings(deadlines)
    why = case(*((when, literal(name.value, String)) for name, when in conditions.items()))
    began = case(*((when, beginnings[name]) for name, when in conditions.items()))
    bank = select(func.min(Chargeback.answer_by)).where(*_to_answer()).scalar_subquery()
    columns = why, func.coalesce(began, since), shown_name_of(Ticket.taken_over_by), bank
    query = ticket_rows().add_columns(*columns).where(why.is_not(None))
    if after is not None:
        query = query.where(tuple_(Ticket.appointment_start, Ticket.number) > after)
    query = query.order_by(Ticket.appointment_start, Ticket.number).limit(limit)
    return [QueueRow(TicketRow(*row[:4]), Waiting(row[4]), *row[5:]) for row in await session.execute(query)]


def _to_answer() -> tuple[ColumnElement[bool], ...]:
    return Chargeback.ticket == Ticket.number, Chargeback.status == ChargebackStatus.TO_ANSWER


def _last(*where: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """When the last such act on the ticket was."""
    acts = select(func.max(JournalEntry.at)).where(JournalEntry.ticket == Ticket.number, *where)
    return acts.scalar_subquery()


def _unanswered_incident() -> ColumnElement[bool]:
    """A technician has called for help, and since then neither has the ticket moved on nor has anybody of
    the team done anything with it."""
    told = _last(JournalEntry.act == Command.INCIDENT.value)
    answered = _last(
        or_(JournalEntry.before != JournalEntry.after, JournalEntry.actor_role == Role.BACK_OFFICE)
    )
    return and_(Ticket.status != Status.CLOSED, told > func.coalesce(answered, Ticket.opened_at))


def _beginnings(deadlines: Deadlines) -> dict[Waiting, ColumnElement[datetime]]:
    """Since when each has been waiting."""
    came = _last(JournalEntry.after == Ticket.status, JournalEntry.before != JournalEntry.after)
    session_of = Session.ticket == Ticket.number
    begun = select(func.max(Session.started_at)).where(session_of).scalar_subquery()
    ended: ColumnElement[Any] = select(func.max(Session.ended_at)).where(session_of).scalar_subquery()
    asked_back = (
        select(func.min(RefundCase.opened_at))
        .where(
            RefundCase.ticket == Ticket.number,
            RefundCase.status.in_((RefundStatus.OPEN, RefundStatus.FAILED)),
        )
        .scalar_subquery()
    )
    taken_back = select(func.min(Chargeback.opened_at)).where(*_to_answer()).scalar_subquery()
    start = Ticket.appointment_start
    return {
        Waiting.TO_ASSIGN: came,
        Waiting.SUSPENDED: came,
        Waiting.CHARGEBACK: taken_back,
        Waiting.REFUND_FAILED: asked_back,
        Waiting.REFUND: asked_back,
        Waiting.UNPAID: came,
        Waiting.WRONG_CODES: _last(JournalEntry.act == "start_refused"),
        Waiting.NOT_STARTED: start + deadlines.not_started,
        Waiting.NO_CALL: start + deadlines.no_call,
        Waiting.LONG_SESSION: begun + deadlines.long_session,
        Waiting.REPORT_OVERDUE: ended + deadlines.report_overdue,
        Waiting.INCIDENT: _last(JournalEntry.act == Command.INCIDENT.value),
    }
