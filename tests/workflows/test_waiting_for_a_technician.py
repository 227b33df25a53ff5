"""Nobody is free: the ticket waits, is served once somebody's time returns, or is moved by its client."""

from datetime import timedelta

from domain.messages import AskBecause
from tests.support.people import a_submission, a_technician
from tests.workflows.conftest import Office


async def test_a_ticket_declined_by_all_is_taken_once_somebody_is_there(office: Office) -> None:
    ticket = await office.a_ticket()
    declined = AskBecause(ticket.as_technician, a_submission(office.database, ticket.technician, "decline"))
    assert (await ticket.act("decline", declined)).status == "to_assign"
    assert ticket.ticket("technician_id, assignment, sequence") == (None, {ticket.technician: "declined"}, 1)
    assert office.database.counts()["bookings"] == 0
    # A hint that changes nothing leaves no trace.
    await ticket.handle.signal("capacity_returned")
    await ticket.pass_time(timedelta(minutes=1))
    assert [act for _, act, *_ in ticket.journal()] == ["book", "decline"]

    other = a_technician(office.database, "internet", name="Nadia Benali")
    await ticket.handle.signal("capacity_returned")
    await ticket.pass_time(timedelta(minutes=1))
    assert ticket.ticket("status, technician_id::text, assignment, sequence") == (
        "scheduled",
        other,
        {ticket.technician: "declined", other: "chosen"},
        2,
    )
    assert office.database.rows("SELECT technician_id::text, session FROM bookings") == [(other, 1)]


async def test_a_client_without_a_technician_chooses_another_hour(office: Office) -> None:
    ticket = await office.a_ticket()
    declined = AskBecause(ticket.as_technician, None)
    await ticket.act("decline", declined)
    start = ticket.request.start + timedelta(days=1)
    assert (await ticket.act("reschedule", ticket.moved_to(start))).status == "scheduled"
    assert ticket.ticket("appointment_start, technician_id::text, assignment") == (
        start,
        ticket.technician,
        {ticket.technician: "chosen"},
    )


async def test_twenty_reschedules_leave_the_last_reminders_and_the_sequence_20(office: Office) -> None:
    ticket = await office.a_ticket(ahead=timedelta(days=3))
    start = ticket.request.start
    for number in range(1, 21):
        start = ticket.request.start + timedelta(days=number)
        await ticket.act("reschedule", ticket.moved_to(start))
    await ticket.act("acknowledge", ticket.ask())
    assert ticket.ticket("sequence, appointment_start") == (20, start)
    assert office.database.rows("SELECT lower(during) FROM bookings") == [(start,)]
    await ticket.pass_time_until(start)
    assert sorted(office.database.rows("SELECT key FROM notifications WHERE kind = 'reminder'")) == sorted(
        (f"{ticket.number}:reminder:20:{(start - before).isoformat(timespec='seconds')}:{role}",)
        for before in ticket.request.deadlines.reminders
        for role in ("client", "technician")
    )
