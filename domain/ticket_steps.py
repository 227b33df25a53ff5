"""What a ticket's workflow says to its activities, and what they answer. Each step is one transaction, safe
to repeat; all instants are business times, taken from the workflow's clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.messages import Actor, TicketRequest
from domain.opening_hours import OpeningHours
from domain.rulings import EarnedGain, GainRuling, RulingKind
from domain.slots import SlotRules
from domain.tariff import Tariff
from domain.tickets import Outcome, Status


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
    """`technician_id` is None when the slot was lost and nobody else is free: the ticket is to assign. The
    time is the one that was asked, or the first that was free where any would do."""

    technician_id: str | None
    tariff: Tariff
    start: datetime
    end: datetime


class Cause(StrEnum):
    """Why a technician is sought for a ticket that has none, or no longer keeps the one it had."""

    RESCHEDULE = "reschedule"
    REASSIGN = "reassign"
    DECLINE = "decline"
    SILENCE = "silence"
    NO_CALL = "no_call"
    UNAVAILABLE = "unavailable"
    CAPACITY = "capacity"
    REWORK = "rework"


@dataclass(frozen=True)
class Rule:
    """The ruling itself. The status that it leads to comes with it, or with the step that follows."""

    act: Act
    kind: RulingKind
    submission_id: str
    minutes: int | None
    gains: tuple[GainRuling, ...]


@dataclass(frozen=True)
class FindTechnician:
    """Book somebody for [start, end) in place of whoever has the ticket now.

    With `flexible` the first time from `start` on will do, and `end` only says how long. `preferred` comes
    first if they are free and were not struck out; with `only_preferred` nobody else will do, and nothing
    changes unless they are free. `keep_if_nobody` changes nothing either when nobody is found.
    """

    act: Act
    cause: Cause
    session: int
    start: datetime
    end: datetime
    hours: OpeningHours
    slot_rules: SlotRules
    flexible: bool = False
    preferred: str | None = None
    only_preferred: bool = False
    keep_if_nobody: bool = False
    submission_id: str | None = None
    ruling: Rule | None = None


@dataclass(frozen=True)
class Found:
    """`changed` false: nobody suitable, and nothing was changed. `technician_id` None: to assign."""

    changed: bool
    technician_id: str | None
    start: datetime
    end: datetime
    sequence: int


@dataclass(frozen=True)
class RecordReason:
    """An act that changes nothing but the journal, with its reason."""

    act: Act
    name: str
    submission_id: str | None


@dataclass(frozen=True)
class RecordConsent:
    """`sequence` names the appointment consented to: a new time or technician asks for a new consent."""

    act: Act
    session: int
    sequence: int
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


class EndedBy(StrEnum):
    """What ended a session. Only `timeout` is no evidence of when it really ended."""

    TECHNICIAN = "technician"
    CLIENT = "client"
    DISPUTE = "dispute"
    WITHDRAWAL = "withdrawal"
    TIMEOUT = "timeout"


@dataclass(frozen=True)
class EndSession:
    act: Act
    session: int
    ended_by: EndedBy


@dataclass(frozen=True)
class Extend:
    act: Act
    session: int
    ceiling_minutes: int
    until: datetime


@dataclass(frozen=True)
class Extended:
    """False when the technician is booked next."""

    extended: bool


class Evidence(StrEnum):
    """What a session's measured duration comes from."""

    STAMPS = "stamps"
    SESSION_LOG = "session_log"
    NONE = "none"


@dataclass(frozen=True)
class FileReport:
    """One that is not `credible` suspends the ticket before any review."""

    act: Act
    session: int
    submission_id: str
    declared_minutes: int
    measured_minutes: int
    evidence: Evidence
    billed_slices: int
    credible: bool


@dataclass(frozen=True)
class RecordReview:
    act: Act
    stars: int
    submission_id: str | None


@dataclass(frozen=True)
class Suspend:
    act: Act
    submission_id: str
    session: int


@dataclass(frozen=True)
class SuspendWithoutDispute:
    """Back to the back office: a free session that did not take place, or a withdrawal whose gain is to be
    ruled. `name` is the act's, `statement` the version of what a withdrawing client confirmed."""

    act: Act
    name: str
    session: int
    submission_id: str | None = None
    statement: str | None = None


@dataclass(frozen=True)
class Resume:
    """A ruling on a duration nobody had accepted yet: the client reviews what was ruled."""

    act: Act
    ruling: Rule


@dataclass(frozen=True)
class Close:
    """The end of a ticket without an invoice. `name` is the act's; gains and a ruling come with a waiver,
    `statement`, the version of what the client confirmed, with a withdrawal."""

    act: Act
    name: str
    outcome: Outcome
    session: int
    submission_id: str | None = None
    statement: str | None = None
    tariff: Tariff | None = None
    gains: tuple[EarnedGain, ...] = ()
    review: RecordReview | None = None
    ruling: Rule | None = None


@dataclass(frozen=True)
class ChangeStatus:
    """A change that carries nothing else: unpaid."""

    act: Act
    status: Status
