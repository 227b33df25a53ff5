"""Each invariant is seen to be broken, by exactly the rows that break it; books in order break none."""

from datetime import UTC, datetime, timedelta

import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from db.reads.invariants.looking import look
from domain.invariants import EXPLANATIONS, VALUES, Invariant, Patience
from domain.provider_entries import EVENTS, FEE, KINDS
from tests.control.books import Books
from tests.support.people import a_submission

YEAR = datetime.now(UTC).year


async def test_books_in_order_break_nothing(books: Books) -> None:
    assert await books.violations() == {}
    [(lines,)] = books.database.rows("SELECT count(*) FROM ledger_lines")
    assert lines > 25


def one(books: Books, query: str) -> str:
    return str(books.database.rows(query)[0][0])


def paid_invoice(books: Books) -> str:
    return f"F{YEAR}-000001"


def unpaid_invoice(books: Books) -> str:
    return f"F{YEAR}-000002"


def ticket_of(books: Books, invoice: str) -> str:
    [(ticket,)] = books.database.rows("SELECT ticket FROM invoices WHERE number = %s", invoice)
    return str(ticket)


async def test_a_transaction_that_does_not_balance_is_named_and_the_ledger_with_it(books: Books) -> None:
    books.post("by-hand:1", ("512", 100), ("471", -60))
    books.post("by-hand:2")
    assert await books.violations() == {
        Invariant.TRANSACTIONS_BALANCED: [
            {"transaction": "by-hand:1", "difference_cents": 40},
            {"transaction": "by-hand:2", "difference_cents": 0},
        ],
        Invariant.LEDGER_BALANCED: [{"difference_cents": 40}],
    }


async def test_a_ledger_is_out_of_balance_by_the_sum_of_its_faults(books: Books) -> None:
    books.post("by-hand:1", ("512", 100))
    books.post("by-hand:2", ("471", -100))
    assert Invariant.LEDGER_BALANCED not in await books.violations()
    books.post("by-hand:3", ("471", -7))
    assert (await books.violations())[Invariant.LEDGER_BALANCED] == [{"difference_cents": -7}]


async def test_a_statement_of_other_cents_than_its_gains(books: Books) -> None:
    books.spoil("UPDATE statements SET total_cents = total_cents - 1")
    assert await books.violations() == {
        Invariant.GAINS_ACCOUNTED: [{"technician": books.technician, "difference_cents": 1}]
    }


async def test_a_gain_claimed_by_a_statement_without_a_payout(books: Books) -> None:
    books.spoil("DELETE FROM payouts")
    assert await books.violations() == {
        Invariant.GAINS_ACCOUNTED: [{"technician": books.technician, "difference_cents": 1600}]
    }


async def test_a_technicians_account_that_is_not_what_is_due(books: Books) -> None:
    accrued, payable = f"4081:{books.technician}", f"401:{books.technician}"
    books.post("by-hand:1", (accrued, 5), (payable, -5))
    assert await books.violations() == {
        Invariant.TECHNICIAN_ACCOUNTS: [
            {"account": payable, "difference_cents": -5},
            {"account": accrued, "difference_cents": 5},
        ]
    }


async def test_a_transfer_that_is_taken_back_in_part_and_what_came_back_is_owed(books: Books) -> None:
    [(payout, transfer)] = books.database.rows("SELECT key, transfer FROM payouts")
    books.spoil("UPDATE payouts SET rail = 'stripe'")
    await books.reversed(payout, transfer, 600)
    assert await books.violations() == {
        Invariant.TRANSFERS_WHOLE: [{"reference": payout, "reversed_cents": 600}]
    }
    books.post("by-hand:1", (f"401:{books.technician}", 7), ("471", -7))
    assert (await books.violations())[Invariant.TECHNICIAN_ACCOUNTS] == [
        {"account": f"401:{books.technician}", "difference_cents": 7}
    ]
    books.spoil("DELETE FROM ledger_lines WHERE transaction = 'by-hand:1'")
    books.spoil("DELETE FROM ledger_transactions WHERE key = 'by-hand:1'")
    await books.reversed(payout, transfer, 1000)
    assert await books.violations() == {
        Invariant.PAYOUTS_SENT: [{"reference": payout, "fault": "taken_back"}]
    }
    assert books.database.rows("SELECT status FROM payouts") == [("failed",)]


