"""Prices change; what was booked before keeps those of its day."""

from datetime import timedelta

from tests.support.postgres import Database
from tests.workflows.conftest import Office


def set_tariff(database: Database, version: str, skill: str | None, within: timedelta) -> None:
    """At four times the price, from so long after now on."""
    database.execute(
        "INSERT INTO tariffs (version, skill, effective_from, slice_minutes, minimum_slices, "
        "grace_minutes, price_ttc_cents, vat_bp, technician_ht_cents) "
        "VALUES (%s, %s, now() + %s, 15, 1, 2, 6000, 2000, 3200)",
        *(version, skill, within),
    )


async def test_a_tariff_changed_between_booking_and_acceptance_leaves_the_booked_one(office: Office) -> None:
    set_tariff(office.database, "in-two-hours", None, timedelta(hours=2))
    set_tariff(office.database, "in-an-hour", "internet", timedelta(hours=1))
    ticket = await office.a_ticket(ahead=timedelta(days=3))
    await ticket.reach_review(minutes=20)
    await ticket.act("review", ticket.satisfied())
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"
    assert ticket.ticket("tariff_version") == ("2026-01",)
    assert office.database.rows("SELECT slices, unit_ttc_cents, total_ttc_cents FROM invoices") == [
        (2, 1500, 3000)
    ]
    assert office.database.rows("SELECT amount_cents FROM gains") == [(1600,)]


async def test_a_ticket_is_booked_at_the_tariff_of_its_skill(office: Office) -> None:
    set_tariff(office.database, "for-internet", "internet", timedelta(minutes=-1))
    tickets = [
        await office.a_ticket(skill=skill, ahead=timedelta(days=days))
        for skill, days in (("internet", 3), ("printer", 4))
    ]
    assert [ticket.ticket("tariff_version") for ticket in tickets] == [("for-internet",), ("2026-01",)]
    await tickets[0].reach_review(minutes=20)
    await tickets[0].act("review", tickets[0].satisfied())
    assert office.database.rows("SELECT slices, unit_ttc_cents, total_ttc_cents FROM invoices") == [
        (2, 6000, 12000)
    ]
