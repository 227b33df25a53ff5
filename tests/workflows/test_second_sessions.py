"""A free second session, after a ruling: what is billed, what each technician earns, what else ends it."""

from datetime import timedelta

from domain.rulings import GainKind, GainRuling
from tests.support.people import a_technician
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office

FULL, NONE = GainRuling(1, GainKind.FULL), GainRuling(1, GainKind.NONE)


async def disputed(office: Office, minutes: int = 20) -> PlayedTicket:
    ticket = await office.a_ticket()
    await ticket.reach_review(minutes)
    await ticket.act("dispute", ticket.dissatisfied())
    return ticket


async def reworked(ticket: PlayedTicket, *gains: GainRuling) -> None:
    start = await ticket.now() + timedelta(days=1)
    await ticket.act("ruling", ticket.ruled("rework", *gains, start=start))


async def second_session(ticket: PlayedTicket, minutes: int = 40) -> None:
    [(technician, start)] = ticket.database.rows(
        "SELECT technician_id::text, appointment_start FROM tickets WHERE number = %s", ticket.number
    )
    ticket.technician = technician
    await ticket.act("acknowledge", ticket.ask())
    await ticket.pass_time_until(start)
    await ticket.act("consent", ticket.consent_given())
    await ticket.act("call", ticket.ask())
    await ticket.act("start", ticket.right_code())
    await ticket.pass_time(timedelta(minutes=minutes))
    await ticket.act("end", ticket.ask())
    await ticket.act("report", ticket.report_of(minutes))


async def test_the_second_session_is_free_and_each_technician_earns_as_ruled(office: Office) -> None:
    ticket = await disputed(office)
    second = a_technician(office.database, "internet", name="Nadia Benali")
    office.database.execute("UPDATE people SET active = false WHERE id = %s", ticket.technician)
    await reworked(ticket, NONE)
    assert ticket.ticket("status, technician_id::text") == ("scheduled", second)
    await second_session(ticket)
    await ticket.act("review", ticket.satisfied())
    await ticket.pass_time(ticket.request.deadlines.payment_notice)
    assert await ticket.handle.result() == "paid"
    assert office.database.rows("SELECT minutes, slices, total_ttc_cents FROM invoices") == [(20, 2, 3000)]
    assert office.database.rows(
        "SELECT session, technician_id::text, slices, amount_cents FROM gains ORDER BY session"
    ) == [(2, second, 3, 2400)]
    assert office.database.rows("SELECT session, kind FROM gain_rulings") == [(1, "none")]


async def test_the_client_absent_from_a_free_session_brings_it_back_to_the_team(office: Office) -> None:
    ticket = await disputed(office)
    await reworked(ticket, FULL)
    [(start,)] = office.database.rows("SELECT appointment_start FROM tickets")
    await ticket.act("acknowledge", ticket.ask())
    await ticket.pass_time_until(start)
    assert await ticket.refused("withdraw", ticket.withdrawal()) == "withdrawal_over"
    for _ in range(3):
        await ticket.act("call", ticket.ask())
        await ticket.pass_time(timedelta(minutes=8))
    await ticket.act("absent", ticket.ask())
    assert ticket.ticket("status, outcome") == ("suspended", None)
    assert office.database.rows("SELECT count(*) FROM bookings WHERE session = 2") == [(0,)]
    await ticket.act("ruling", ticket.ruled("bill"))
    await ticket.pass_time(ticket.request.deadlines.payment_notice)
    assert await ticket.handle.result() == "paid"
    assert office.database.rows("SELECT session, amount_cents FROM gains") == [(1, 1600)]


async def test_at_most_two_free_sessions(office: Office) -> None:
    ticket = await disputed(office)
    for number in (2, 3):
        await reworked(ticket, *([FULL] if number == 2 else [GainRuling(2, GainKind.FULL)]))
        await second_session(ticket, 20)
        await ticket.act("dispute", ticket.dissatisfied())
    start = await ticket.now() + timedelta(days=1)
    last = GainRuling(3, GainKind.NONE)
    assert await ticket.refused("ruling", ticket.ruled("rework", last, start=start)) == "reworks_exhausted"
    await ticket.act("ruling", ticket.ruled("waive", last))
    assert await ticket.handle.result() == "waived"
    assert office.database.rows("SELECT session, amount_cents FROM gains ORDER BY session") == [
        (1, 1600),
        (2, 1600),
    ]
    assert office.database.counts()["invoices"] == 0


async def test_two_free_sessions_that_nobody_takes_come_back_to_the_team_each_time(office: Office) -> None:
    """Each after 7 days; the second was once taken for the first one again, and waited for ever."""
    ticket = await disputed(office)
    for gains in ((FULL,), ()):
        await reworked(ticket, *gains)
        office.database.execute("UPDATE people SET active = false WHERE id = %s", ticket.technician)
        await ticket.handle.signal("technician_unavailable")
        await ticket.settle()
        assert ticket.ticket("status") == ("to_assign",)
        await ticket.pass_time(timedelta(days=7, minutes=1))
        await ticket.settle()
        assert ticket.ticket("status, outcome") == ("suspended", None)
        office.database.execute("UPDATE people SET active = true WHERE id = %s", ticket.technician)
    await ticket.act("ruling", ticket.ruled("bill"))
    await ticket.pass_time(ticket.request.deadlines.payment_notice)
    assert await ticket.handle.result() == "paid"
