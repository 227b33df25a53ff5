"""What people say to a ticket, and what it answers: ids, enums, numbers and times only.

Texts, phone numbers and AnyDesk ids never travel: the API keeps them as erasable submissions and sends
their ids. All instants are timezone-aware business times.
"""

from dataclasses import dataclass, field
from datetime import datetime

from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours
from domain.resuming import Resumed
from domain.rulings import GainRuling, RulingKind
from domain.slots import SlotRules
from domain.tickets import Role, Status


@dataclass(frozen=True)
class Actor:
    """Who acts; `on_behalf_of` is the person for whom the back office acts."""

    id: str
    role: Role
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class TicketRequest:
    """The input of a ticket's workflow. The rules in force are frozen in it.

    Without `hold_id` no slot was asked: the client takes the first time from `start` on at which somebody
    is free, and `end` only says how long. `session_log` tells whether there is a log of remote control to
    measure sessions by. `opened_by` is the member of the back office who asked for the client on the phone.
    `resumed` is what the process goes on from, after Temporal has forgotten the one before.
    """

    number: str
    client_id: str
    skill: str
    hold_id: str | None
    start: datetime
    end: datetime
    ceiling_minutes: int
    submission_id: str
    deadlines: Deadlines = field(default_factory=Deadlines)
    hours: OpeningHours = field(default_factory=OpeningHours)
    slot_rules: SlotRules = field(default_factory=SlotRules)
    session_log: bool = False
    opened_by: Actor | None = None
    resumed: Resumed | None = None


@dataclass(frozen=True)
class Ask:
    """A command that says no more than who asks."""

    actor: Actor


@dataclass(frozen=True)
class AskBecause:
    """A command with its reason, kept as a submission: decline, cancel, incident."""

    actor: Actor
    submission_id: str | None = None


@dataclass(frozen=True)
class WithdrawalConfirmed:
    """`statement_version` is that of the statement which the client confirmed."""

    actor: Actor
    statement_version: str


@dataclass(frozen=True)
class RescheduleAsked:
    """The new beginning; the length stays that of the accepted ceiling."""

    actor: Actor
    start: datetime


@dataclass(frozen=True)
class ReassignAsked:
    """The back office gives the ticket to somebody, or to the fairest other one without `technician_id`."""

    actor: Actor
    submission_id: str
    technician_id: str | None = None


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
class ExtendAsked:
    """The longest duration that the client accepts from now on, in minutes: a higher ceiling."""

    actor: Actor
    ceiling_minutes: int


@dataclass(frozen=True)
class ReportFiled:
    actor: Actor
    declared_minutes: int
    submission_id: str


@dataclass(frozen=True)
class ReviewGiven:
    """`stars` 1 to 5; the comment (if any) is a submission. `satisfied` accepts the report under review; a
    review without it, or given before or beside a report to review, is an opinion that may be changed."""

    actor: Actor
    stars: int
    submission_id: str | None = None
    satisfied: bool = True


@dataclass(frozen=True)
class DisputeRaised:
    actor: Actor
    submission_id: str


@dataclass(frozen=True)
class RulingGiven:
    """How the back office ends a suspension; see `domain.rulings`. `minutes` is what is billed, where the
    kind needs it. `start` and `technician_id` are those of a free second session (the fairest technician, if
    none is named). `submission_id` holds the reason."""

    actor: Actor
    kind: RulingKind
    submission_id: str
    gains: tuple[GainRuling, ...] = ()
    minutes: int | None = None
    start: datetime | None = None
    technician_id: str | None = None


@dataclass(frozen=True)
class PayAsked:
    """Pay the invoice now, with the saved card. `return_url` is where the bank's page sends the client who
    has to confirm there; without it nobody is at the screen, and nothing can be confirmed."""

    actor: Actor
    return_url: str | None = None


@dataclass(frozen=True)
class WriteOffAsked:
    """The debt is given up. `submission_id` holds the reason."""

    actor: Actor
    submission_id: str


@dataclass(frozen=True)
class PaymentTried:
    """What a try to pay came to: accepted, refused with the provider's code, or to be confirmed with the
    bank at `confirm_url`."""

    refusal: str | None = None
    confirm_url: str | None = None


@dataclass(frozen=True)
class Answer:
    """What every update answers, once its write is committed. `accepted` is false for a wrong code, `payment`
    is given by a try to pay."""

    status: Status
    accepted: bool = True
    payment: PaymentTried | None = None
