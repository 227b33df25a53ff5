"""What is with our bank, seen to be broken by exactly the rows that break it."""

from datetime import timedelta

from db.stores.payouts import bank_orders, claims
from domain.bank_steps import OrderTransfer
from domain.bank_transfers import bank_reference
from domain.invariants import Invariant
from domain.payout_steps import Claim, PayoutToSend, TechnicianOrder
from tests.control.books import Books


async def ordered(books: Books) -> str:
    """What the technician has earned since is with the bank. Answers the payout's key."""
    ticket, invoice = await books.invoiced()
    await books.paid(ticket, invoice, 3000)
    books.read()
    books.database.execute("UPDATE payees SET rail = 'sepa', iban = 'FR1420041010050500013M02606'")
    books.now += timedelta(hours=1)
    order = TechnicianOrder("2026-11", books.technician, books.now)
    async with books.worker.begin() as session:
        [payout] = (await claims.claim(session, Claim(order, books.now))).payouts
    await hand_over(books, payout)
    return payout.key


async def hand_over(books: Books, payout: PayoutToSend) -> None:
    async with books.worker.begin() as session:
        await bank_orders.order(session, OrderTransfer(payout, books.now))


async def test_what_is_with_the_bank_breaks_nothing(books: Books) -> None:
    await ordered(books)
    assert await books.violations() == {}


async def test_an_account_that_is_not_what_the_bank_is_to_pay(books: Books) -> None:
    key = await ordered(books)
    books.spoil("UPDATE bank_orders SET amount_cents = amount_cents + 1")
    books.post("by-hand:1", ("580", 7), ("471", -7))
    expected = -one(books, "SELECT amount_cents FROM bank_orders")
    assert await books.violations() == {
        Invariant.BANK_TRANSFERS: [
            {"reference": "1", "ledger_cents": 7, "expected_cents": 0},
            {"reference": key, "ledger_cents": expected + 1, "expected_cents": expected},
        ]
    }


async def test_a_payout_with_the_bank_that_has_no_order(books: Books) -> None:
    key = await ordered(books)
    cents = one(books, "SELECT amount_cents FROM bank_orders")
    books.spoil("DELETE FROM bank_orders")
    assert await books.violations() == {
        Invariant.BANK_TRANSFERS: [{"reference": key, "ledger_cents": -cents, "expected_cents": 0}],
        Invariant.BANK_ANSWERS: [{"reference": key, "fault": "not_ordered"}],
    }


async def test_an_order_of_a_payout_that_is_not_with_the_bank(books: Books) -> None:
    key = await ordered(books)
    books.spoil("UPDATE payouts SET status = 'paid' WHERE status = 'ordered'")
    assert await books.violations() == {
        Invariant.BANK_ANSWERS: [{"reference": key, "fault": "ordered_besides"}]
    }


async def test_an_order_that_nobody_handed_in_and_one_that_the_bank_forgot(books: Books) -> None:
    key = await ordered(books)
    books.spoil("UPDATE bank_orders SET recorded_at = now() - interval '61 minutes'")
    assert await books.violations() == {
        Invariant.BANK_ANSWERS: [{"reference": key, "fault": "not_handed_in"}]
    }
    books.spoil("UPDATE bank_orders SET state = 'ordered', file = 'OMEA-2026-11-1'")
    assert await books.violations() == {}
    books.spoil("UPDATE bank_orders SET recorded_at = now() - interval '8 days'")
    assert await books.violations() == {Invariant.BANK_ANSWERS: [{"reference": key, "fault": "not_answered"}]}
    assert bank_reference(key) == str(books.database.rows("SELECT reference FROM bank_orders")[0][0])


def one(books: Books, query: str) -> int:
    return int(books.database.rows(query)[0][0])
