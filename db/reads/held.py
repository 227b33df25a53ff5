"""Which gains no run may claim for now: their ticket is suspended, or its refund is being looked at."""

from sqlalchemy import ColumnElement, or_, select

from db.models.refunds import RefundCase
from db.models.tickets import Ticket
from domain.refunds import RefundStatus
from domain.tickets import Status


def is_held() -> ColumnElement[bool]:
    """Of the `Ticket` in the query."""
    asked_back = select(RefundCase.n).where(
        RefundCase.ticket == Ticket.number, RefundCase.status == RefundStatus.OPEN
    )
    return or_(Ticket.status == Status.SUSPENDED, asked_back.correlate(Ticket).exists())