async def test_a_reversal_that_nobody_has_entered(books: Books) -> None:
    [(payout, transfer)] = books.database.rows("SELECT key, transfer FROM payouts")
    await books.entry("transfer_refund", 600, object="trr_1", transfer=transfer)
    books.read()
    assert await books.violations() == {
        Invariant.PROVIDER_ENTRIES: [
            {"reference": payout, "sort": "transfer_reversal", "ledger_cents": 0, "provider_cents": 600}
        ]
    }


async def test_an_invoice_that_owes_something_else(books: Books) -> None:
    books.post(f"by-hand:{unpaid_invoice(books)}", (f"411:{books.client}", -100), ("471", 100))
    row = {"invoice": unpaid_invoice(books), "ledger_cents": 2900, "expected_cents": 3000}
    assert await books.violations() == {
        Invariant.INVOICES_OWED: [row],
        Invariant.CLIENT_ACCOUNTS: [{"account": f"411:{books.client}", "difference_cents": -100}],
    }


async def test_two_wrong_invoices_of_a_client_whose_account_is_right(books: Books) -> None:
    books.post(f"by-hand:{unpaid_invoice(books)}", (f"411:{books.client}", 100), ("471", -100))
    books.post("by-hand:of-nothing", (f"411:{books.client}", -100), ("471", 100))
    assert await books.violations() == {
        Invariant.INVOICES_OWED: [
            {"invoice": unpaid_invoice(books), "ledger_cents": 3100, "expected_cents": 3000},
            {"invoice": "of-nothing", "ledger_cents": -100, "expected_cents": 0},
        ]
    }


async def test_more_credited_than_was_ever_invoiced(books: Books) -> None:
    invoice = unpaid_invoice(books)
    books.spoil("UPDATE credit_note_counters SET last = 2")
    books.spoil(
        "INSERT INTO credit_notes VALUES (%s, %s, now(), 3, 3750, 750, 4500)", f"A{YEAR}-000002", invoice
    )
    lines = ((f"411:{books.client}", -4500), ("706", 3750), ("44574", 750))
    books.post(f"credit:A{YEAR}-000002", *lines)
    assert await books.violations() == {
        Invariant.INVOICES_OWED: [{"invoice": invoice, "ledger_cents": -1500, "expected_cents": -1500}]
    }


async def test_vat_that_stays_pending_though_it_was_paid(books: Books) -> None:
    invoice = paid_invoice(books)
    books.spoil(
        "DELETE FROM ledger_lines WHERE transaction = %s AND account LIKE '4457%%'", f"paid:{invoice}"
    )
    assert await books.violations() == {
        Invariant.VAT_PENDING: [{"invoice": invoice, "ledger_cents": -500, "expected_cents": 0}],
        Invariant.VAT_DUE: [{"invoice": invoice, "ledger_cents": 0, "expected_cents": -500}],
    }


async def test_sales_that_no_invoice_explains(books: Books) -> None:
    books.post("by-hand:1", ("709", 60), ("471", -60))
    books.spoil(
        "UPDATE invoices SET total_ht_cents = total_ht_cents + 1, total_vat_cents = total_vat_cents - 1 "
        "WHERE number = %s",
        unpaid_invoice(books),
    )
    assert await books.violations() == {
        Invariant.SALES: [
            {"invoice": "1", "ledger_cents": 60, "expected_cents": 0},
            {"invoice": unpaid_invoice(books), "ledger_cents": -2500, "expected_cents": -2501},
        ],
        Invariant.VAT_PENDING: [
            {"invoice": unpaid_invoice(books), "ledger_cents": -500, "expected_cents": -499}
        ],
    }


