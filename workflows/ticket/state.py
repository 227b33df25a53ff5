"""What a ticket's workflow remembers of it."""

from dataclasses import dataclass
from datetime import datetime

from domain.duration import measured_minutes
from domain.messages import TicketRequest
from domain.resuming import Resumed, ResumedSession
from domain.rulings import Bill, EarnedGain, GainRuling, ruled_slices
from domain.tariff import Tariff
from domain.ticket_steps import EndedBy, Evidence, Found
from domain.tickets import Outcome, Status


@dataclass
class HeldSession:
    """A session that has begun. `slices` are those of its report, `most_minutes` as many as a ruling may make
    of it, both None before it is filed; `born_slices` what its gains come to so far."""

    number: int
    technician_id: str
    started_at: datetime
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    logged_minutes: int | None = None
    slices: int | None = None
    most_minutes: int | None = None
    ruling: GainRuling | None = None
    born_slices: int = 0

    @classmethod
    def of(cls, known: ResumedSession) -> "HeldSession":
        ended_by = EndedBy(known.ended_by) if known.ended_by else None
        return cls(**{**vars(known), "ended_by": ended_by})

    def measured(self, request: TicketRequest) -> tuple[int | None, Evidence]:
        """How long it took, and how we know: the log of remote control, else our own stamps. An end set by
        time-out is no evidence."""
        if self.logged_minutes is not None:
            return self.logged_minutes, Evidence.SESSION_LOG
        if self.ended_at is None or self.ended_by is EndedBy.TIMEOUT:
            return None, Evidence.NONE
        minutes = measured_minutes(self.started_at, self.ended_at, request.deadlines.minute)
        return minutes, Evidence.STAMPS

    def earned_slices(self, tariff: Tariff) -> int:
        if self.ruling is not None:
            return ruled_slices(self.ruling, reported=self.slices, tariff=tariff)
        return self.slices or 0


class TicketState:
    """`session` is the number of the session under way or to come; those after the first are free. What the
    database remembers of a ticket that Temporal has forgotten is read by `db.reads.resuming`: whoever adds to
    this adds to that."""

    def __init__(self, request: TicketRequest) -> None:
        self.request = request
        self.deadlines = request.deadlines
        self.status = Status.REQUESTED
        self.outcome: Outcome | None = None
        self.technician_id: str | None = None
        self.tariff: Tariff | None = None
        self.ceiling_minutes = request.ceiling_minutes
        # The appointment.
        self.appointment_start, self.appointment_end = request.start, request.end
        self.flexible = request.hold_id is None
        self.sequence = 0
        self.acknowledged = False
        self.consented = False
        self.calls: list[datetime] = []
        self.capacity = False
        # The sessions, and what they come to.
        self.session = 1
        self.sessions: list[HeldSession] = []
        self.bill: Bill | None = None
        # Suspensions.
        self.suspensions = 0
        self.disputed = False
        self.withdrawn = False
        self.taken_over_at: datetime | None = None
        # Money.
        self.invoice: str | None = None
        # Invoices and credit notes that were issued and have no document yet.
        self.undocumented: list[str] = []
        self.nothing_due = False
        self.payment_changed = False
        self.tries = 0
        self.charges = 0
        self.refused_at: datetime | None = None
        if request.resumed is not None:
            self._resume(request.resumed)

    def _resume(self, known: Resumed) -> None:
        """What the database knows of it; see `domain.resuming`. Documents are issued by whoever goes on."""
        self.status = Status(known.status)
        self.technician_id, self.tariff = known.technician_id, known.tariff
        self.ceiling_minutes = known.ceiling_minutes
        self.appointment_start, self.appointment_end = known.start, known.end
        self.flexible, self.sequence = known.flexible, known.sequence
        self.acknowledged, self.consented, self.calls = known.acknowledged, known.consented, list(known.calls)
        self.session, self.sessions = known.session, [HeldSession.of(one) for one in known.sessions]
        self.bill = known.bill
        self.suspensions, self.disputed, self.withdrawn = known.suspensions, known.disputed, known.withdrawn
        self.taken_over_at = known.taken_over_at
        self.invoice, self.nothing_due = known.invoice, known.nothing_due
        self.tries, self.charges, self.refused_at = known.tries, known.charges, known.refused_at
        # Whatever was told meanwhile was told to nobody.
        self.capacity = self.status is Status.TO_ASSIGN
        self.payment_changed = self.status in {Status.INVOICED, Status.UNPAID}

    @property
    def is_free(self) -> bool:
        """Whether the session under way or to come is a free one, after a ruling."""
        return self.session > 1

    @property
    def held(self) -> HeldSession:
        """The session under way, or the last one."""
        return self.sessions[-1]

    def take(self, found: Found) -> None:
        """Another appointment: what was confirmed, called and agreed to for the one before is void."""
        self.technician_id = found.technician_id
        self.appointment_start, self.appointment_end = found.start, found.end
        self.sequence = found.sequence
        self.flexible = self.flexible and found.technician_id is None
        self.acknowledged = self.consented = False
        self.calls = []

    def agreed_tariff(self) -> Tariff:
        """The prices frozen at booking."""
        if self.tariff is None:
            raise RuntimeError("no tariff before the booking")
        return self.tariff

    def gains(self) -> tuple[EarnedGain, ...]:
        """What each session earns, as ruled or else as reported, beside what it has earned already: nothing
        for some, less than nothing where a ruling takes back."""
        tariff = self.agreed_tariff()
        earned = (
            EarnedGain(one.number, one.technician_id, one.earned_slices(tariff) - one.born_slices)
            for one in self.sessions
        )
        return tuple(gain for gain in earned if gain.slices)

    def gains_are_born(self) -> None:
        """What was just committed is what later rulings add to."""
        for one in self.sessions:
            one.born_slices = one.earned_slices(self.agreed_tariff())
