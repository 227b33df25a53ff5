"""Months of payouts: which one a run pays, and up to when."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.errors import Refusal, Refused
from domain.opening_hours import PARIS, paris_month

# Our own code beside the provider's refusals: it could not be asked for hours, so it has not answered.
PROVIDER_UNAVAILABLE = "provider_unavailable"
# The provider's: it has not enough of our money now, and will have more as clients' payments arrive.
BALANCE_INSUFFICIENT = "balance_insufficient"
# How long a scheduled run waits for that. One asked for by hand tells at once instead.
LONGEST_SHORTAGE = timedelta(days=7)
# When it begins, in Paris: on the first of the month, for the month before.
RUN_DAY, RUN_HOUR = 1, 3
# After that a statement which is not paid is told by the invariants.
SENT_WITHIN = LONGEST_SHORTAGE


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month of Paris time."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def start(self) -> datetime:
        """The first instant of the month, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=PARIS).astimezone(UTC)

    def previous(self) -> "Month":
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)

    def next(self) -> "Month":
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)


def parse_month(text: str) -> Month:
    """`YYYY-MM`. Raises `Refused(INVALID_MONTH)`."""
    match = re.fullmatch(r"([2-9]\d{3})-(0[1-9]|1[0-2])", text, re.ASCII)
    if match is None:
        raise Refused(Refusal.INVALID_MONTH)
    return Month(int(match[1]), int(match[2]))


def scheduled_month(scheduled_at: datetime) -> Month:
    """The month that a scheduled run pays: the calendar month before its nominal time, in Paris."""
    return parse_month(paris_month(scheduled_at)).previous()


def next_run(now: datetime) -> datetime:
    """When the next scheduled run begins, in Paris: it pays the month that is over then."""
    month = parse_month(paris_month(now))
    for one in (month, month.next()):
        begins = datetime(one.year, one.number, RUN_DAY, RUN_HOUR, tzinfo=PARIS)
        if now < begins:
            return begins
    raise AssertionError("the run of the next month is to come")


def cut_off(month: Month, now: datetime) -> datetime:
    """Gains accepted before this instant are paid: the month's end, or now while the month is open.

    Raises `Refused(FUTURE_MONTH)` for a month that has not begun.
    """
    if now < month.start:
        raise Refused(Refusal.FUTURE_MONTH, month=str(month))
    return min(month.next().start, now)


@dataclass(frozen=True)
class TechnicianPaid:
    """What a run did for one technician: `paid_cents` sent by it, `ordered_cents` handed over to the bank,
    `failure` a stable code or None."""

    technician_id: str
    paid_cents: int
    failure: str | None = None
    ordered_cents: int = 0


# A run shows so many of its failures; all are in its result.
MOST_SHOWN = 20


@dataclass
class Tally:
    """What a run has done so far, added up as it goes; the first failures of all by name."""

    technicians: int = 0
    paid_cents: int = 0
    ordered_cents: int = 0
    failures: int = 0
    shown: list[TechnicianPaid] = field(default_factory=list)

    @classmethod
    def of(cls, paid: Iterable[TechnicianPaid]) -> "Tally":
        tally = cls()
        for one in paid:
            tally.add(one)
        return tally

    def add(self, one: TechnicianPaid) -> None:
        self.technicians += 1
        self.paid_cents += one.paid_cents
        self.ordered_cents += one.ordered_cents
        if one.failure is not None:
            self.failures += 1
            if len(self.shown) < MOST_SHOWN:
                self.shown.append(one)


@dataclass(frozen=True)
class PayoutRunRequest:
    """The input of a payout run. `key` is what asked for it (a person's request or a schedule's time):
    a run asked twice with one key is one run. `reason_id` is the submission that says why, if anybody did.
    `technician_id` narrows it to one technician. Until `waits_until` it waits for a balance that is too
    small; without, it does not wait. `done` is what the run tells itself when it continues in a new
    history."""

    month: str
    key: str
    actor_id: str
    reason_id: str | None = None
    technician_id: str | None = None
    waits_until: datetime | None = None
    done: tuple[TechnicianPaid, ...] = ()


@dataclass(frozen=True)
class PayoutRunProgress:
    """A run under way: how many technicians it is for, and what it did for those it has dealt with.
    `waits_until` tells that it waits for the provider to have enough of our money, and how long at most."""

    n: int
    technicians: int
    done: tuple[TechnicianPaid, ...]
    waits_until: datetime | None = None


@dataclass(frozen=True)
class PayoutRunResult:
    """`file` is the message id of the file of transfers that it made for the bank, if any."""

    month: str
    n: int
    technicians: tuple[TechnicianPaid, ...]
    file: str | None = None