async def test_an_invoice_that_nobody_accepted_or_ruled(books: Books) -> None:
    unaccepted, unruled = paid_invoice(books), unpaid_invoice(books)
    books.spoil(
        "UPDATE journal SET act = 'other' WHERE details ->> 'invoice' = %s AND act = 'accept'", unaccepted
    )
    books.spoil(
        "UPDATE journal SET before = 'suspended' WHERE details ->> 'invoice' = %s AND act = 'accept'", unruled
    )
    assert await books.violations() == {
        Invariant.INVOICES_ACCEPTED: [
            {"invoice": number, "ticket": ticket_of(books, number)} for number in (unaccepted, unruled)
        ]
    }


async def test_money_that_moved_while_its_ticket_was_suspended(books: Books) -> None:
    invoice = f"F{YEAR}-000004"
    ticket = ticket_of(books, invoice)
    later = books.now + timedelta(hours=1)
    gain = one(books, f"SELECT id FROM gains WHERE ticket = '{ticket}'")
    assert await books.violations() == {}
    books.spoil("INSERT INTO payments VALUES (%s, 'pi_x', 'refused', NULL, %s)", invoice, later)
    books.spoil("INSERT INTO payment_attempts VALUES (%s, 1, 'card_declined', %s)", invoice, later)
    books.spoil("UPDATE invoices SET issued_at = %s WHERE number = %s", later, invoice)
    books.spoil("UPDATE gains SET accepted_at = %s WHERE ticket = %s", later, ticket)
    statement = one(books, "SELECT key FROM statements")
    books.spoil("INSERT INTO gain_claims VALUES (%s, %s)", gain, statement)
    books.spoil(
        "UPDATE ledger_transactions SET recorded_at = now() + interval '1 minute' WHERE key = %s",
        f"statement:{statement}",
    )
    found = await books.violations()
    assert found[Invariant.SUSPENDED_UNTOUCHED] == [
        {"ticket": ticket, "fault": fault, "reference": reference}
        for fault, reference in (
            ("card_charged", invoice),
            ("gain_born", gain),
            ("gain_claimed", statement),
            ("invoice_issued", invoice),
            ("payment_entered", invoice),
        )
    ]


async def test_a_ticket_closed_as_paid_without_a_payment_and_a_payment_of_an_open_one(books: Books) -> None:
    paid, unpaid = ticket_of(books, paid_invoice(books)), ticket_of(books, unpaid_invoice(books))
    books.spoil(
        "UPDATE tickets SET status = 'invoiced', outcome = NULL, closed_at = NULL WHERE number = %s", paid
    )
    books.spoil(
        "UPDATE tickets SET status = 'closed', outcome = 'paid', closed_at = now() WHERE number = %s", unpaid
    )
    assert await books.violations() == {
        Invariant.PAID_TICKETS: [
            {"ticket": unpaid, "fault": "payment_missing"},
            {"ticket": paid, "fault": "still_open"},
        ]
    }


async def test_a_second_invoice_of_a_ticket(books: Books) -> None:
    first, second = paid_invoice(books), unpaid_invoice(books)
    books.spoil("ALTER TABLE invoices DROP CONSTRAINT uq_invoices_ticket")
    ticket, alone = ticket_of(books, first), ticket_of(books, second)
    books.spoil("UPDATE invoices SET ticket = %s WHERE number = %s", ticket, second)
    books.spoil("UPDATE journal SET ticket = %s WHERE ticket = %s AND act = 'accept'", ticket, alone)
    assert await books.violations() == {
        Invariant.ONE_INVOICE: [{"ticket": ticket, "invoice": number} for number in (first, second)]
    }


async def test_numbers_that_do_not_follow_each_other(books: Books) -> None:
    books.spoil("UPDATE invoice_counters SET last = last + 2")
    books.spoil("UPDATE credit_note_counters SET last = last - 1")
    books.spoil("UPDATE statements SET sequence = 3")
    assert await books.violations() == {
        Invariant.INVOICE_NUMBERS: [{"number": f"F{YEAR}-00000{n}", "fault": "missing"} for n in (5, 6)],
        Invariant.CREDIT_NOTE_NUMBERS: [{"number": f"A{YEAR}-000001", "fault": "out_of_series"}],
        Invariant.STATEMENT_NUMBERS: [
            {"technician": books.technician, "number": 1, "fault": "missing"},
            {"technician": books.technician, "number": 3, "fault": "out_of_series"},
        ],
    }


