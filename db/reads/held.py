"""Which gains no run may claim for now: those of a ticket that is suspended, whose refund is being looked at,
or whose payment a bank is taking back."""

from sqlalchemy import ColumnElement, and_, exists, or_

from db.models.chargebacks import Chargeback
from db.models.money import Gain
from db.models.refunds import RefundCase
from db.models.tickets import Ticket
from domain.chargebacks import OPEN
from domain.refunds import RefundStatus
from domain.tickets import Status


def is_held() -> ColumnElement[bool]:
    """Of the `Gain` in the query."""
    return or_(*_holding())


def is_free() -> ColumnElement[bool]:
    """The contrary, in the words that a database plans best: each is a join with what is not there."""
    return and_(*(~condition for condition in _holding()))


def _holding() -> tuple[ColumnElement[bool], ...]:
    return (
        exists().where(Ticket.number == Gain.ticket, Ticket.status == Status.SUSPENDED),
        exists().where(RefundCase.ticket == Gain.ticket, RefundCase.status == RefundStatus.OPEN),
        exists().where(Chargeback.ticket == Gain.ticket, Chargeback.status.in_(OPEN)),
    )
