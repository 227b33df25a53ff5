"""What a bank has said, told again in every order and more than once: the same books."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.gateways.bank_answers import read_bank_answers
from db.engine import create_engine, sessions
from db.models.bank import BankMessage
from db.reads.invariants.books import BOOKS
from db.stores import bank_messages
from db.stores.payouts import bank_answers
from domain.bank_steps import ApplyBankMessage, BankMessageApplied, OrderTransfer
from domain.bank_transfers import bank_reference
from domain.invariants import Invariant
from domain.payees import Rail
from domain.payout_steps import INTERRUPTED, PayoutToSend, TransferAnswer
from tests.bank.messages import a_detail, a_notice, a_report, a_status, an_entry
from tests.payouts.builders import a_gain
from tests.payouts.conftest import Finance
from tests.payouts.test_bank_rail import (
    FILE,
    IBAN,
    MONTH,
    a_technician_by_bank,
    bank,
    days_later,
    key_of,
    served,
)
from tests.support.bank import CLOSED, Bank

__all__ = ["bank", "served"]
TIMES = 10
STATE = (
    "SELECT o.payout, o.state, o.code, p.status, p.failure, p.attempts, p.transfer, p.paid_at IS NOT NULL "
    "FROM bank_orders o JOIN payouts p ON p.key = o.payout ORDER BY 1"
)
BALANCES = (
    "SELECT account, sum(amount_cents)::bigint FROM ledger_lines GROUP BY 1 HAVING sum(amount_cents) <> 0 "
    "ORDER BY 1"
)


@asynccontextmanager
async def undone(finance: Finance) -> AsyncIterator[AsyncSession]:
    """A transaction as the worker, of which nothing stays."""
    engine = create_engine(finance.database.url("omea_worker"))
    async with sessions(engine)() as session:
        yield session
        await session.rollback()
    await engine.dispose()


async def told(session: AsyncSession, digest: str, message: bytes) -> BankMessageApplied:
    """As if the message had never come before, under another digest maybe."""
    stored = await session.get_one(BankMessage, digest)
    stored.applied_at = stored.outcome = None
    at = datetime(2026, 12, 1, 12, tzinfo=UTC)
    return await bank_answers.apply(session, ApplyBankMessage(digest, at), read_bank_answers(message))


async def outcome(session: AsyncSession) -> tuple[list[Any], list[Any]]:
    await session.flush()
    await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    rows = [list(await session.execute(text(query))) for query in (STATE, BALANCES)]
    return rows[0], rows[1]


async def kept(finance: Finance, messages: list[bytes]) -> list[tuple[str, bytes]]:
    async with finance.api.begin() as session:
        return [(await bank_messages.keep(session, one, datetime.now(UTC), None), one) for one in messages]


async def ends_alike(finance: Finance, messages: list[bytes]) -> tuple[list[Any], list[Any]]:
    """What all these messages come to, whatever their order, each told up to three times."""
    known = await kept(finance, messages)
    ends = []
    for seed in range(TIMES):
        shuffle = random.Random(seed)  # noqa: S311
        told_again = known * shuffle.randint(1, 3)
        shuffle.shuffle(told_again)
        async with undone(finance) as session:
            for digest, message in told_again:
                await told(session, digest, message)
            ends.append(await outcome(session))
    assert all(end == ends[0] for end in ends)
    return ends[0]


async def a_month_by_bank(finance: Finance, *ibans: str) -> list[str]:
    technicians = [await a_technician_by_bank(finance, *([iban] if iban else [])) for iban in ibans]
    for technician in technicians:
        a_gain(finance.database, technician, "2025-10-05 10:00")
    await finance.run(MONTH)
    return technicians


async def test_a_whole_month_of_a_bank_ends_alike_in_any_order(served: Finance, bank: Bank) -> None:
    paid, closed, back = await a_month_by_bank(served, "", bank.iban(CLOSED), "")
    later = {"days": 3, "reason": "AC06", "end_to_end_id": bank_reference(key_of(back))}
    bank.change(behaviour="return-later", parameters=later)
    bank.take(served.file(FILE))
    bank.advance_to(days_later(15))
    messages = [body for _, body in bank.messages()]

    states, balances = await ends_alike(served, messages)

    assert sorted(tuple(row) for row in states) == sorted(
        [
            (key_of(paid), "settled", None, "paid", None, 1, bank_reference(key_of(paid)), True),
            (key_of(closed), "rejected", "AC04", "failed", "AC04", 1, None, False),
            (key_of(back), "returned", "AC06", "failed", "AC06", 1, None, False),
        ]
    )
    owed = {f"401:{closed}": -1_600, f"401:{back}": -1_600, "512": -1_600, "611": 4_800}
    assert dict(tuple(row) for row in balances) == owed


def of_file(message: bytes) -> bytes:
    return message.replace(b"OMEA-2026-11-1", FILE.encode())


def batch_debit(cents: int) -> bytes:
    euros = f"{cents // 100}.{cents % 100:02d}"
    entry = an_entry(f"<Btch><PmtInfId>{FILE}</PmtInfId></Btch>", amount=f'<Amt Ccy="EUR">{euros}</Amt>')
    return a_notice(entry)


async def test_one_debit_for_the_whole_file_settles_those_that_were_not_rejected(served: Finance) -> None:
    paid, closed = await a_month_by_bank(served, "", "")
    reason = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
    rejection = of_file(a_report("", a_status(bank_reference(key_of(closed)), "RJCT", reason)))
    states, balances = await ends_alike(served, [rejection, batch_debit(1_600)])
    assert sorted((row[0], row[1], row[3]) for row in states) == sorted(
        [(key_of(paid), "settled", "paid"), (key_of(closed), "rejected", "failed")]
    )
    assert dict(tuple(row) for row in balances) == {f"401:{closed}": -1_600, "512": -1_600, "611": 3_200}


async def test_a_debit_is_compared_with_the_transfers_that_were_made(served: Finance) -> None:
    _, closed = await a_month_by_bank(served, "", "")
    rejection = of_file(a_report("", a_status(bank_reference(key_of(closed)), "RJCT")))

    async def debits_told(session: AsyncSession) -> list[Any]:
        return list(await session.execute(text(BOOKS[Invariant.BANK_DEBITS])))

    for debited, wrong in ((1_600, []), (3_200, [(FILE, 3_200, 1_600)])):
        messages = await kept(served, [batch_debit(debited), rejection])
        async with undone(served) as session:
            for digest, message in messages:
                await told(session, digest, message)
                await session.flush()
            assert [tuple(row) for row in await debits_told(session)] == wrong


async def test_a_file_refused_as_a_whole_gives_its_reason_to_each(served: Finance) -> None:
    [technician] = await a_month_by_bank(served, "")
    whole = of_file(a_report("<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"))
    states, balances = await ends_alike(served, [whole])
    assert [tuple(row)[1:6] for row in states] == [("rejected", "FF01", "failed", "FF01", 1)]
    assert dict(tuple(row) for row in balances) == {f"401:{technician}": -1_600, "611": 1_600}

    named = of_file(a_report("", a_status(bank_reference(key_of(technician)), "RJCT")))
    again, _ = await ends_alike(served, [whole, named])
    assert [tuple(row) for row in again] == [tuple(row) for row in states]


async def test_a_debit_that_follows_a_refusal_is_believed(served: Finance) -> None:
    """A file refused, handed in again by another way, and made."""
    await a_month_by_bank(served, "")
    whole = of_file(a_report("<GrpSts>RJCT</GrpSts>"))
    states, balances = await ends_alike(served, [whole, batch_debit(1_600)])
    assert [(row[1], row[3]) for row in states] == [("settled", "paid")]
    assert dict(tuple(row) for row in balances) == {"512": -1_600, "611": 1_600}


async def test_another_amount_changes_nothing_and_is_for_people(served: Finance) -> None:
    [technician] = await a_month_by_bank(served, "")
    entry = an_entry(a_detail(bank_reference(key_of(technician))), amount='<Amt Ccy="EUR">15.99</Amt>')
    assert await served.hear(a_notice(entry)) == BankMessageApplied(conflicting=1)
    assert served.database.rows("SELECT state FROM bank_orders") == [("ordered",)]


async def test_other_peoples_entries_are_counted_and_left_alone(served: Finance) -> None:
    await a_month_by_bank(served, "")
    message = a_notice(an_entry(a_detail("FACTURE-EDF-12")), an_entry(a_detail("LOYER")))
    before = served.database.rows(STATE)
    assert await served.hear(message) == BankMessageApplied(unknown=2)
    assert served.database.rows(STATE) == before


async def test_money_that_left_twice_is_for_people(served: Finance) -> None:
    """The bank has rejected it, we have ordered it again, and then it paid the first one."""
    [technician] = await a_month_by_bank(served, "")
    first = bank_reference(key_of(technician))
    await served.hear(of_file(a_report("", a_status(first, "RJCT"))))
    assert (await served.run(MONTH)).technicians[0].ordered_cents == 1_600
    entry = an_entry(a_detail(first), amount='<Amt Ccy="EUR">16.00</Amt>')
    assert await served.hear(a_notice(entry)) == BankMessageApplied(settled=1, conflicting=1)
    [(status, transfer)] = served.database.rows("SELECT status, transfer FROM payouts")
    assert (status, transfer) == ("ordered", bank_reference(key_of(technician), 2))
    assert served.ledger(f"401:{technician}") == 1_600


async def test_what_the_bank_adds_later_does_not_hide_that_stripe_was_asked(served: Finance) -> None:
    """Refused as a whole, then asked of Stripe, whose yes is lost; the bank repeats itself, and the
    technician is back on its rail."""
    [technician] = await a_month_by_bank(served, "")
    await served.hear(of_file(a_report("<GrpSts>RJCT</GrpSts>")))
    await served.fund(100_000)
    await served.open_account(technician)
    served.set_rail(technician, None)
    served.payments.kills = 1_000
    handle = await served.start(MONTH)
    await served.payments.killed.wait()
    await handle.terminate()
    named = a_status(
        bank_reference(key_of(technician)), "RJCT", "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
    )
    await served.hear(of_file(a_report("", named)))
    served.set_rail(technician, IBAN)
    served.payments.kills = 0

    result = await served.run(MONTH)

    assert (result.technicians[0].paid_cents, result.technicians[0].ordered_cents) == (1_600, 0)
    assert len(served.transfers()) == 1
    assert served.database.rows("SELECT state FROM bank_orders") == [("rejected",)]


async def test_a_payout_that_the_bank_made_after_all_is_not_ordered_again(served: Finance) -> None:
    """Between its claim and its order, the bank says that the first one was made."""
    [technician] = await a_month_by_bank(served, "")
    await served.hear(of_file(a_report("<GrpSts>RJCT</GrpSts>")))
    await served.hear(batch_debit(1_600))
    again = PayoutToSend(key_of(technician), technician, 1_600, "", 2, "AF0001-00001", Rail.SEPA)
    answer = await served.bank.order_transfer(OrderTransfer(again, datetime.now(UTC)))
    assert answer == TransferAnswer(refusal=INTERRUPTED)
    assert served.database.rows("SELECT status, attempts FROM payouts") == [("paid", 1)]


async def test_a_payout_has_one_order_that_is_open(served: Finance) -> None:
    await a_month_by_bank(served, "")
    again = (
        "INSERT INTO bank_orders (reference, payout, attempt, name, iban, amount_cents, state, ordered_at) "
        "SELECT 'OTHER', payout, 2, name, iban, amount_cents, 'waiting', now() FROM bank_orders"
    )
    with served.database.connect("omea_worker") as worker, pytest.raises(psycopg.errors.UniqueViolation):
        worker.execute(again)