async def test_a_number_that_is_none_of_the_series(books: Books) -> None:
    books.spoil("UPDATE invoice_counters SET last = last + 1")
    _, invoice = await books.invoiced()
    books.spoil("UPDATE invoices SET number = 'F-6' WHERE number = %s", invoice)
    found = await books.violations()
    assert found[Invariant.INVOICE_NUMBERS] == [
        {"number": f"F{YEAR}-000005", "fault": "missing"},
        {"number": f"F{YEAR}-000006", "fault": "missing"},
        {"number": "F-6", "fault": "out_of_series"},
    ]


async def test_money_that_only_one_of_us_and_the_provider_knows_of(books: Books) -> None:
    invoice, statement = paid_invoice(books), one(books, "SELECT key FROM statements")
    # Charged at Stripe for one cent more than we entered; a fee that it took and we did not enter.
    books.spoil(
        "UPDATE provider_entries SET amount_cents = 3001, net_cents = 2931 WHERE invoice = %s", invoice
    )
    books.spoil("DELETE FROM ledger_lines WHERE transaction = 'fee:po_1'")
    books.spoil("DELETE FROM ledger_transactions WHERE key = 'fee:po_1'")
    # A transfer that we entered and it never made; a refund of somebody else's doing.
    books.spoil("DELETE FROM provider_entries WHERE kind = 'transfer'")
    await books.entry("refund", -250, object="re_1", invoice=invoice, intent=f"pi_{invoice}")
    books.read()
    assert await books.violations() == {
        Invariant.PROVIDER_ENTRIES: [
            {"reference": reference, "sort": sort, "ledger_cents": ours, "provider_cents": theirs}
            for reference, sort, ours, theirs in (
                (invoice, "charge", 3000, 3001),
                ("po_1", "fee", 0, -10),
                (invoice, "refund", 0, -250),
                (statement, "transfer", -1600, 0),
            )
        ]
    }


async def test_money_under_way_is_no_violation_yet(books: Books) -> None:
    # The provider has just moved it, and we have not heard; we have just entered what was not read yet.
    books.spoil(
        "UPDATE provider_entries SET amount_cents = 3001, net_cents = 2931, created_at = now() "
        "WHERE invoice = %s",
        paid_invoice(books),
    )
    books.spoil("DELETE FROM provider_entries WHERE kind = 'transfer'")
    books.read()
    assert set(await books.violations()) == {Invariant.PROVIDER_ENTRIES}
    books.database.execute("UPDATE provider_readings SET read_at = now() + interval '2 minutes'")
    assert await books.violations() == {}


async def test_what_a_suspended_tickets_client_has_paid_is_entered_after_the_ruling(books: Books) -> None:
    invoice = f"F{YEAR}-000004"
    await books.entry("charge", 1500, 48, object="ch_4", invoice=invoice)
    books.read()
    assert await books.violations() == {}
    books.spoil("UPDATE tickets SET status = 'invoiced' WHERE number = %s", ticket_of(books, invoice))
    found = await books.violations()
    assert [(row["reference"], row["sort"]) for row in found[Invariant.PROVIDER_ENTRIES]] == [
        (invoice, "charge"),
        (invoice, "fee"),
    ]


async def test_an_entry_of_a_kind_that_nobody_has_decided_about(books: Books) -> None:
    entry = await books.entry("reserve_transaction", -900)
    books.read()
    assert await books.violations() == {
        Invariant.PROVIDER_KINDS: [{"entry": entry, "kind": "reserve_transaction", "provider_cents": -900}]
    }


