"""Acts that the status allows and the person may ask for, refused for want of something else."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.messages import AskBecause, ExtendAsked
from domain.rulings import GainKind, GainRuling
from tests.support.people import a_technician
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office
from tests.workflows.reaching import (
    booked,
    call_three_times,
    declined,
    disputed,
    in_session,
    not_credible,
    second_cancelled,
    second_scheduled,
    withdrawn,
)

Way = Callable[[Office], Awaitable[PlayedTicket]]
Said = Callable[[PlayedTicket], Any]
FULL, NONE = GainRuling(1, GainKind.FULL), GainRuling(1, GainKind.NONE)


def now() -> datetime:
    return datetime.now(UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def ahead(length: timedelta) -> Way:
    async def way(office: Office) -> PlayedTicket:
        return await booked(office, length)

    return way


async def booked_next(office: Office) -> PlayedTicket:
    """The technician has another ticket right after this one."""
    ticket = await booked(office)
    await office.a_ticket(start=ticket.request.end, technician=ticket.technician)
    await ticket.act("consent", ticket.consent_given())
    await ticket.act("start", ticket.right_code())
    return ticket


async def all_taken(office: Office) -> PlayedTicket:
    """A day ahead; the only technician has another ticket two days ahead."""
    ticket = await booked(office, hours(24))
    later = ticket.request.start + hours(24)
    await office.a_ticket(start=later, technician=ticket.technician)
    return ticket


async def dispute_all_taken(office: Office) -> PlayedTicket:
    """Suspended; the only technician has another ticket two days ahead."""
    ticket = await disputed(office)
    await office.a_ticket(start=ticket.request.start + hours(48), technician=ticket.technician)
    return ticket


async def colleague_taken(office: Office) -> PlayedTicket:
    """The only other technician has another ticket at the same hour."""
    ticket = await booked(office)
    other = a_technician(office.database, "internet", name="Sarah Cohen")
    await office.a_ticket(start=ticket.request.start, technician=other)
    return ticket


async def nobody_left(office: Office) -> PlayedTicket:
    """Without a technician, and past its hour."""
    ticket = await declined(office)
    await ticket.pass_time(hours(2))
    return ticket


async def hurried_calls(office: Office) -> PlayedTicket:
    """Three calls, within two minutes."""
    ticket = await booked(office)
    await ticket.pass_time(timedelta(minutes=5))
    for _ in range(3):
        await ticket.pass_time(timedelta(minutes=1))
        await ticket.act("call", ticket.ask())
    return ticket


async def early_calls(office: Office) -> PlayedTicket:
    """Three calls over sixteen minutes, of which two came before the hour."""
    ticket = await booked(office, timedelta(minutes=14))
    for _ in range(3):
        await ticket.act("call", ticket.ask())
        await ticket.pass_time(timedelta(minutes=8))
    return ticket


async def moved_after_consent(office: Office) -> PlayedTicket:
    """The client agreed to the appointment before this one."""
    ticket = await booked(office, timedelta(minutes=14))
    await ticket.act("consent", ticket.consent_given())
    await ticket.act("reschedule", ticket.moved_to(now() + timedelta(minutes=10), ticket.on_behalf))
    return ticket


async def given_to_a_colleague_after_calls(office: Office) -> PlayedTicket:
    """The calls of the one before do not count for the one who has it now."""
    ticket = await booked(office)
    other = a_technician(office.database, "internet", name="Sarah Cohen")
    await call_three_times(ticket)
    await ticket.act("reassign", ticket.reassigned())
    ticket.technician = other
    return ticket


async def without_report(office: Office) -> PlayedTicket:
    ticket = await in_session(office)
    await ticket.act("dispute", ticket.dissatisfied())
    return ticket


async def after_two_free_sessions(office: Office) -> PlayedTicket:
    ticket = await second_cancelled(office)
    await ticket.act("ruling", ticket.ruled("rework", start=now() + timedelta(minutes=5)))
    await ticket.act("cancel", AskBecause(ticket.as_client))
    return ticket


def reduced_to(minutes: int) -> GainRuling:
    return GainRuling(1, GainKind.REDUCED, minutes)


def the_other(ticket: PlayedTicket) -> str:
    [(other,)] = ticket.database.rows(
        "SELECT id::text FROM people WHERE role = 'technician' AND active AND id <> %s", ticket.technician
    )
    return str(other)


# The way to the ticket, the command, what is said, and the code it is refused with.
MISSING: list[tuple[Way, str, Said, str]] = [
    # Calling and starting, from a quarter of an hour before.
    (ahead(timedelta(minutes=17)), "call", lambda t: t.ask(), "too_early"),
    (ahead(timedelta(minutes=17)), "start", lambda t: t.right_code(), "too_early"),
    (booked, "start", lambda t: t.right_code(), "consent_missing"),
    (moved_after_consent, "start", lambda t: t.right_code(), "consent_missing"),
    (second_scheduled, "start", lambda t: t.right_code(), "consent_missing"),
    # An absent client: three calls, from the hour on, over a quarter of an hour, by the same technician.
    (booked, "absent", lambda t: t.ask(), "calls_missing"),
    (hurried_calls, "absent", lambda t: t.ask(), "calls_missing"),
    (early_calls, "absent", lambda t: t.ask(), "calls_missing"),
    (given_to_a_colleague_after_calls, "absent", lambda t: t.ask(), "calls_missing"),
    # Another hour: not within two hours of the appointment, not in the past, not when nobody is free.
    (ahead(hours(1.9)), "reschedule", lambda t: t.moved_to(now() + hours(24)), "too_late_to_reschedule"),
    (ahead(hours(5)), "reschedule", lambda t: t.moved_to(now() - hours(1)), "appointment_passed"),
    (
        ahead(hours(1)),
        "reschedule",
        lambda t: t.moved_to(now() - hours(1), t.on_behalf),
        "appointment_passed",
    ),
    (all_taken, "reschedule", lambda t: t.moved_to(t.request.start + hours(24.5)), "slot_taken"),
    # No withdrawal from what is free.
    (second_scheduled, "withdraw", lambda t: t.withdrawal(), "withdrawal_over"),
    # A longer session.
    (in_session, "extend", lambda t: ExtendAsked(t.as_client, 60), "ceiling_not_raised"),
    (in_session, "extend", lambda t: ExtendAsked(t.as_client, 45), "ceiling_not_raised"),
    (in_session, "extend", lambda t: ExtendAsked(t.as_client, 255), "ceiling_not_raised"),
    (booked_next, "extend", lambda t: ExtendAsked(t.as_client, 75), "technician_booked_next"),
    # Another technician.
    (colleague_taken, "reassign", lambda t: t.reassigned(the_other(t)), "technician_not_free"),
    (colleague_taken, "reassign", lambda t: t.reassigned(), "technician_not_free"),
    (nobody_left, "reassign", lambda t: t.reassigned(t.technician), "appointment_passed"),
    # Rulings: what the client owes.
    (without_report, "ruling", lambda t: t.ruled("bill", NONE), "report_missing"),
    (without_report, "ruling", lambda t: t.ruled("waive", FULL), "report_missing"),
    (disputed, "ruling", lambda t: t.ruled("bill", FULL, minutes=1), "ruling_minutes"),
    (disputed, "ruling", lambda t: t.ruled("waive", NONE, minutes=1), "ruling_minutes"),
    (disputed, "ruling", lambda t: t.ruled("reduce", FULL), "ruling_minutes"),
    (disputed, "ruling", lambda t: t.ruled("reduce", FULL, minutes=0), "ruling_minutes"),
    (disputed, "ruling", lambda t: t.ruled("reduce", FULL, minutes=2), "ruling_minutes"),
    (not_credible, "ruling", lambda t: t.ruled("reduce", FULL, minutes=61), "ruling_minutes"),
    (withdrawn, "ruling", lambda t: t.ruled("bill", NONE), "nothing_billable"),
    (withdrawn, "ruling", lambda t: t.ruled("reduce", NONE, minutes=1), "nothing_billable"),
    (
        withdrawn,
        "ruling",
        lambda t: t.ruled("rework", NONE, start=now() + hours(24)),
        "nothing_billable",
    ),
    # Rulings: what each session earns, once.
    (disputed, "ruling", lambda t: t.ruled("bill"), "gain_rulings"),
    (disputed, "ruling", lambda t: t.ruled("bill", FULL, FULL), "gain_rulings"),
    (disputed, "ruling", lambda t: t.ruled("bill", GainRuling(2, GainKind.FULL)), "gain_rulings"),
    (
        disputed,
        "ruling",
        lambda t: t.ruled("bill", GainRuling(1, GainKind.REDUCED)),
        "gain_rulings",
    ),
    (
        disputed,
        "ruling",
        lambda t: t.ruled("bill", GainRuling(1, GainKind.FULL, minutes=1)),
        "gain_rulings",
    ),
    (disputed, "ruling", lambda t: t.ruled("bill", reduced_to(2)), "gain_rulings"),
    (without_report, "ruling", lambda t: t.ruled("waive", reduced_to(61)), "gain_rulings"),
    (second_cancelled, "ruling", lambda t: t.ruled("bill", FULL), "gain_rulings"),
    # Rulings: another session.
    (disputed, "ruling", lambda t: t.ruled("rework", NONE), "appointment_passed"),
    (
        disputed,
        "ruling",
        lambda t: t.ruled("rework", NONE, start=now() - hours(1)),
        "appointment_passed",
    ),
    (
        dispute_all_taken,
        "ruling",
        lambda t: t.ruled("rework", NONE, start=t.request.start + hours(48)),
        "technician_not_free",
    ),
    (
        dispute_all_taken,
        "ruling",
        lambda t: t.ruled("rework", NONE, start=t.request.start + hours(48), technician_id=t.technician),
        "technician_not_free",
    ),
    (
        after_two_free_sessions,
        "ruling",
        lambda t: t.ruled("rework", start=now() + hours(24)),
        "reworks_exhausted",
    ),
]


@pytest.mark.parametrize("way", list(dict.fromkeys(way for way, *_ in MISSING)))
async def test_what_is_missing_is_named_and_nothing_is_written(office: Office, way: Way) -> None:
    ticket = await way(office)
    cases = [(command, said(ticket), code) for one, command, said, code in MISSING if one is way]
    await ticket.settle()
    before = office.database.counts()
    answers = [(command, await ticket.answered(command, said)) for command, said, _ in cases]
    assert answers == [(command, code) for command, _, code in cases]
    assert office.database.counts() == before


async def test_the_back_office_moves_an_appointment_at_any_time(office: Office) -> None:
    ticket = await booked(office, hours(1))
    moved = ticket.moved_to(ticket.request.start + hours(24))
    assert await ticket.refused("reschedule", moved) == "too_late_to_reschedule"
    by_phone = ticket.moved_to(ticket.request.start + hours(24), ticket.on_behalf)
    assert (await ticket.act("reschedule", by_phone)).status == "scheduled"
    # Now that it is far ahead, the client may move it again.
    assert (await ticket.act("reschedule", ticket.moved_to(now() + hours(30)))).status == "scheduled"
