"""One intervention, as its pages need it."""

from dataclasses import dataclass
from datetime import datetime

from api.dependencies import Dependencies
from api.shapes.tickets import TicketView
from api.ticket_reading import read_with_file
from db.reads.people import KnownPerson
from db.reads.tariffs import as_tariff
from db.reads.ticket_file import TicketFile
from domain.appointments import proves_absence
from domain.duration import measured_minutes
from domain.errors import Refusal, Refused
from domain.ticket_steps import EndedBy
from domain.tickets import Command, Status, check_legal

# The only session that is paid for: what those after it earn, a ruling says.
FIRST = 1


@dataclass(frozen=True)
class Held:
    """The session that goes on: how many minutes it has lasted, and how many the client has accepted."""

    minutes: int
    ceiling_minutes: int
    started_at: datetime

    @property
    def left(self) -> int:
        return max(0, self.ceiling_minutes - self.minutes)


@dataclass(frozen=True)
class Seen:
    """`reachable_at` is from when on the client may be called, and is known. `calls` are those of this
    appointment, `measured` the minutes of the session that is over. `estimate_cents` is what the report would
    earn if it is accepted, VAT excluded."""

    view: TicketView
    reachable_at: datetime
    is_reachable: bool
    calls: list[datetime]
    is_absent: bool
    held: Held | None
    is_free: bool
    measured: int | None
    estimate_cents: int | None


async def read_intervention(
    given: Dependencies, person: KnownPerson, number: str, *, shows_contact: bool = False
) -> Seen:
    """Raises `Problem(TICKET_NOT_FOUND)`."""
    now = given.clock()
    view, file = await read_with_file(given, person, number, shows_contact=shows_contact)
    last = view.sessions[-1] if view.sessions else None
    held = None
    if last is not None and last.ended_at is None:
        minutes = measured_minutes(last.started_at, now, given.deadlines.minute)
        held = Held(minutes, view.ceiling_minutes, last.started_at)
    measured = None
    by = last.ended_by.code if last is not None and last.ended_by else None
    # What nobody ended was measured by nobody.
    if last is not None and last.ended_at is not None and by != EndedBy.TIMEOUT:
        measured = max(1, measured_minutes(last.started_at, last.ended_at, given.deadlines.minute))
    return Seen(
        view=view,
        reachable_at=view.start - given.deadlines.contact_window,
        is_reachable=view.phone is not None,
        calls=file.calls,
        is_absent=proves_absence(file.calls, view.start, given.deadlines.absence),
        held=held,
        is_free=bool(last and last.number > FIRST),
        measured=measured,
        estimate_cents=_estimate(view, file),
    )


def check_possible(seen: Seen, command: Command) -> None:
    """A page whose form could only be refused is not shown. Raises `Refused`."""
    check_legal(command, Status(seen.view.status.code))
    if command.value not in seen.view.actions:
        raise Refused(Refusal.NOT_ALLOWED_IN_STATUS)


def _estimate(view: TicketView, file: TicketFile) -> int | None:
    """None once it is earned, and for a free session, of which nobody knows yet."""
    report = view.report
    if report is None or report.session != FIRST or view.gain is not None:
        return None
    if view.status.code not in (Status.IN_REVIEW, Status.SUSPENDED):
        return None
    return as_tariff(file.tariff).gain_cents(report.billed_slices)