async def test_a_balance_that_its_entries_do_not_explain(books: Books) -> None:
    books.database.execute("UPDATE provider_readings SET balance_cents = balance_cents - 12")
    assert await books.violations() == {Invariant.PROVIDER_BALANCE: [{"difference_cents": -12}]}
    # One that would not stand still while it was read says nothing.
    books.database.execute("UPDATE provider_readings SET balance_cents = NULL")
    assert await books.violations() == {}


async def test_a_provider_that_nobody_reads_any_more(books: Books) -> None:
    books.database.execute(
        "UPDATE provider_readings SET read_at = now() - interval '61 minutes' WHERE reading = 'events'"
    )
    assert await books.violations() == {Invariant.PROVIDER_READ: [{"reading": "events"}]}


async def test_tickets_and_workflows_that_have_lost_each_other(books: Books) -> None:
    running, now = books.running(), datetime.now(UTC)
    long_ago, just_now = now - timedelta(days=4), now - timedelta(minutes=1)
    lost, *_ = running
    del running[lost]
    closed = ticket_of(books, paid_invoice(books))
    running |= {closed: long_ago, "99999990": long_ago, "99999991": just_now}
    # One that has just closed still says goodbye; one just opened is not listed yet.
    assert await books.violations(running) == {
        Invariant.TICKETS_RUNNING: [
            {"ticket": lost, "fault": "process_missing"},
            {"ticket": "99999990", "fault": "ticket_missing"},
        ]
    }
    books.spoil("UPDATE tickets SET closed_at = %s WHERE number = %s", long_ago, closed)
    books.spoil("UPDATE tickets SET opened_at = %s WHERE number = %s", just_now, lost)
    assert (await books.violations(running))[Invariant.TICKETS_RUNNING] == [
        {"ticket": closed, "fault": "still_running"},
        {"ticket": "99999990", "fault": "ticket_missing"},
    ]


async def test_notices_parked_waiting_or_lost(books: Books) -> None:
    for name, state, found_by, minutes in (
        ("evt_parked", "parked", "notice", 1),
        ("evt_waiting", "pending", "notice", 61),
        ("evt_young", "pending", "notice", 59),
        ("evt_done", "done", "notice", 600),
        ("evt_lost", "done", "reading", 60),
        ("evt_lost_before", "done", "reading", 25 * 60),
    ):
        books.database.execute(
            "INSERT INTO webhook_events (id, type, subject, state, found_by, received_at) "
            "VALUES (%s, 'some.kind', '{}', %s, %s, now() - %s * interval '1 minute')",
            *(name, state, found_by, minutes),
        )
    assert await books.violations() == {
        invariant: [{"event": name, "kind": "some.kind"}]
        for invariant, name in (
            (Invariant.WEBHOOKS_PARKED, "evt_parked"),
            (Invariant.WEBHOOKS_PENDING, "evt_waiting"),
            (Invariant.WEBHOOKS_LOST, "evt_lost"),
        )
    }


async def test_what_goes_to_our_bank_or_to_the_provider_itself_is_posted_once(books: Books) -> None:
    def balances() -> dict[str, int]:
        rows = books.database.rows(
            "SELECT account, sum(amount_cents)::int FROM ledger_lines "
            "WHERE transaction ~ '^(bank|bank_returned|provider_fee):' OR transaction = 'fee:po_1' GROUP BY 1"
        )
        return dict(rows)

    assert balances() == {"512": 500, "627": 210, "5112": -710}
    await books.entry("payout_failure", 500, object="po_1")
    assert balances() == {"512": 0, "627": 210, "5112": -210}
    books.read()
    assert await books.violations() == {}


async def test_the_checks_see_one_moment_and_may_not_write(books: Books) -> None:
    async with books.worker() as session:
        await look(session, datetime.now(UTC), books.running(), Patience())
        books.post("by-hand:1", ("512", 1))
        assert not await session.scalar(
            text("SELECT count(*) FROM ledger_lines WHERE account = '512' AND amount_cents = 1")
        )
        with pytest.raises(InternalError, match="read-only transaction"):
            await session.execute(text("UPDATE provider_readings SET balance_cents = 0"))


