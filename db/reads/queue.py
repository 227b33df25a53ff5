"""The tickets that wait for the back office, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, and_, case, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chargebacks import Chargeback
from db.models.refunds import RefundCase
from db.models.tickets import Session, Ticket
from db.reads.tickets import Place, TicketRow, ticket_rows
from domain.chargebacks import ChargebackStatus
from domain.deadlines import Deadlines
from domain.refunds import RefundStatus
from domain.tickets import WRONG_CODES_BEFORE_ALERT, Status


class Waiting(StrEnum):
    """Why a ticket is in the queue."""

    TO_ASSIGN = "to_assign"
    SUSPENDED = "suspended"
    CHARGEBACK = "chargeback"
    REFUND_FAILED = "refund_failed"
    REFUND = "refund"
    UNPAID = "unpaid"
    WRONG_CODES = "wrong_codes"
    NOT_STARTED = "not_started"
    NO_CALL = "no_call"
    LONG_SESSION = "long_session"
    REPORT_OVERDUE = "report_overdue"


@dataclass(frozen=True)
class QueueRow:
    row: TicketRow
    waiting: Waiting


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
    taken_back = select(Chargeback.reference).where(
        Chargeback.ticket == Ticket.number, Chargeback.status == ChargebackStatus.TO_ANSWER
    )
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
    }
    why = case(*((when, literal(name.value, String)) for name, when in conditions.items()))
    query = ticket_rows().add_columns(why).where(why.is_not(None))
    if after is not None:
        query = query.where(tuple_(Ticket.appointment_start, Ticket.number) > after)
    query = query.order_by(Ticket.appointment_start, Ticket.number).limit(limit)
    return [QueueRow(TicketRow(*row[:4]), Waiting(row[4])) for row in await session.execute(query)]
