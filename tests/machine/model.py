"""What a ticket must do, said a second time and briefly: who may do what when, what follows, what time alone
brings, and what it comes to. It knows nothing of `domain/tickets.py`, and follows the journal row by row."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

MAY = {
    "to_assign": "reschedule cancel withdraw reassign",
    "scheduled": "reschedule cancel withdraw reassign consent acknowledge decline call start absent incident",
    "in_session": "withdraw extend stop dispute end incident",
    "to_report": "review dispute report incident",
    "in_review": "review dispute incident",
    "suspended": "review dispute incident take_over ruling",
    "invoiced": "dispute incident",
    "unpaid": "dispute incident",
}
OF_CLIENT = ["reschedule", "cancel", "withdraw", "consent", "extend", "stop", "review", "dispute"]
OF_TECHNICIAN = ["acknowledge", "decline", "call", "start", "end", "absent", "report", "incident"]
OF_BACK_OFFICE = ["reassign", "take_over", "ruling"]
COMMANDS = (*OF_CLIENT, *OF_TECHNICIAN, *OF_BACK_OFFICE)
# Who asks: `on_behalf` is the back office for the client, the strangers another client and technician.
ACTORS = ("client", "technician", "back_office", "on_behalf", "stranger", "other_technician")
ALLOWED = {
    **dict.fromkeys(OF_CLIENT, ("client", "on_behalf")),
    **dict.fromkeys(OF_TECHNICIAN, ("technician",)),
    **dict.fromkeys(OF_BACK_OFFICE, ("back_office",)),
}
# What time (or a signal) may bring: how long after the status was entered at the earliest, and to which.
BY_ITSELF = {
    ("book", "requested"): (timedelta(0), "scheduled to_assign"),
    ("silence", "scheduled"): (timedelta(minutes=10), "scheduled to_assign"),
    ("no_call", "scheduled"): (timedelta(minutes=10), "scheduled to_assign"),
    ("unavailable", "scheduled"): (timedelta(0), "scheduled to_assign"),
    ("capacity", "to_assign"): (timedelta(0), "scheduled"),
    ("cancel", "to_assign"): (timedelta(days=7), "closed suspended"),
    ("end", "in_session"): (timedelta(hours=12), "to_report"),
    ("accept", "in_review"): (timedelta(hours=72), "invoiced closed"),
    ("charge", "invoiced"): (timedelta(0), "invoiced"),
    # One that was on its way when the client disputed.
    ("charge", "suspended"): (timedelta(0), "suspended"),
    ("unpaid", "invoiced"): (timedelta(0), "unpaid"),
    ("waived", "invoiced"): (timedelta(0), "closed"),
    ("paid", "invoiced"): (timedelta(0), "closed"),
    ("paid", "unpaid"): (timedelta(0), "closed"),
}
# How long a status lasts at most when nobody acts.
LONGEST = {
    "to_assign": timedelta(days=7),
    "in_session": timedelta(hours=12),
    "in_review": timedelta(hours=72),
}
# Between two clocks that are read one after the other, and for a step to be carried out.
SLACK = timedelta(seconds=30)
PLACINGS = ("reschedule", "reassign", "decline", "silence", "no_call", "unavailable", "capacity", "rework")
SLICE_CENTS, GAIN_CENTS = 1500, 800
# After the invoice: when each try of the card after the first is due.
RETRIES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))


@dataclass(frozen=True)
class Gain:
    """A ruling on one session's gain: full, reduced to `minutes`, or none."""

    session: int
    kind: str
    minutes: int | None = None


@dataclass(frozen=True)
class Given:
    """One command, by whom, and what was said with it; each command minds what concerns it."""

    command: str
    who: str
    start: datetime | None = None
    minutes: int | None = None
    satisfied: bool = True
    right: bool = True
    kind: str = "waive"
    gains: tuple[Gain, ...] = ()
    technician: str | None = None
    by: str | None = None
    """The technician who had the ticket when the command was sent."""


@dataclass(frozen=True)
class Row:
    """One line of the journal."""

    key: str
    at: datetime
    role: str
    act: str
    before: str
    after: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Held:
    """A session that began: its technician, its stamps, and the slices it was reported or ruled to earn;
    `most` is how many minutes a ruling may make of it, None without a report."""

    technician: str
    started: datetime
    ended: datetime | None = None
    timed_out: bool = False
    reported: int | None = None
    most: int | None = None
    ruled: int | None = None

    @property
    def slices(self) -> int:
        return (self.reported or 0) if self.ruled is None else self.ruled