async def test_one_that_cannot_be_checked_is_not_true_and_hides_no_other(books: Books) -> None:
    books.database.execute("ALTER TABLE webhook_events RENAME COLUMN found_by TO found")
    assert await books.violations() == {Invariant.WEBHOOKS_LOST: [{"fault": "not_checked"}]}


async def test_of_many_rows_twenty_are_shown_and_all_are_counted(books: Books) -> None:
    for n in range(25):
        books.database.execute(
            "INSERT INTO webhook_events (id, type, subject, state) VALUES (%s, 'x', '{}', 'parked')",
            f"evt_{n:02d}",
        )
    async with books.worker() as session:
        found = await look(session, datetime.now(UTC), books.running(), Patience())
    [parked] = [one for one in found if not one.ok]
    assert (parked.total, [row["event"] for row in parked.rows]) == (25, [f"evt_{n:02d}" for n in range(20)])


def test_each_invariant_is_explained_once() -> None:
    assert list(EXPLANATIONS) == list(Invariant)
    assert len(set(EXPLANATIONS.values())) == len(Invariant)


def test_every_sort_of_money_has_its_french() -> None:
    assert {*KINDS.values(), *EVENTS.values(), FEE} <= VALUES.keys()


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("omea_worker", "UPDATE provider_entries SET net_cents = 0, amount_cents = fee_cents"),
        ("omea_worker", "DELETE FROM provider_entries"),
        ("omea_worker", "UPDATE invariant_checks SET ok = true, total = 0"),
        ("omea_worker", "DELETE FROM invariant_alerts"),
        (
            "omea_api",
            "INSERT INTO invariant_checks (at, name, ok, total, rows) VALUES (now(), 'x', true, 0, '[]')",
        ),
        ("omea_api", "UPDATE webhook_events SET state = 'pending'"),
        ("omea_api", "SELECT count(*) FROM provider_entries"),
    ],
)
async def test_what_was_found_cannot_be_changed(books: Books, role: str, statement: str) -> None:
    with books.database.connect(role) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize("table", ["provider_entries", "invariant_checks", "invariant_alerts"])
async def test_not_even_by_their_owner(books: Books, table: str) -> None:
    with books.database.connect("omea_owner") as connection, pytest.raises(errors.RestrictViolation):
        connection.execute(f"DELETE FROM {table}".encode())


async def test_a_statement_that_is_not_paid_for_a_week(books: Books) -> None:
    key = one(books, "SELECT key FROM payouts")
    books.spoil(
        "UPDATE payouts SET status = 'failed', failure = 'account_closed', transfer = NULL, paid_at = NULL"
    )
    at = datetime.fromisoformat(one(books, "SELECT issued_at FROM statements"))
    for after, told in ((timedelta(days=7), []), (timedelta(days=7, seconds=1), ["not_sent"])):
        rows = (await books.violations(at=at + after)).get(Invariant.PAYOUTS_SENT, [])
        assert rows == [{"reference": key, "fault": fault} for fault in told]


async def test_a_contest_that_nobody_answers_for_a_week(books: Books) -> None:
    number = one(books, "SELECT number FROM statements")
    asked = a_submission(books.database, books.technician, "contest", text="Il manque une tranche.")
    books.database.execute(
        "INSERT INTO statement_contests (statement, submission_id, asked_at) "
        "VALUES (%s, %s, now() - interval '6 days 23 hours')",
        *(number, asked),
    )
    assert await books.violations() == {}
    books.spoil("UPDATE statement_contests SET asked_at = now() - interval '7 days 1 minute'")
    assert await books.violations() == {
        Invariant.CONTESTS_ANSWERED: [{"reference": number, "fault": "contest_open"}]
    }
    answer = a_submission(books.database, books.client, "contest_answer", text="Non.")
    books.spoil(
        "UPDATE statement_contests SET answer_id = %s, answered_by = %s, answered_at = now(), "
        "outcome = 'maintained'",
        *(answer, books.client),
    )
    assert await books.violations() == {}
