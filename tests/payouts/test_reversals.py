"""Transfers taken back at the provider: owed again, and paid once more by a rerun."""

from datetime import UTC, datetime

from db.engine import create_engine, sessions
from db.stores.payouts import reversals
from domain.bank_transfers import bank_reference
from domain.invariants import Invariant
from domain.payouts import PayoutRunResult, TechnicianPaid
from domain.reversals import LookAtTransfers, Reversal, SentTransfer
from tests.payouts.builders import a_gain
from tests.payouts.conftest import Finance
from tests.payouts.taking_back import (
    IBAN,
    MONTH,
    a_paid_technician,
    at_the_dashboard,
    books,
    key_of,
    news,
    payout,
    postings,
    refused_with,
    statements,
    taken_back,
    transfer_of,
    violations,
)


async def test_a_transfer_taken_back_at_the_dashboard_is_sent_again_by_a_rerun(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    first, before = transfer_of(finance, technician), statements(finance)
    assert await violations(finance) == {}

    at_the_dashboard(finance, first)
    # However often it is told.
    for _ in range(3):
        await news(finance, technician)
        assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
        assert books(finance, technician) == owed
        assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]
    assert await violations(finance) == taken_back(technician)

    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    # And late.
    await news(finance, technician)
    second = transfer_of(finance, technician)
    assert payout(finance, technician) == ("paid", second, None, 2, True)
    assert second != first
    assert books(finance, technician) == 0
    assert postings(finance, technician) == [
        ("transfer", -owed),
        ("transfer", -owed),
        ("transfer-reversed", owed),
    ]
    assert finance.transfers() == [(key_of(technician), owed)] * 2
    assert statements(finance) == before
    assert await violations(finance) == {}
    assert (await finance.run(MONTH)).technicians == ()


async def test_a_part_taken_back_is_told_until_the_rest_is_too(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    transfer = transfer_of(finance, technician)
    for part in (100, 250):
        at_the_dashboard(finance, transfer, amount=part)
    await news(finance, technician)
    assert payout(finance, technician) == ("paid", transfer, None, 1, True)
    assert books(finance, technician) == 350
    assert await violations(finance) == {
        Invariant.TRANSFERS_WHOLE: [{"reference": key_of(technician), "reversed_cents": 350}]
    }
    # No run makes up for it.
    assert (await finance.run(MONTH)).technicians == ()

    at_the_dashboard(finance, transfer)
    await news(finance, technician)
    assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    assert books(finance, technician) == owed
    assert await violations(finance) == taken_back(technician)
    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    assert books(finance, technician) == 0


async def test_older_answers_that_are_recorded_late_change_nothing(finance: Finance) -> None:
    """Two looks at once: the one that knows less, or knows of no later transfer, is recorded last."""
    technician, owed = await a_paid_technician(finance)
    first = transfer_of(finance, technician)
    part = at_the_dashboard(finance, first, amount=100)
    older = [SentTransfer(first, owed, (Reversal(part, 100),))]
    rest = at_the_dashboard(finance, first)
    whole = [SentTransfer(first, owed, (Reversal(part, 100), Reversal(rest, owed - 100)))]
    assert await finance.payments.transfers_of(key_of(technician)) == whole
    await news(finance, technician)
    await finance.run(MONTH)
    paid = payout(finance, technician)
    engine = create_engine(finance.database.url("omea_worker"))
    for answer in (older, whole, older):
        async with sessions(engine).begin() as session:
            message = LookAtTransfers(key_of(technician), datetime.now(UTC))
            await reversals.record_seen(session, message, answer)
        assert payout(finance, technician) == paid
        assert books(finance, technician) == 0
    await engine.dispose()


async def test_taken_back_before_its_sending_was_recorded(finance: Finance) -> None:
    """The worker is dead between Stripe's yes and our record; the notice comes first, the record after."""
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")
    finance.payments.kills = 1_000
    handle = await finance.start(MONTH)
    await finance.payments.killed.wait()
    [sent] = await finance.payments.transfers_of(key_of(technician))
    at_the_dashboard(finance, sent.reference)
    await news(finance, technician)
    assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]

    # As long as Stripe knows the key, the step is told of the same transfer again: that is no payment.
    finance.payments.kills = 0
    await handle.result()
    assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]

    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    assert (payout(finance, technician)[0], books(finance, technician)) == ("paid", 0)
    assert len(finance.transfers()) == 2
    assert await violations(finance) == {}


async def test_a_technician_paid_by_bank_since_is_paid_again_by_bank_and_once(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    at_the_dashboard(finance, transfer_of(finance, technician))
    await news(finance, technician)
    finance.set_rail(technician, IBAN)
    result = await finance.run(MONTH)
    assert result == PayoutRunResult(
        MONTH, 2, (TechnicianPaid(technician, 0, None, owed),), f"OMEA-{MONTH}-1"
    )
    await news(finance, technician)
    ordered = ("ordered", bank_reference(key_of(technician), 2), None, 1, False)
    assert payout(finance, technician) == ordered
    assert finance.transfers() == [(key_of(technician), owed)]
    assert books(finance, technician) == 0
    # What our bank pays is not the provider's to take back.
    assert await refused_with(finance, technician) == ("not_paid_by_provider", {})
    assert await violations(finance) == {}


async def test_a_payout_that_is_not_ours_is_left_alone(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    [(account,)] = finance.database.rows("SELECT account_reference FROM technicians")
    sent = await finance.payments.transfer(
        payout=key_of(technician), attempt=1, account=account, amount_cents=500
    )
    at_the_dashboard(finance, str(getattr(sent, "transfer", "")))
    before = finance.database.counts()
    await news(finance, technician)
    assert finance.database.counts() == before
