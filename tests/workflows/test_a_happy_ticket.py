"""A ticket that goes well, read as a calendar."""

from datetime import timedelta

from tests.workflows.conftest import Office


async def test_booked_three_days_ahead_reviewed_and_paid(office: Office) -> None:
    # Three days before: booked, and confirmed within the hour.
    ticket = await office.a_ticket(ahead=timedelta(days=3))
    assert ticket.ticket("status, technician_id::text, tariff_version") == (
        "scheduled",
        office.technician,
        "2026-01",
    )
    await ticket.pass_time(timedelta(minutes=40))
    await ticket.act("acknowledge", ticket.ask())

    # The day before and the hour before: reminders. Ten minutes before: consent.
    start = ticket.request.start
    await ticket.pass_time_until(start - timedelta(minutes=10))
    await ticket.act("consent", ticket.consent_given())

    # The hour: the call, the right code, 26 minutes of work.
    await ticket.pass_time_until(start)
    await ticket.act("call", ticket.ask())
    assert (await ticket.act("start", ticket.right_code())).accepted
    await ticket.pass_time(timedelta(minutes=26))
    await ticket.act("end", ticket.ask())
    await ticket.act("report", ticket.report_of(25))
    assert ticket.ticket("status") == ("in_review",)

    # The next day: satisfied. The card is charged, Stripe tells us, the ticket closes.
    await ticket.pass_time(timedelta(days=1))
    await ticket.act("review", ticket.satisfied(stars=4))
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"

    assert ticket.ticket("status, outcome") == ("closed", "paid")
    assert ticket.journal() == [
        ("system", "book", "requested", "scheduled"),
        ("technician", "acknowledge", "scheduled", "scheduled"),
        ("client", "consent", "scheduled", "scheduled"),
        ("technician", "call", "scheduled", "scheduled"),
        ("technician", "start", "scheduled", "in_session"),
        ("technician", "end", "in_session", "to_report"),
        ("technician", "report", "to_report", "in_review"),
        ("client", "accept", "in_review", "invoiced"),
        ("system", "charge", "invoiced", "invoiced"),
        ("system", "paid", "invoiced", "closed"),
    ]
    # 25 declared, 27 measured (a started minute counts): two slices of 15 minutes.
    invoice = office.invoice(ticket)
    assert office.database.rows(
        "SELECT number, ticket, minutes, slices, total_ht_cents, total_vat_cents, total_ttc_cents "
        "FROM invoices"
    ) == [(invoice, ticket.number, 25, 2, 2500, 500, 3000)]
    assert office.database.rows(
        "SELECT ticket, session, technician_id::text, slices, amount_cents FROM gains"
    ) == [(ticket.number, 1, office.technician, 2, 1600)]
    assert office.database.rows("SELECT invoice, status, fee_cents FROM payments") == [(invoice, "paid", 70)]
    assert office.database.rows("SELECT stars FROM reviews") == [(4,)]
    assert dict(
        office.database.rows(
            "SELECT account, sum(amount_cents)::int FROM ledger_lines GROUP BY account ORDER BY account"
        )
    ) == {
        f"4081:{office.technician}": -1600,
        f"411:{office.client}": 0,
        "44571": -500,
        "44574": 0,
        "5112": 2930,
        "611": 1600,
        "627": 70,
        "706": -2500,
    }
    # The technician's time was given back at the end of the session.
    assert office.database.rows("SELECT upper(during) < %s FROM bookings", ticket.request.end) == [(True,)]
    kinds = office.database.rows(
        "SELECT kind, count(*), count(sent_at) FROM notifications GROUP BY kind ORDER BY kind"
    )
    assert kinds == [
        ("booked", 2, 2),
        ("invoice_issued", 1, 1),
        ("reminder", 4, 4),
        ("report_ready", 1, 1),
    ]


async def test_72_hours_of_silence_accept(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.reach_review(minutes=14)
    await ticket.pass_time(timedelta(hours=71, minutes=55))
    assert ticket.ticket("status") == ("in_review",)
    assert office.database.rows("SELECT count(*) FROM invoices") == [(0,)]
    await ticket.pass_time(timedelta(minutes=10))
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"
    assert ticket.journal()[7:] == [
        ("system", "accept", "in_review", "invoiced"),
        ("system", "charge", "invoiced", "invoiced"),
        ("system", "paid", "invoiced", "closed"),
    ]
    assert office.database.rows("SELECT count(*) FROM reviews") == [(0,)]
    assert office.database.rows("SELECT kind FROM notifications WHERE kind LIKE 'review%%'") == [
        ("review_due",)
    ]


async def test_a_payment_whose_notice_is_lost_is_found_all_the_same(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.reach_review()
    await ticket.act("review", ticket.satisfied())
    await ticket.pass_time(timedelta(minutes=11))
    assert await ticket.handle.result() == "paid"
