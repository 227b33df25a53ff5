"""Which gains no run may claim for now: those of a ticket that is suspended, whose refund is being looked at,
or whose payment a bank is taking back."""

from sqlalchemy import ColumnElement, or_, select

from db.models.chargebacks import Chargeback
from db.models.refunds import RefundCase
from db.models.tickets import Ticket
from domain.chargebacks import OPEN
from domain.refunds import RefundStatus
from domain.tickets import Status


def is_held() -> ColumnElement[bool]:
    """Of the `Ticket` in the query."""
    asked_back = select(RefundCase.n).where(
        RefundCase.ticket == Ticket.number, RefundCase.status == RefundStatus.OPEN
    )
    taken_back = select(Chargeback.reference).where(
        Chargeback.ticket == Ticket.number, Chargeback.status.in_(OPEN)
    )
    return or_(
        Ticket.status == Status.SUSPENDED,
        asked_back.correlate(Ticket).exists(),
        taken_back.correlate(Ticket).exists(),
    )
