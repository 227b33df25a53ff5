"""Leaving: an account is erased, what the law has us keep goes into the archive, the rest names nobody.

Sources: GDPR, art. 12(3) (a month to answer) and 17(3)(b) (what the law obliges us to keep); accounting
documents are kept for ten years (code de commerce, art. L. 123-22).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.errors import Refusal, Refused
from domain.messages import Actor
from domain.opening_hours import PARIS
from domain.tickets import Role

# To change one's mind.
REFLECTION = timedelta(days=30)
# What holds an erasure up is looked at again so often; people ask by reading it, which looks at once.
LOOKED_AT_EVERY = timedelta(days=1)
# The team's own accounts are closed by who runs the service: what they did is a journal that must stay true.
WHO_LEAVES = frozenset({Role.CLIENT, Role.TECHNICIAN})


class AskedBy(StrEnum):
    """How the person asked; by phone or by mail, the back office opens it for them."""

    PERSON = "person"
    PHONE = "phone"
    MAIL = "mail"


class Awaited(StrEnum):
    """What must be settled before anything is erased."""

    TICKET = "ticket"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    DOCUMENT = "document"
    DEBT = "debt"
    GAINS = "gains"
    PAYOUT = "payout"
    CONTEST = "contest"
    DECLARATION = "declaration"


class ErasureStep(StrEnum):
    """Where an erasure stands: in its 30 days, waiting for something to be settled, withdrawn, or done."""

    REFLECTION = "reflection"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class ErasureMail(StrEnum):
    ASKED = "erasure_asked"
    WITHDRAWN = "erasure_withdrawn"
    CERTIFICATE = "erasure_certificate"
    FAILED = "erasure_failed"
    """To the team."""


@dataclass(frozen=True)
class Outstanding:
    """`reference` is the number of a ticket or document, the key of a payout, a year; None for all gains."""

    what: Awaited
    reference: str | None = None


@dataclass(frozen=True)
class ErasureRequest:
    """The input of an erasure's workflow. `key` is that of the request, and names the erasure for ever."""

    person_id: str
    key: str
    actor: Actor
    at: datetime
    asked_by: AskedBy


@dataclass(frozen=True)
class ErasureOpened:
    """`key` names the erasure that is open, whichever request opened it."""

    key: str


@dataclass(frozen=True)
class ErasureWithdrawn:
    actor: Actor


@dataclass(frozen=True)
class WithdrawErasure:
    key: str
    actor: Actor
    at: datetime


@dataclass(frozen=True)
class Erase:
    """`at` is the business time."""

    key: str
    at: datetime


@dataclass(frozen=True)
class Settled:
    """What still holds it up; nothing once the person is erased."""

    outstanding: tuple[Outstanding, ...] = ()


@dataclass(frozen=True)
class OfErasure:
    """A step of that erasure that needs to know no more."""

    key: str


@dataclass(frozen=True)
class TellOfErasure:
    key: str
    mail: ErasureMail


def check_may_leave(role: Role) -> None:
    """Raises `Refused(ERASURE_OF_STAFF)`."""
    if role not in WHO_LEAVES:
        raise Refused(Refusal.ERASURE_OF_STAFF)


def step_of(
    *, due_at: datetime, withdrawn_at: datetime | None, erased_at: datetime | None, now: datetime
) -> ErasureStep:
    if withdrawn_at is not None:
        return ErasureStep.WITHDRAWN
    if erased_at is not None:
        return ErasureStep.ERASED
    return ErasureStep.REFLECTION if now < due_at else ErasureStep.WAITING


def declared_from(year: int) -> datetime:
    """The first instant after the last day on which the payments of that year are declared, 31 January."""
    return datetime.combine(date(year + 1, 2, 1), time(), PARIS)
