"""What is said to a ticket, and what it says to its activities: ids, enums, numbers and times only.

Texts, phone numbers and AnyDesk ids never travel: the API keeps them as erasable submissions and sends
their ids. All instants are timezone-aware business times, taken from the workflow's clock.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours
from domain.tariff import Tariff
from domain.tickets import Role, Status


@dataclass(frozen=True)
class Actor:
    """Who acts; `on_behalf_of` is the person for whom the back office acts."""

    id: str
    role: Role
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class TicketRequest:
    """The input of a ticket's workflow. The rules in force are frozen in it."""

    number: str
    client_id: str
    skill: str
    hold_id: str
    start: datetime
    end: datetime
    ceiling_minutes: int
    submission_id: str
    deadlines: Deadlines = field(default_factory=Deadlines)
    hours: OpeningHours = field(default_factory=OpeningHours)


# What people say: the argument of each update.


@dataclass(frozen=True)
class Ask:
    """A command that says no more than who asks: acknowledge, call, end."""

    actor: Actor


@dataclass(frozen=True)
class ConsentGiven:
    """Consent to remote control for the coming session. `submission_id` holds the AnyDesk id."""

    actor: Actor
    text_version: str
    submission_id: str


@dataclass(frozen=True)
class StartAsked:
    """The start of a session: the code that the client read to the technician."""

    actor: Actor
    code: str


@dataclass(frozen=True)
class ReportFiled:
    actor: Actor
    declared_minutes: int
    submission_id: str


@dataclass(frozen=True)
class ReviewGiven:
    """A satisfied client; `stars` 1 to 5, the comment (if any) is a submission."""

    actor: Actor
    stars: int
    submission_id: str | None = None


@dataclass(frozen=True)
class DisputeRaised:
    actor: Actor
    submission_id: str


@dataclass(frozen=True)
class Answer:
    """What every update answers, once its write is committed. `accepted` is false for a wrong code."""

    status: Status
    accepted: bool = True


# What the workflow says to its database activities. Each is one transaction, safe to repeat.


@dataclass(frozen=True)
class Act:
    """One journalled act on a ticket. `key` is unique per ticket: a second act with it changes nothing."""

    ticket: str
    key: str
    at: datetime
    actor: Actor


@dataclass(frozen=True)
class Book:
    act: Act
    request: TicketRequest


@dataclass(frozen=True)
class Booked:
    """`technician_id` is None when the slot was lost and nobody else is free: the ticket is to assign."""

    technician_id: str | None
    tariff: Tariff


@dataclass(frozen=True)
class RecordConsent:
    act: Act
    session: int
    text_version: str
    submission_id: str


@dataclass(frozen=True)
class StartSession:
    act: Act
    session: int
    code: str


@dataclass(frozen=True)
class StartChecked:
    """`wrong_codes` counts the refusals so far, this one included."""

    started: bool
    wrong_codes: int = 0


@dataclass(frozen=True)
class EndSession:
    act: Act
    session: int


@dataclass(frozen=True)
class FileReport:
    """One that is not `credible` suspends the ticket before any review."""

    act: Act
    session: int
    submission_id: str
    declared_minutes: int
    measured_minutes: int
    billed_slices: int
    credible: bool


@dataclass(frozen=True)
class Suspend:
    act: Act
    submission_id: str


@dataclass(frozen=True)
class Accept:
    """The intervention is accepted, by the client or by silence: gain born, invoice issued, at once."""

    act: Act
    session: int
    tariff: Tariff
    billed_slices: int
    billed_minutes: int
    stars: int | None = None
    review_submission_id: str | None = None


@dataclass(frozen=True)
class Accepted:
    invoice: str


@dataclass(frozen=True)
class ChargeInvoice:
    """`attempt` counts from 1; the same attempt repeated collects nothing more."""

    act: Act
    invoice: str
    attempt: int


@dataclass(frozen=True)
class ChargeAnswer:
    """`refusal` is the provider's code of a refused card, None when the money is on its way."""

    refusal: str | None = None


@dataclass(frozen=True)
class CheckPayment:
    act: Act
    invoice: str


class PaymentState(StrEnum):
    PAID = "paid"
    ON_ITS_WAY = "on_its_way"
    REFUSED = "refused"


@dataclass(frozen=True)
class PaymentFound:
    """What the provider answered when it was asked."""

    state: PaymentState


@dataclass(frozen=True)
class ChangeStatus:
    """A change that carries nothing else: unpaid, cancelled."""

    act: Act
    status: Status


@dataclass(frozen=True)
class Notify:
    """Tell those concerned of one event. `occasion` tells repeats of the same kind apart; the dates that are
    promised follow from the deadlines and hours frozen on the ticket."""

    ticket: str
    kind: str
    at: datetime
    deadlines: Deadlines
    hours: OpeningHours
    occasion: str = ""
