"""Technicians paid through our bank: files that it takes, and all that it answers."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities.gateways.bank_answers import read_bank_answers
from deploy import bank as our_bank
from domain.bank_orders import BANK_NOT_CONFIGURED
from domain.bank_steps import BankMessageApplied, MakeTransferFile
from domain.bank_transfers import bank_reference
from domain.opening_hours import PARIS
from domain.payouts import PayoutRunResult, TechnicianPaid
from domain.target_days import next_target_day
from tests.payouts.builders import a_gain
from tests.payouts.conftest import Finance
from tests.support.bank import CLOSED, OURS, Bank, running_bank

MONTH = "2025-10"
IBAN = "FR1420041010050500013M02606"
FILE = f"OMEA-{MONTH}-1"


def today() -> date:
    return datetime.now(UTC).astimezone(PARIS).date()


def days_later(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


@pytest.fixture
def bank() -> Iterator[Bank]:
    with running_bank(f"{today()}T09:00") as running:
        yield running


@pytest.fixture
def served(finance: Finance, bank: Bank) -> Finance:
    """Finance whose own account is at that bank."""
    finance.bank.use(bank.iban(OURS))
    return finance


async def a_technician_by_bank(finance: Finance, iban: str = IBAN) -> str:
    technician = await finance.a_technician(account=False)
    finance.set_rail(technician, iban)
    return technician


def payout(finance: Finance, technician: str) -> tuple[Any, ...]:
    """Status, transfer, failure and attempts of the first one of the month."""
    [row] = finance.database.rows(
        "SELECT status, transfer, failure, attempts FROM payouts WHERE key = %s", key_of(technician)
    )
    return row


def key_of(technician: str) -> str:
    return f"payout:{MONTH}:{technician}:1"


def books(finance: Finance, technician: str) -> tuple[int, int, int]:
    """What is owed to the technician, on its way through the bank, and gone from our account."""
    owed, on_its_way, gone = (finance.ledger(one) for one in (f"401:{technician}", "580", "512"))
    return -owed, -on_its_way, -gone


async def hear_all(finance: Finance, bank: Bank) -> BankMessageApplied:
    """All that the bank has sent since, each message once: the sum of what it changed."""
    heard = [await finance.hear(body) for _, body in bank.messages()]
    return BankMessageApplied(
        **{
            name: sum(getattr(one, name) for one in heard)
            for name in BankMessageApplied.__dataclass_fields__
            if name not in ("accepted", "unchanged", "unknown")
        }
    )


async def test_a_run_orders_and_the_bank_pays(served: Finance, bank: Bank) -> None:
    technician = await a_technician_by_bank(served)
    owed = a_gain(served.database, technician, "2025-10-05 10:00")
    reference = bank_reference(key_of(technician))

    result = await served.run(MONTH)

    paid = (TechnicianPaid(technician, 0, None, owed),)
    assert result == PayoutRunResult(MONTH, 1, paid, FILE)
    assert payout(served, technician) == ("ordered", reference, None, 0)
    assert books(served, technician) == (0, owed, 0)
    [(execution, total)] = served.database.rows("SELECT execution_date, total_cents FROM transfer_files")
    assert (execution, total) == (next_target_day(today()), owed)

    assert bank.take(served.file(FILE)) == 202
    assert await hear_all(served, bank) == BankMessageApplied()
    assert payout(served, technician)[0] == "ordered"
    # Neither run again nor paid twice meanwhile.
    assert await served.run(MONTH) == PayoutRunResult(MONTH, 2, ())

    bank.advance_to(days_later(10))
    assert await hear_all(served, bank) == BankMessageApplied(settled=1)
    assert payout(served, technician) == ("paid", reference, None, 1)
    assert books(served, technician) == (0, 0, owed)
    [(settled_on,)] = served.database.rows("SELECT settled_on FROM bank_orders")
    assert settled_on >= execution
    assert served.transfers() == []


async def test_a_closed_account_is_paid_by_the_next_file_once_it_is_mended(
    served: Finance, bank: Bank
) -> None:
    technician = await a_technician_by_bank(served, bank.iban(CLOSED))
    owed = a_gain(served.database, technician, "2025-10-05 10:00")
    await served.run(MONTH)
    bank.take(served.file(FILE))
    assert await hear_all(served, bank) == BankMessageApplied(rejected=1)
    assert payout(served, technician) == ("failed", None, "AC04", 1)
    assert books(served, technician) == (owed, 0, 0)

    served.set_rail(technician, IBAN)
    result = await served.run(MONTH)
    assert result.file == f"OMEA-{MONTH}-2"
    second = bank_reference(key_of(technician), 2)
    assert payout(served, technician) == ("ordered", second, None, 1)
    bank.take(served.file(result.file))
    bank.advance_to(days_later(10))
    assert await hear_all(served, bank) == BankMessageApplied(settled=1)
    assert payout(served, technician) == ("paid", second, None, 2)
    assert books(served, technician) == (0, 0, owed)


async def test_a_transfer_that_comes_back_is_owed_again(served: Finance, bank: Bank) -> None:
    technician = await a_technician_by_bank(served)
    owed = a_gain(served.database, technician, "2025-10-05 10:00")
    await served.run(MONTH)
    back = {"days": 3, "reason": "MD07", "end_to_end_id": bank_reference(key_of(technician))}
    bank.change(behaviour="return-later", parameters=back)
    bank.take(served.file(FILE))
    bank.advance_to(next_target_day(next_target_day(today())).isoformat())
    assert await hear_all(served, bank) == BankMessageApplied(settled=1)
    assert payout(served, technician)[0] == "paid"
    bank.advance_to(days_later(15))
    assert await hear_all(served, bank) == BankMessageApplied(returned=1)
    assert payout(served, technician) == ("failed", None, "MD07", 1)
    assert books(served, technician) == (owed, 0, 0)
    result = await served.run(MONTH)
    assert result.technicians == (TechnicianPaid(technician, 0, None, owed),)


async def test_the_same_file_taken_twice_changes_nothing(served: Finance, bank: Bank) -> None:
    technician = await a_technician_by_bank(served)
    owed = a_gain(served.database, technician, "2025-10-05 10:00")
    await served.run(MONTH)
    assert (bank.take(served.file(FILE)), bank.take(served.file(FILE))) == (202, 422)
    assert await hear_all(served, bank) == BankMessageApplied()
    assert books(served, technician) == (0, owed, 0)


async def test_a_message_brought_twice_is_answered_the_same(served: Finance, bank: Bank) -> None:
    technician = await a_technician_by_bank(served)
    a_gain(served.database, technician, "2025-10-05 10:00")
    await served.run(MONTH)
    bank.take(served.file(FILE))
    bank.advance_to(days_later(10))
    message = next(body for kind, body in bank.messages() if kind.startswith("camt.054"))
    first = await served.hear(message)
    before = served.database.counts()
    assert first == BankMessageApplied(settled=1)
    assert await served.hear(message) == first
    # As `omea bank import` does it.
    assert await our_bank.bring(served.client, served.api, served.task_queue, message) == first
    assert served.database.counts() == before


async def test_technicians_by_both_rails_in_one_run(served: Finance) -> None:
    await served.fund(100_000)
    by_bank, by_stripe = await a_technician_by_bank(served), await served.a_technician()
    for technician in (by_bank, by_stripe):
        a_gain(served.database, technician, "2025-10-05 10:00")
    result = await served.run(MONTH)
    assert set(result.technicians) == {
        TechnicianPaid(by_bank, 0, None, 1_600),
        TechnicianPaid(by_stripe, 1_600),
    }
    assert served.transfers() == [(key_of(by_stripe), 1_600)]
    assert served.database.rows("SELECT payout FROM bank_orders") == [(key_of(by_bank),)]


async def test_without_an_account_of_ours_nothing_is_ordered(served: Finance) -> None:
    technician = await a_technician_by_bank(served)
    owed = a_gain(served.database, technician, "2025-10-05 10:00")
    served.bank.use(None)
    result = await served.run(MONTH)
    assert result == PayoutRunResult(MONTH, 1, (TechnicianPaid(technician, 0, BANK_NOT_CONFIGURED),))
    assert payout(served, technician) == ("to_send", None, BANK_NOT_CONFIGURED, 0)
    assert books(served, technician) == (owed, 0, 0)

    served.bank.use(IBAN)
    assert (await served.run(MONTH)).file == FILE
    assert payout(served, technician) == ("ordered", bank_reference(key_of(technician)), None, 0)


async def test_a_change_of_rail_after_a_transfer_whose_record_was_lost_pays_once(served: Finance) -> None:
    """Stripe has said yes, and nobody knows: the bank is not told, and the transfer that is there pays."""
    await served.fund(100_000)
    technician = await served.a_technician()
    owed = a_gain(served.database, technician, "2025-10-05 10:00")
    served.payments.kills = 1_000
    handle = await served.start(MONTH)
    await served.payments.killed.wait()
    await handle.terminate()
    served.set_rail(technician, IBAN)
    served.payments.kills = 0

    result = await served.run(MONTH)

    assert result == PayoutRunResult(MONTH, 2, (TechnicianPaid(technician, owed),))
    [(_, cents)] = served.transfers()
    assert cents == owed
    assert served.database.rows("SELECT FROM bank_orders") == []
    assert payout(served, technician)[0] == "paid"
    assert books(served, technician) == (0, 0, 0)


async def test_a_later_try_whose_record_was_lost_is_looked_for_as_well(served: Finance) -> None:
    """The payout is marked as refused all the while: it was, the first time."""
    technician = await served.a_technician()
    more_than_there_is = served.balance() // 800 + 1
    owed = a_gain(served.database, technician, "2025-10-05 10:00", slices=more_than_there_is)
    await served.run(MONTH)
    assert payout(served, technician) == ("failed", None, "balance_insufficient", 1)
    await served.fund(100_000)
    served.payments.kills = 1_000
    handle = await served.start(MONTH)
    await served.payments.killed.wait()
    await handle.terminate()
    served.set_rail(technician, IBAN)
    served.payments.kills = 0
    assert (await served.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    assert served.database.rows("SELECT FROM bank_orders") == []


async def test_a_change_of_rail_after_a_refusal_goes_by_bank(served: Finance) -> None:
    technician = await served.a_technician()
    served.set_account(technician, "acct_closed")
    owed = a_gain(served.database, technician, "2025-10-05 10:00")
    await served.run(MONTH)
    assert payout(served, technician) == ("failed", None, "resource_missing", 1)
    served.set_rail(technician, IBAN)
    assert (await served.run(MONTH)).technicians == (TechnicianPaid(technician, 0, None, owed),)
    assert payout(served, technician) == ("ordered", bank_reference(key_of(technician), 2), None, 1)

    # With the bank, it is nobody else's to send, whatever the technician changes.
    served.set_rail(technician, None)
    await served.open_account(technician)
    assert (await served.run(MONTH)).technicians == ()
    assert served.transfers() == []


async def test_what_the_bank_rejects_may_go_by_stripe(served: Finance, bank: Bank) -> None:
    await served.fund(100_000)
    technician = await served.a_technician()
    served.set_rail(technician, bank.iban(CLOSED))
    owed = a_gain(served.database, technician, "2025-10-05 10:00")
    await served.run(MONTH)
    bank.take(served.file(FILE))
    messages = [body for _, body in bank.messages()]
    for message in messages:
        await served.hear(message)
    served.set_rail(technician, None)
    assert (await served.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    status, transfer, failure, attempts = payout(served, technician)
    assert (status, transfer[:3], failure, attempts) == ("paid", "tr_", None, 2)
    assert books(served, technician) == (0, 0, 0)
    assert read_bank_answers(messages[0])


async def test_a_change_of_bank_asked_for_meanwhile_is_not_ordered(served: Finance) -> None:
    technician = await a_technician_by_bank(served)
    a_gain(served.database, technician, "2025-10-05 10:00")
    served.database.execute(
        "UPDATE payees SET wanted_rail = 'stripe', wanted_at = now() WHERE technician_id = %s", technician
    )
    result = await served.run(MONTH)
    assert result.technicians == (TechnicianPaid(technician, 0, "bank_change_pending"),)
    assert served.database.rows("SELECT FROM bank_orders") == []


async def test_a_file_left_unwritten_is_finished_by_the_rerun_before_another(
    environment: WorkflowEnvironment, served: Finance
) -> None:
    first, second = await a_technician_by_bank(served), await a_technician_by_bank(served)
    a_gain(served.database, first, "2025-10-05 10:00")
    served.bank.kills = 1_000_000
    handle = await served.start(MONTH)
    await until_opened(served)
    await environment.fast_forward(handle, timedelta(hours=2))
    result = await handle.result()
    assert (result.file, result.technicians[0].ordered_cents) == (None, 1_600)
    assert served.database.rows("SELECT state FROM bank_orders") == [("waiting",)]

    served.bank.kills = 0
    served.bank.use(IBAN)
    a_gain(served.database, second, "2025-10-06 10:00")
    again = await served.run(MONTH)
    assert again.file == f"OMEA-{MONTH}-2"
    files = "SELECT message_id, total_cents, sha256 IS NOT NULL FROM transfer_files ORDER BY n"
    assert served.database.rows(files) == [(FILE, 1_600, True), (again.file, 1_600, True)]
    states = "SELECT file, state FROM bank_orders ORDER BY file"
    assert served.database.rows(states) == [(FILE, "ordered"), (again.file, "ordered")]


async def until_opened(finance: Finance) -> None:
    async with asyncio.timeout(30):
        while not finance.database.rows("SELECT FROM transfer_files"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_file_is_written_to_the_same_bytes_whoever_writes_it(served: Finance) -> None:
    technician = await a_technician_by_bank(served)
    a_gain(served.database, technician, "2025-10-05 10:00")
    served.bank.kills = 3
    await served.run(MONTH)
    written = served.file(FILE)
    # As a second step would that was thought dead.
    served.database.execute("ALTER TABLE transfer_files DISABLE TRIGGER written")
    served.database.execute("UPDATE transfer_files SET xml = NULL, sha256 = NULL")
    assert (await served.run(MONTH)).file == FILE
    assert served.file(FILE) == written


async def test_what_is_no_message_of_a_bank_is_refused(served: Finance) -> None:
    with pytest.raises(WorkflowFailureError) as caught:
        await served.hear(b"<nonsense/>")
    cause = caught.value.cause.__cause__
    assert isinstance(cause, ApplicationError)
    assert cause.type == "not_a_bank_message"


# Over several histories many are paid by transfers in `make test` too; see `test_month_end`.
@pytest.mark.soak
async def test_many_technicians_over_several_histories_are_in_one_file(served: Finance) -> None:
    technicians = sorted([await a_technician_by_bank(served) for _ in range(25)])
    for technician in technicians:
        a_gain(served.database, technician, "2025-10-05 10:00")
    handle = await served.start(MONTH)
    result = await handle.result()
    assert handle.first_execution_run_id != (await handle.describe()).run_id
    paid = tuple(TechnicianPaid(technician, 0, None, 1_600) for technician in technicians)
    assert result == PayoutRunResult(MONTH, 1, paid, FILE)
    assert served.database.rows("SELECT n, total_cents FROM transfer_files") == [(1, 40_000)]


async def test_two_steps_that_make_the_file_at_once_make_one(served: Finance) -> None:
    technician = await a_technician_by_bank(served)
    a_gain(served.database, technician, "2025-10-05 10:00")
    await served.run(MONTH, key="test:at-once")
    # As it was before either began.
    served.database.execute("UPDATE bank_orders SET file = NULL, state = 'waiting'")
    served.database.execute("ALTER TABLE transfer_files DISABLE TRIGGER written")
    served.database.execute("DELETE FROM transfer_files")
    message = MakeTransferFile(MONTH, "test:at-once", datetime.now(UTC))
    made = await asyncio.gather(*(served.bank.make_transfer_file(message) for _ in range(4)))
    assert {one.message_id for one in made} == {FILE}
    assert served.database.rows("SELECT message_id FROM transfer_files") == [(FILE,)]
