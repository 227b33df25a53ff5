"""Dissatisfaction, a duration nobody believes, refused cards, lost slots: each has its defined end."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from temporalio.testing import WorkflowEnvironment

from domain.deadlines import PRODUCTION
from tests.support.people import a_technician
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.tickets import a_hold
from tests.workflows.conftest import Office, open_office


async def moneyless(office: Office) -> bool:
    tables = ("invoices", "gains", "payments", "ledger_lines")
    return all(office.database.counts()[table] == 0 for table in tables)


async def test_a_dissatisfied_client_suspends_the_ticket_and_nothing_is_billed(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.reach_review()
    await ticket.act("dispute", ticket.dissatisfied())
    assert ticket.journal()[-1] == ("client", "dispute", "in_review", "suspended")
    await ticket.pass_time(timedelta(days=3, hours=5))
    assert ticket.ticket("status, outcome") == ("suspended", None)
    assert await moneyless(office)
    # Told at once, after four working hours, then every day.
    assert office.database.rows(
        "SELECT kind, count(*) FROM notifications WHERE kind LIKE '%%suspended' GROUP BY kind ORDER BY kind"
    ) == [("still_suspended", 4), ("suspended", 3)]
    description = await ticket.handle.describe()
    assert [pair.value for pair in description.typed_search_attributes if pair.key.name in ("Disputed",)] == [
        True
    ]


async def test_a_dispute_during_the_session_ends_it(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.reach_session()
    await ticket.act("dispute", ticket.dissatisfied())
    assert await ticket.refused("end", ticket.ask()) == "not_allowed_in_status"
    assert office.database.rows("SELECT ended_at IS NOT NULL FROM sessions") == [(True,)]
    assert await moneyless(office)


async def test_a_duration_that_is_not_credible_suspends_before_any_review(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.reach_session()
    await ticket.pass_time(timedelta(minutes=20))
    await ticket.act("end", ticket.ask())
    assert (await ticket.act("report", ticket.report_of(45))).status == "suspended"
    # An opinion may be given all the same; it accepts nothing.
    assert (await ticket.act("review", ticket.satisfied())).status == "suspended"
    await ticket.pass_time(timedelta(days=5))
    assert ticket.ticket("status") == ("suspended",)
    assert await moneyless(office)


async def test_a_refused_card_is_tried_again_after_1_3_and_7_days_then_unpaid(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    async with open_office(environment, database, stripe) as office:
        await office.save_card("pm_card_chargeCustomerFail")
        ticket = await office.a_ticket()
        await ticket.reach_review()
        await ticket.act("review", ticket.satisfied())
        await ticket.pass_time(timedelta(days=6, hours=23))
        assert ticket.ticket("status") == ("invoiced",)
        await ticket.pass_time(timedelta(hours=2))
        assert ticket.ticket("status") == ("unpaid",)
        assert office.database.rows(
            "SELECT attempt, refusal, "
            "round(extract(epoch FROM tried_at - min(tried_at) OVER ()) / 86400)::int "
            "FROM payment_attempts ORDER BY attempt"
        ) == [
            (1, "card_declined", 0),
            (2, "card_declined", 1),
            (3, "card_declined", 3),
            (4, "card_declined", 7),
        ]
        assert office.database.rows("SELECT status, fee_cents FROM payments") == [("refused", None)]
        assert office.database.rows(
            "SELECT kind, count(*) FROM notifications WHERE kind IN ('payment_refused', 'unpaid') "
            "GROUP BY kind ORDER BY kind"
        ) == [("payment_refused", 3), ("unpaid", 2)]


async def test_a_hint_without_money_behind_it_brings_no_try_forward(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    async with open_office(environment, database, stripe) as office:
        await office.save_card("pm_card_chargeCustomerFail")
        ticket = await office.a_ticket()
        await ticket.reach_review()
        await ticket.act("review", ticket.satisfied())
        await ticket.pass_time(timedelta(hours=1))
        await ticket.handle.signal("payment_news")
        await ticket.pass_time(timedelta(hours=1))
        assert office.database.rows("SELECT attempt FROM payment_attempts") == [(1,)]
        assert ticket.ticket("status") == ("invoiced",)


async def test_a_card_replaced_between_two_tries_pays_the_same_intent(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    async with open_office(environment, database, stripe) as office:
        await office.save_card("pm_card_chargeCustomerFail")
        ticket = await office.a_ticket()
        await ticket.reach_review()
        await ticket.act("review", ticket.satisfied())
        await ticket.pass_time(timedelta(hours=1))
        [(intent,)] = office.database.rows("SELECT intent FROM payments")
        office.database.execute("DELETE FROM cards")
        await office.save_card("pm_card_visa")
        await ticket.pass_time(timedelta(days=1))
        assert await ticket.handle.result() == "paid"
        assert office.database.rows("SELECT intent, status FROM payments") == [(intent, "paid")]
        assert office.database.rows("SELECT attempt, refusal FROM payment_attempts ORDER BY attempt") == [
            (1, "card_declined"),
            (2, None),
        ]


async def test_a_lost_hold_is_replaced_by_another_technician_who_is_free(office: Office) -> None:
    other = a_technician(office.database, "internet", name="Sarah Cohen")
    start = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=3)
    taken = a_hold(
        office.database, office.client, office.technician, start, start + timedelta(hours=1), "internet"
    )
    ticket = await office.a_ticket(hold="00000000-0000-7000-8000-000000000000")
    assert taken
    assert ticket.ticket("status, technician_id::text, assignment") == (
        "scheduled",
        other,
        {office.technician: "not_free", other: "chosen"},
    )


async def test_a_request_nobody_can_take_is_alerted_daily_and_cancelled_after_7_days(office: Office) -> None:
    ticket = await office.a_ticket(skill="security", hold="00000000-0000-7000-8000-000000000000")
    assert ticket.ticket("status, technician_id, assignment") == (
        "to_assign",
        None,
        {office.technician: "lacks_skill"},
    )
    await ticket.pass_time(timedelta(days=7, minutes=1))
    assert await ticket.handle.result() == "cancelled"
    assert ticket.ticket("status, outcome") == ("closed", "cancelled")
    assert office.database.rows("SELECT kind, count(*) FROM notifications GROUP BY kind ORDER BY kind") == [
        ("cancelled", 1),
        ("slots_offered", 1),
        ("to_assign", 7),
    ]


async def test_whoever_must_act_is_reminded_and_the_back_office_told(office: Office) -> None:
    """A calendar of neglect: nobody starts, ends, reports or reviews in time."""
    ticket = await office.a_ticket(ahead=timedelta(days=3))
    start = ticket.request.start
    await ticket.act("acknowledge", ticket.ask())
    await ticket.pass_time_until(start)
    await ticket.act("call", ticket.ask())
    await ticket.pass_time_until(start + timedelta(minutes=61))
    await ticket.act("consent", ticket.consent_given())
    await ticket.act("start", ticket.right_code())
    await ticket.pass_time(timedelta(hours=4, minutes=1))
    await ticket.act("end", ticket.ask())
    await ticket.pass_time(timedelta(hours=24, minutes=1))
    told = office.database.rows(
        "SELECT kind, count(*) FROM notifications GROUP BY kind ORDER BY min(recorded_at), kind"
    )
    assert told == [
        ("booked", 2),
        ("reminder", 4),
        ("not_started", 1),
        ("ceiling_reached", 2),
        ("long_session", 1),
        ("report_due", 1),
        ("report_overdue", 1),
    ]


async def test_two_reminders_that_ring_at_the_same_moment_are_one_mail(office: Office) -> None:
    """As after an outage that lasted over both."""
    both = (timedelta(hours=1), timedelta(hours=1))
    ticket = await office.a_ticket(deadlines=replace(PRODUCTION, reminders=both))
    await ticket.act("acknowledge", ticket.ask())
    await ticket.pass_time_until(ticket.request.start - timedelta(minutes=30))
    recorded = "SELECT count(*) FROM notifications WHERE kind = 'reminder' AND sent_at IS NOT NULL"
    for _ in range(400):
        if office.database.rows(recorded) == [(2,)]:
            break
        await asyncio.sleep(0.05)
    sent = [message.to for message in office.mail.messages if message.subject.startswith("Rappel")]
    assert (len(sent), len(set(sent))) == (2, 2)


async def test_a_request_booked_after_its_hour_is_to_assign_and_gives_the_hold_back(office: Office) -> None:
    """Nobody worked between the request and the appointment."""
    ticket = await office.a_ticket(ahead=timedelta(minutes=-11))
    assert ticket.ticket("status, technician_id") == ("to_assign", None)
    assert office.database.rows("SELECT count(*) FROM bookings") == [(0,)]


async def test_an_act_that_follows_one_still_under_way_waits_for_it(office: Office) -> None:
    """People see what is committed before the workflow has heard of it."""
    ticket = await office.a_ticket()
    await ticket.reach_session()
    await ticket.pass_time(timedelta(minutes=20))
    report = ticket.report_of(20)
    with office.database.connect() as elsewhere, elsewhere.transaction():
        # While somebody else has the row, the first act cannot end.
        elsewhere.execute("SELECT 1 FROM tickets WHERE number = %s FOR UPDATE", [ticket.number])
        ending = await ticket.begin("end", ticket.ask())
        filing = await ticket.begin("report", report)
    ended, filed = await ending.result(), await filing.result()
    assert (ended.status, filed.status) == ("to_report", "in_review")


async def test_a_debt_paid_elsewhere_is_seen_within_a_day_though_nobody_tells(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    async with open_office(environment, database, stripe) as office:
        await office.save_card("pm_card_chargeCustomerFail")
        ticket = await office.a_ticket()
        await ticket.reach_review()
        await ticket.act("review", ticket.satisfied())
        await ticket.pass_time(timedelta(days=7, hours=2))
        assert ticket.ticket("status") == ("unpaid",)
        [(intent,)] = office.database.rows("SELECT intent FROM payments")
        await office.payments._stripe.payment_intents.confirm_async(
            intent, {"payment_method": "pm_card_visa", "return_url": "https://example.fr/merci"}
        )
        await ticket.pass_time(timedelta(days=1))
        assert await ticket.handle.result() == "paid"
        assert ticket.ticket("status, outcome") == ("closed", "paid")
