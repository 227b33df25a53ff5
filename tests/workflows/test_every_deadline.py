"""Every deadline, with production's figures: when it falls due, whom it tells, and what it does, once.

The hours are written out here, and not taken from `domain/deadlines.py`. Where working time counts, a week
without a holiday is gone to, and its opening hours are the real ones.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest

from domain.deadlines import Deadlines
from domain.messages import Actor, Ask, AskBecause
from domain.opening_hours import OpeningHours
from domain.rulings import GainKind, GainRuling
from domain.tickets import Role
from tests.support.people import a_technician
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office

CLIENT, THOMAS, SARAH, PAUL, TEAM = "Claire Petit", "Thomas Leroy", "Sarah Cohen", "Paul Durand", "the team"
PARIS = ZoneInfo("Europe/Paris")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
JUST = timedelta(seconds=30)

Mails = list[tuple[str, str]]
Case = Callable[[Office], Awaitable[None]]
CASES: dict[str, list[Case]] = {}


def proves(*names: str) -> Callable[[Case], Case]:
    def of(case: Case) -> Case:
        for name in names:
            CASES.setdefault(name, []).append(case)
        return case

    return of


@dataclass
class Watched:
    """A ticket, and the mails that have not been looked at yet."""

    office: Office
    ticket: PlayedTicket
    seen: int = 0

    def news(self) -> Mails:
        """What was mailed since the last look: the kind that our books say it is, and who got it."""
        books = self.office.database.rows("SELECT message_id, kind, sent_at IS NOT NULL FROM notifications")
        assert len(books) == len(self.office.mail.messages)
        assert all(sent for _, _, sent in books)
        kinds = {message_id: kind for message_id, kind, _ in books}
        names = dict(self.office.database.rows("SELECT mail, name FROM people"))
        names["equipe@example.fr"] = TEAM
        new = self.office.mail.messages[self.seen :]
        self.seen += len(new)
        assert all(message.subject for message in new)
        return sorted((kinds[message.message_id], names[message.to]) for message in new)

    async def told(self, *expected: tuple[str, str]) -> None:
        """By now exactly these, since the last look."""
        await self.ticket.settle()
        assert self.news() == sorted(expected)

    async def quiet_until(self, at: datetime) -> None:
        """Until half a minute before, nobody is told anything, and no status changes."""
        status = self.ticket.ticket("status")
        await self.ticket.pass_time_until(at - JUST)
        await self.told()
        assert self.ticket.ticket("status") == status

    async def due(self, at: datetime, *expected: tuple[str, str]) -> None:
        """At that instant, and not before, exactly these are told."""
        await self.quiet_until(at)
        await self.ticket.pass_time_until(at + JUST)
        await self.told(*expected)

    async def act(self, command: str, said: Any) -> None:
        await self.ticket.act(command, said)


async def watched(office: Office, **asked: Any) -> Watched:
    ticket = await office.a_ticket(**asked)
    await ticket.settle()
    seen = Watched(office, ticket)
    seen.news()
    return seen


async def confirmed(office: Office, **asked: Any) -> Watched:
    seen = await watched(office, **asked)
    await seen.act("acknowledge", seen.ticket.ask())
    return seen


async def started(office: Office, **asked: Any) -> tuple[Watched, datetime]:
    """In session, since when."""
    asked.setdefault("ahead", 5 * MINUTE)
    seen = await watched(office, **asked)
    await seen.act("consent", seen.ticket.consent_given())
    await seen.act("start", seen.ticket.right_code())
    [(since,)] = office.database.rows("SELECT max(started_at) FROM sessions")
    return seen, since


async def reported(office: Office) -> tuple[Watched, datetime]:
    """In review, since when."""
    seen, _ = await started(office)
    await seen.act("end", seen.ticket.ask())
    await seen.act("report", seen.ticket.report_of(1))
    await seen.told(("report_ready", CLIENT))
    [(since,)] = office.database.rows("SELECT filed_at FROM reports")
    return seen, since


def another(office: Office, name: str = SARAH) -> str:
    return a_technician(office.database, "internet", name=name)


def a_saturday() -> date:
    """The first, some days ahead, with no holiday around nor in the week that follows."""
    closed = holidays.country_holidays("FR")
    day = datetime.now(UTC).date() + timedelta(days=4)
    while day.weekday() != 5 or any(day + timedelta(days=n) in closed for n in range(-2, 10)):
        day += timedelta(days=1)
    return day


def paris(day: date, at: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), PARIS).astimezone(UTC)


def test_every_deadline_has_its_proof() -> None:
    assert sorted(CASES) == sorted(field.name for field in fields(Deadlines))


@proves("acknowledgement")
async def two_working_hours_of_silence(office: Office) -> None:
    saturday = a_saturday()
    start = paris(saturday + 5 * DAY, "10:00")
    sarah, paul = another(office), another(office, PAUL)
    seen = await confirmed(office, start=start, hours=OpeningHours())
    # Friday, half an hour before closing.
    await seen.quiet_until(paris(saturday - DAY, "18:30") + JUST)
    await seen.act("reassign", seen.ticket.reassigned(sarah))
    await seen.told(("released", THOMAS), ("technician_changed", CLIENT), ("technician_changed", SARAH))
    await seen.due(
        paris(saturday, "09:30"),
        ("released", SARAH),
        ("technician_changed", CLIENT),
        ("technician_changed", PAUL),
    )
    assert seen.ticket.ticket("technician_id::text") == (paul,)
    await seen.due(paris(saturday, "11:30"), ("released", PAUL), ("to_assign", TEAM))
    assert seen.ticket.ticket("status") == ("to_assign",)


@proves("acknowledgement")
async def nobody_who_confirms_is_passed_over(office: Office) -> None:
    another(office)
    seen = await confirmed(office)
    await seen.quiet_until(seen.ticket.request.start - DAY)


@proves("acknowledgement_before")
async def an_hour_before_is_the_last_moment_to_confirm(office: Office) -> None:
    another(office)
    seen = await watched(office, ahead=2.5 * HOUR)
    await seen.due(
        seen.ticket.request.start - HOUR,
        ("released", THOMAS),
        ("technician_changed", CLIENT),
        ("technician_changed", SARAH),
    )


@proves("acknowledgement_at_least")
async def everybody_has_ten_minutes_to_confirm(office: Office) -> None:
    another(office)
    seen = await watched(office, ahead=40 * MINUTE)
    [(booked_at,)] = office.database.rows("SELECT opened_at FROM tickets")
    await seen.due(
        booked_at + 10 * MINUTE,
        ("released", THOMAS),
        ("technician_changed", CLIENT),
        ("technician_changed", SARAH),
    )
    [(anew,)] = office.database.rows("SELECT max(at) FROM journal")
    await seen.due(anew + 10 * MINUTE, ("released", SARAH), ("to_assign", TEAM))


@proves("acknowledgement_at_least")
async def nobody_is_asked_to_confirm_what_is_nearer_than_that(office: Office) -> None:
    another(office)
    seen = await watched(office, ahead=9 * MINUTE)
    await seen.quiet_until(seen.ticket.request.start + 10 * MINUTE)


@proves("reminders")
async def both_are_reminded_the_day_and_the_hour_before(office: Office) -> None:
    seen = await confirmed(office, ahead=3 * DAY)
    both = (("reminder", CLIENT), ("reminder", THOMAS))
    await seen.due(seen.ticket.request.start - DAY, *both)
    await seen.due(seen.ticket.request.start - HOUR, *both)
    await seen.quiet_until(seen.ticket.request.start + 10 * MINUTE)


@proves("reminders")
async def a_moved_appointment_has_no_reminders_but_its_own(office: Office) -> None:
    seen = await confirmed(office, ahead=3 * DAY)
    moved = seen.ticket.request.start + 2 * DAY
    await seen.act("reschedule", seen.ticket.moved_to(moved))
    await seen.told(("rescheduled", CLIENT), ("rescheduled", THOMAS))
    await seen.act("acknowledge", seen.ticket.ask())
    both = (("reminder", CLIENT), ("reminder", THOMAS))
    await seen.due(moved - DAY, *both)
    await seen.due(moved - HOUR, *both)


@proves("contact_window")
async def the_technician_may_call_from_a_quarter_of_an_hour_before(office: Office) -> None:
    seen = await confirmed(office, ahead=50 * MINUTE)
    opens = seen.ticket.request.start - 15 * MINUTE
    await seen.ticket.pass_time_until(opens - JUST)
    assert await seen.ticket.refused("call", seen.ticket.ask()) == "too_early"
    await seen.ticket.pass_time_until(opens + JUST)
    await seen.act("call", seen.ticket.ask())
    await seen.told()


@proves("no_call")
async def without_a_call_another_technician_is_booked_from_now_or_slots_are_offered(office: Office) -> None:
    sarah = another(office)
    seen = await confirmed(office, ahead=50 * MINUTE)
    start = seen.ticket.request.start
    await seen.due(
        start + 10 * MINUTE,
        ("no_call", TEAM),
        ("released", THOMAS),
        ("technician_changed", CLIENT),
        ("technician_changed", SARAH),
    )
    who, anew = seen.ticket.ticket("technician_id::text, appointment_start")
    assert (who, start + 10 * MINUTE <= anew < start + 10 * MINUTE + JUST) == (sarah, True)
    await seen.due(
        anew + 10 * MINUTE,
        ("no_call", TEAM),
        ("released", SARAH),
        ("slots_offered", CLIENT),
        ("to_assign", TEAM),
    )
    assert seen.ticket.ticket("status, technician_id") == ("to_assign", None)
    assert office.database.rows("SELECT count(*) FROM bookings") == [(0,)]


@proves("absence")
async def a_client_is_absent_after_three_calls_over_a_quarter_of_an_hour(office: Office) -> None:
    seen = await confirmed(office, ahead=50 * MINUTE)
    start = seen.ticket.request.start
    for after in (1 * MINUTE, 8 * MINUTE, 16 * MINUTE - JUST):
        await seen.ticket.pass_time_until(start + after)
        await seen.act("call", seen.ticket.ask())
    assert await seen.ticket.refused("absent", seen.ticket.ask()) == "calls_missing"
    await seen.ticket.pass_time_until(start + 16 * MINUTE + JUST)
    assert await seen.ticket.refused("absent", seen.ticket.ask()) == "calls_missing"
    await seen.act("call", seen.ticket.ask())
    await seen.told()
    await seen.act("absent", seen.ticket.ask())
    await seen.told(("client_absent", CLIENT))
    assert await seen.ticket.handle.result() == "client_absent"


@proves("reschedule_limit")
async def the_client_may_move_an_appointment_until_two_hours_before(office: Office) -> None:
    seen = await confirmed(office, ahead=5 * HOUR)
    start = seen.ticket.request.start
    later = start + DAY
    await seen.ticket.pass_time_until(start - 2 * HOUR + JUST)
    assert await seen.ticket.refused("reschedule", seen.ticket.moved_to(later)) == "too_late_to_reschedule"
    other = await confirmed(office, start=start + 2 * HOUR)
    await other.ticket.pass_time_until(start - JUST)
    await other.act("reschedule", other.ticket.moved_to(later))
    await seen.act("reschedule", seen.ticket.moved_to(later + 2 * HOUR, seen.ticket.on_behalf))


@proves("not_started", "repeat_alert")
async def the_team_is_told_of_a_session_that_does_not_start_then_daily(office: Office) -> None:
    seen = await confirmed(office, ahead=50 * MINUTE)
    start = seen.ticket.request.start
    await seen.ticket.pass_time_until(start)
    await seen.act("call", seen.ticket.ask())
    for days in range(3):
        await seen.due(start + HOUR + days * DAY, ("not_started", TEAM))
    assert seen.ticket.ticket("status") == ("scheduled",)


@proves("minute", "long_session")
async def a_minute_is_a_minute_and_a_session_is_long_after_four_hours(office: Office) -> None:
    seen, since = await started(office)
    await seen.due(since + 60 * MINUTE, ("ceiling_reached", CLIENT), ("ceiling_reached", THOMAS))
    await seen.due(since + 4 * HOUR, ("long_session", TEAM))
    await seen.ticket.pass_time_until(since + 5 * HOUR + JUST)
    await seen.act("end", seen.ticket.ask())
    await seen.act("report", seen.ticket.report_of(300))
    # A minute begun counts: thirty seconds and what the test took.
    assert office.database.rows("SELECT measured_minutes FROM reports") == [(301,)]


@proves("session_timeout")
async def a_session_nobody_ends_is_ended_and_its_report_suspends(office: Office) -> None:
    seen, since = await started(office)
    await seen.due(since + HOUR, ("ceiling_reached", CLIENT), ("ceiling_reached", THOMAS))
    await seen.due(since + 4 * HOUR, ("long_session", TEAM))
    await seen.due(since + 12 * HOUR, ("session_timed_out", TEAM), ("session_timed_out", THOMAS))
    assert seen.ticket.ticket("status") == ("to_report",)
    await seen.act("report", seen.ticket.report_of(20))
    await seen.told(("suspended", CLIENT), ("suspended", TEAM), ("suspended", THOMAS))
    assert office.database.rows("SELECT evidence, credible FROM reports") == [("none", False)]
    assert seen.ticket.ticket("status") == ("suspended",)


@proves("report_reminder", "report_overdue")
async def the_technician_is_reminded_of_the_report_then_the_team_told_daily(office: Office) -> None:
    seen, _ = await started(office)
    await seen.act("end", seen.ticket.ask())
    [(ended,)] = office.database.rows("SELECT ended_at FROM sessions")
    await seen.due(ended + 2 * HOUR, ("report_due", THOMAS))
    for days in range(3):
        await seen.due(ended + (1 + days) * DAY, ("report_overdue", TEAM))
    assert seen.ticket.ticket("status") == ("to_report",)


@proves("review_reminder", "review", "payment_notice")
async def the_client_is_reminded_then_silence_accepts_and_the_payment_is_looked_up(office: Office) -> None:
    seen, since = await reported(office)
    await seen.due(since + 48 * HOUR, ("review_due", CLIENT))
    await seen.due(since + 72 * HOUR, ("invoice_issued", CLIENT))
    assert seen.ticket.ticket("status") == ("invoiced",)
    [(charged,)] = office.database.rows("SELECT tried_at FROM payment_attempts")
    await seen.due(charged + 10 * MINUTE)
    assert seen.ticket.ticket("status, outcome") == ("closed", "paid")


async def disputed_on_friday(office: Office) -> tuple[Watched, date]:
    """Suspended at 18:30, half an hour before closing; the Saturday after."""
    saturday = a_saturday()
    seen = await confirmed(office, start=paris(saturday - DAY, "18:00"), hours=OpeningHours())
    await seen.ticket.pass_time_until(paris(saturday - DAY, "18:00"))
    await seen.act("consent", seen.ticket.consent_given())
    await seen.act("start", seen.ticket.right_code())
    await seen.ticket.pass_time_until(paris(saturday - DAY, "18:30"))
    await seen.ticket.settle()
    seen.news()
    await seen.act("dispute", seen.ticket.dissatisfied())
    await seen.told(("suspended", CLIENT), ("suspended", TEAM), ("suspended", THOMAS))
    return seen, saturday


@proves("suspension", "repeat_alert")
async def the_team_is_told_after_four_working_hours_then_daily(office: Office) -> None:
    seen, saturday = await disputed_on_friday(office)
    for days in range(3):
        await seen.due(paris(saturday + days * DAY, "11:30"), ("still_suspended", TEAM))
    assert seen.ticket.ticket("status") == ("suspended",)


@proves("suspension")
async def whoever_takes_it_over_has_a_day(office: Office) -> None:
    seen, saturday = await disputed_on_friday(office)
    await seen.quiet_until(paris(saturday, "10:00"))
    await seen.act("take_over", Ask(seen.ticket.as_back_office))
    [(taken,)] = office.database.rows("SELECT taken_over_at FROM tickets")
    await seen.due(taken + DAY, ("still_suspended", TEAM))
    await seen.due(taken + 2 * DAY, ("still_suspended", TEAM))


@proves("charge_retries", "repeat_alert")
async def a_refused_card_is_tried_after_1_3_and_7_days_then_the_team_told_daily(office: Office) -> None:
    office.database.execute("DELETE FROM cards")
    await office.save_card("pm_card_chargeCustomerFail")
    seen, _ = await reported(office)
    await seen.act("review", seen.ticket.satisfied())
    await seen.told(("invoice_issued", CLIENT), ("payment_refused", CLIENT))
    [(first,)] = office.database.rows("SELECT tried_at FROM payment_attempts")
    await seen.due(first + 1 * DAY, ("payment_refused", CLIENT))
    await seen.due(first + 3 * DAY, ("payment_refused", CLIENT))
    await seen.due(first + 7 * DAY, ("unpaid", CLIENT), ("unpaid", TEAM))
    assert seen.ticket.ticket("status") == ("unpaid",)
    for days in (8, 9):
        await seen.due(first + days * DAY, ("still_unpaid", TEAM))
    assert office.database.rows("SELECT count(*) FROM payment_attempts") == [(4,)]


@proves("to_assign")
async def the_team_is_told_every_working_morning_and_the_ticket_cancelled_after_a_week(
    office: Office,
) -> None:
    saturday = a_saturday()
    asked = paris(saturday + 3 * DAY, "10:00")
    seen = await confirmed(office, start=asked, hours=OpeningHours())
    friday = paris(saturday - DAY, "18:30")
    await seen.ticket.pass_time_until(friday)
    await seen.told()
    await seen.act("decline", AskBecause(seen.ticket.as_technician))
    await seen.told(("to_assign", TEAM))
    [(lost,)] = office.database.rows("SELECT at FROM journal WHERE act = 'decline'")
    for days in (0, 2, 3):
        await seen.due(paris(saturday + days * DAY, "08:00"), ("to_assign", TEAM))
    await seen.due(asked, ("slots_offered", CLIENT))
    for days in (4, 5, 6):
        await seen.due(paris(saturday + days * DAY, "08:00"), ("to_assign", TEAM))
    await seen.due(lost + 7 * DAY, ("cancelled", CLIENT))
    assert await seen.ticket.handle.result() == "cancelled"


@proves("to_assign")
async def a_free_session_nobody_gives_within_a_week_is_suspended_again(office: Office) -> None:
    seen, _ = await reported(office)
    await seen.act("dispute", seen.ticket.dissatisfied())
    soon = datetime.now(UTC) + 9 * DAY
    await seen.act("ruling", seen.ticket.ruled("rework", GainRuling(1, GainKind.NONE), start=soon))
    await seen.act("decline", AskBecause(Actor(office.technician, Role.TECHNICIAN)))
    await seen.ticket.settle()
    seen.news()
    [(lost,)] = office.database.rows("SELECT at FROM journal WHERE act = 'decline'")
    # Always open: a morning comes every 24 hours.
    for days in range(1, 7):
        await seen.due(lost + days * DAY, ("to_assign", TEAM))
    await seen.quiet_until(lost + 7 * DAY - MINUTE)
    await seen.ticket.pass_time_until(lost + 7 * DAY + JUST)
    assert seen.ticket.ticket("status, outcome") == ("suspended", None)
    assert office.database.rows("SELECT count(*) FROM invoices") == [(0,)]


@pytest.mark.parametrize(
    "case",
    list(dict.fromkeys(case for cases in CASES.values() for case in cases)),
    ids=lambda case: case.__name__,
)
async def test_a_deadline_falls_due_once_and_tells_the_right_people(office: Office, case: Case) -> None:
    await case(office)