@dataclass(frozen=True)
class Appointment:
    """One hour with one technician, in force from `since` until `until`."""

    since: datetime
    start: datetime
    until: datetime | None = None


@dataclass
class Model:
    start: datetime
    ceiling: int
    flexible: bool
    status: str = "requested"
    outcome: str | None = None
    since: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    technician: str | None = None
    session: int = 1
    acknowledged: bool = False
    consented: bool = False
    calls: tuple[datetime, ...] = ()
    held: dict[int, Held] = field(default_factory=dict)
    bill: tuple[int, int] | None = None
    disputed: bool = False
    withdrawn: bool = False
    suspensions: int = 0
    told_of: int = 0
    """The suspensions before the ticket was last at rest: of them all, everybody was told."""
    brief: int = 0
    """Those that ended before that: they need not be told."""
    invoice: int | None = None
    """The slices of the invoice, and those that were credited of them since."""
    credited: int = 0
    invoiced_at: datetime | None = None
    attempt: int = 0
    fresh: bool = False
    """Nothing was charged yet since the invoice, or since the ruling that followed it."""
    gains: dict[int, tuple[str, int]] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.ceiling)

    @property
    def due(self) -> int:
        """Slices."""
        return (self.invoice or 0) - self.credited

    def unruled(self) -> list[int]:
        return [number for number, one in self.held.items() if one.ruled is None]

    # What is answered: the status after it, or the code of the refusal.

    def expected(self, given: Given, now: datetime) -> set[str]:
        if self.status == "closed":
            return {"ticket_closed", "over"}
        if given.command not in MAY[self.status].split():
            return {"not_allowed_in_status"}
        # Passed on meanwhile, or nobody's: a free session that nobody took was ruled away.
        not_theirs = given.who == "technician" and (self.technician is None or given.by != self.technician)
        if given.who not in ALLOWED[given.command] or not_theirs:
            return {"not_your_ticket"}
        particular = getattr(self, f"_{given.command}", None)
        return particular(given, now) if particular else {self.status}

    def _reschedule(self, given: Given, now: datetime) -> set[str]:
        assert given.start is not None
        if given.start <= now:
            return {"appointment_passed"}
        late = now > self.start - timedelta(hours=2)
        if given.who == "client" and self.status == "scheduled" and late:
            return {"too_late_to_reschedule"}
        return {"scheduled", "slot_taken"}

    def _reassign(self, given: Given, now: datetime) -> set[str]:
        passed = not self.flexible and self.end <= now
        return {"appointment_passed"} if passed else {"scheduled", "technician_not_free"}

    def _cancel(self, given: Given, now: datetime) -> set[str]:
        return {"suspended" if self.session > 1 else "closed"}

    def _withdraw(self, given: Given, now: datetime) -> set[str]:
        if self.session > 1:
            return {"withdrawal_over"}
        return {"suspended" if self.status == "in_session" else "closed"}

    def _decline(self, given: Given, now: datetime) -> set[str]:
        return {"scheduled", "to_assign"}

    def _call(self, given: Given, now: datetime) -> set[str]:
        return {"too_early" if now < self.start - timedelta(minutes=15) else "scheduled"}

    def _start(self, given: Given, now: datetime) -> set[str]:
        if now < self.start - timedelta(minutes=15):
            return {"too_early"}
        if not self.consented:
            return {"consent_missing"}
        return {"in_session" if given.right else "wrong_code"}

    def _absent(self, given: Given, now: datetime) -> set[str]:
        calls = [call for call in self.calls if call >= self.start]
        if len(calls) < 3 or calls[-1] - calls[0] < timedelta(minutes=15):
            return {"calls_missing"}
        return {"suspended" if self.session > 1 else "closed"}

    def _extend(self, given: Given, now: datetime) -> set[str]:
        raised = self.ceiling < (given.minutes or 0) <= 240
        return {"in_session", "technician_booked_next"} if raised else {"ceiling_not_raised"}

    def _end(self, given: Given, now: datetime) -> set[str]:
        return {"to_report"}

    _stop = _end

    def _report(self, given: Given, now: datetime) -> set[str]:
        return {"in_review" if self._duration(given.minutes or 0)[2] else "suspended"}

    def _review(self, given: Given, now: datetime) -> set[str]:
        if self.status != "in_review" or not given.satisfied:
            return {self.status}
        return {self._accepted()}

    def _most(self, session: int) -> int:
        most = self.held[session].most
        return self.ceiling if most is None else most

    def _accepted(self) -> str:
        return "invoiced" if self.bill or self.invoice is not None else "closed"

    def _dispute(self, given: Given, now: datetime) -> set[str]:
        return {"suspended"}

    def _ruling(self, given: Given, now: datetime) -> set[str]:
        if self.withdrawn and given.kind != "waive":
            return {"nothing_billable"}
        if given.kind == "rework" and self.session > 2:
            return {"reworks_exhausted"}
        if given.kind == "rework" and (given.start is None or given.start <= now):
            return {"appointment_passed"}
        if sorted(gain.session for gain in given.gains) != self.unruled():
            return {"gain_rulings"}
        for gain in given.gains:
            if gain.kind == "full" and self.held[gain.session].reported is None:
                return {"report_missing"}
            if (gain.kind == "reduced") != (gain.minutes is not None):
                return {"gain_rulings"}
            if gain.minutes is not None and gain.minutes > self._most(gain.session):
                return {"gain_rulings"}
        if given.kind == "reduce":
            if given.minutes is None or not 1 <= given.minutes <= self._most(1):
                return {"ruling_minutes"}
        elif given.minutes is not None:
            return {"ruling_minutes"}
        if given.kind == "bill" and self.bill is None:
            return {"report_missing"}
        if given.kind == "rework":
            return {"scheduled", "technician_not_free"}
        if self.invoice is not None:
            return {"invoiced"}
        return {"closed" if given.kind == "waive" else "invoiced" if self.disputed else "in_review"}

    def _duration(self, declared: int) -> tuple[int, int, bool]:
        """The minutes and slices of a report, and whether they can be believed."""
        one = self.held[self.session]
        assert one.ended is not None
        measured = declared if one.timed_out else ceil((one.ended - one.started) / timedelta(minutes=1))
        excess = declared - measured
        believed = not one.timed_out and not (excess > 3 and excess * 10 > measured)
        slices = min(started_slices(declared), started_slices(measured), self.ceiling // 15)
        return min(declared, measured, self.ceiling), slices, believed

    def may_bring(self, row: Row) -> bool:
        """Whether the line can have come by itself."""
        if (row.act, row.before) not in BY_ITSELF or (row.act == "silence" and self.acknowledged):
            return False
        if row.act in ("silence", "no_call") and self.calls:
            return False
        least, afters = BY_ITSELF[row.act, row.before]
        if row.act == "accept":
            afters = self._accepted()
        if row.act in ("charge", "unpaid", "waived") and not self._money_may(row):
            return False
        if row.act == "cancel":
            afters = "suspended" if self.session > 1 else "closed"
        return row.after in afters.split() and row.at >= self.since + least - SLACK

    def _money_may(self, row: Row) -> bool:
        """The card is tried at once, then when the calendar says; no try is left before it is unpaid. What is
        wholly credited is neither charged nor owed."""
        if row.act == "waived":
            return not self.due
        if row.act == "unpaid":
            return self.due > 0 and self.attempt > len(RETRIES)
        if self.status == "suspended":
            return row.at <= self.since + SLACK
        assert self.invoiced_at is not None
        attempt = int(row.details["attempt"])
        on_time = self.fresh or row.at >= self.invoiced_at + RETRIES[attempt - 2] - SLACK
        return self.due > 0 and attempt > self.attempt and on_time

    # What follows from one line of the journal.

    def follow(self, row: Row, given: Given | None) -> None:
        """`given` is the command that the line is about; None for what came by itself."""
        if row.act == "book":
            self.technician = row.details["technician"] or None
            if self.technician:
                self.appointments.append(Appointment(row.at, self.start))
        if row.act in PLACINGS:
            self._placed(row, given)
        if given is not None and given.command in ("acknowledge", "consent", "call", "dispute"):
            self.acknowledged |= given.command == "acknowledge"
            self.consented |= given.command == "consent"
            self.disputed |= given.command == "dispute"
            self.calls += (row.at,) if given.command == "call" else ()
        if row.act == "extend":
            self.ceiling = int(row.details["ceiling_minutes"])
        if row.act == "report":
            assert given is not None
            minutes, slices, believed = self._duration(given.minutes or 0)
            most = min(minutes if believed else given.minutes or 0, self.ceiling)
            self.held[self.session] = replace(self.held[self.session], reported=slices, most=most)
            if self.session == 1:
                self.bill = (minutes, slices)
        if row.act == "charge":
            self.attempt, self.fresh = int(row.details["attempt"]), False
        if given is not None and given.command == "ruling":
            self._ruled(given)
        if row.after != self.status:
            self._entered(row)

    def _placed(self, row: Row, given: Given | None) -> None:
        self._leave(row.at)
        self.session += 1 if row.act == "rework" else 0
        self.technician = row.details["technician"] or None
        self.start = datetime.fromisoformat(row.details["start"])
        self.flexible = self.flexible and self.technician is None and row.act != "reschedule"
        self.acknowledged, self.consented, self.calls = False, False, ()
        self.since = row.at
        if self.technician:
            self.appointments.append(Appointment(row.at, self.start))

    def _leave(self, at: datetime) -> None:
        if self.appointments and self.appointments[-1].until is None:
            self.appointments[-1] = replace(self.appointments[-1], until=at)

    def _ruled(self, given: Given) -> None:
        for gain in given.gains:
            one = self.held[gain.session]
            earned = {"full": one.reported or 0, "none": 0, "reduced": started_slices(gain.minutes or 0)}
            self.held[gain.session] = replace(one, ruled=earned[gain.kind])
        if given.kind == "waive":
            self.bill = None
        if given.kind == "reduce":
            assert given.minutes is not None
            self.bill = (given.minutes, min(started_slices(given.minutes), self.ceiling // 15))

    def _entered(self, row: Row) -> None:
        before, self.status, self.since = self.status, row.after, row.at
        if before == "suspended" and self.suspensions > self.told_of:
            self.brief += 1
        if before == "scheduled" and row.after != "scheduled":
            self._leave(row.at)
        if before == "in_session":
            ended = replace(self.held[self.session], ended=row.at, timed_out=row.role == "system")
            self.held[self.session] = ended
            self.withdrawn |= row.act == "withdraw"
        match row.after:
            case "in_session":
                assert self.technician is not None
                self.held[self.session] = Held(self.technician, row.at)
            case "suspended":
                self.suspensions += 1
            case "invoiced":
                self._owed(row.at)
                self._earn()
            case "closed":
                if before not in ("invoiced", "unpaid") and row.act in ("ruling", "accept"):
                    self._earn()
                self.outcome = self._outcome(row.act)

    def _owed(self, at: datetime) -> None:
        """One invoice; later rulings credit what is owed less, and never add anything."""
        slices = self.bill[1] if self.bill else 0
        self.fresh = True
        if self.invoice is None:
            self.invoice, self.invoiced_at = slices, at
        else:
            self.credited += max(0, self.due - slices)

    def _earn(self) -> None:
        self.gains = {n: (one.technician, one.slices) for n, one in self.held.items() if one.slices}

    def _outcome(self, act: str) -> str:
        if act in ("ruling", "accept"):
            return "withdrawn" if self.withdrawn else "waived"
        if act == "paid":
            return "paid" if self.due else "waived"
        return {
            "cancel": "cancelled",
            "withdraw": "withdrawn",
            "absent": "client_absent",
            "waived": "waived",
        }[act]


def started_slices(minutes: int) -> int:
    return max(1, ceil((minutes - 2) / 15))


def journalled_as(given: Given, after: str, *, invoiced: bool) -> str:
    """The name under which an accepted command is journalled; `invoiced` when there was an invoice before."""
    if given.command == "review" and after in ("invoiced", "closed"):
        return "accept"
    if given.command == "ruling" and given.kind == "rework":
        return "rework"
    if given.command == "ruling" and after == "invoiced" and not invoiced:
        return "accept"
    if given.command == "start" and not given.right:
        return "start_refused"
    return given.command
