"""Which gains no run may claim for now: those of a ticket that is suspended, whose refund is being looked at,
or whose payment a bank is taking back."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, or_

from db.models.chargebacks import Chargeback
from db.models.money import Gain
from db.models.refunds import RefundCase
from db.models.tickets import Ticket
from domain.chargebacks import OPEN
from domain.refunds import RefundStatus
from domain.tickets import Status


class Holding(StrEnum):
    """What must end before the gain is paid."""

    SUSPENDED = "suspended"
    REFUND = "refund"
    CHARGEBACK = "chargeback"


def why_held() -> ColumnElement[str | None]:
    """A `Holding`, of the `Gain` in the query; null for one that is free."""
    return case(*((condition, kind.value) for kind, condition in zip(Holding, _holding(), strict=True)))


def is_held() -> ColumnElement[bool]:
    return or_(*_holding())


def is_free() -> ColumnElement[bool]:
    """Whether nothing holds it, in the words that a database plans best: each is a join with what is not
    there."""
    return and_(*(~condition for condition in _holding()))


def _holding() -> tuple[ColumnElement[bool], ...]:
    return (
        exists().where(Ticket.number == Gain.ticket, Ticket.status == Status.SUSPENDED),
        exists().where(RefundCase.ticket == Gain.ticket, RefundCase.status == RefundStatus.OPEN),
        exists().where(Chargeback.ticket == Gain.ticket, Chargeback.status.in_(OPEN)),
    )
