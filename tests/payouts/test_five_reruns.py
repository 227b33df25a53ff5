"""Whatever goes wrong in five runs of a month, it ends as one clean run would have: to the cent, and once."""

import asyncio
from collections.abc import Iterator

import pytest

from domain.payouts import TechnicianPaid
from tests.payouts.builders import SLICE_CENTS, a_gain
from tests.payouts.conftest import Finance
from tests.support.outside import outside
from tests.support.stripe_sandbox import API_KEY

MONTH = "2025-10"


def switch(finance: Finance, **settings: float) -> None:
    """Of the Stripe sandbox."""
    answer = outside.post(
        f"{finance.stripe_url}/_sandbox/settings",
        json=settings,
        headers={"Authorization": f"Bearer {API_KEY}"},
    )
    answer.raise_for_status()


@pytest.fixture(autouse=True)
def _as_it_was(finance: Finance) -> Iterator[None]:
    yield
    switch(finance, refuse_for_rate=0, lose_answers=0, idempotency_lifetime_seconds=86_400)


def gains(finance: Finance, technicians: list[str], day: int, slices: int = 1) -> None:
    for technician in technicians:
        a_gain(finance.database, technician, f"{MONTH}-{day:02d} 10:00", slices=slices)


async def the_money(finance: Finance, technicians: list[str]) -> dict[str, object]:
    """What each was sent, what Stripe's balance lost, and what the books say of it."""
    sent = finance.transfers()
    return {
        "sent": [sum(cents for key, cents in sent if one in key) for one in technicians],
        "statements": [
            sum(cents for key, _, cents, _ in finance.statements() if one in key) for one in technicians
        ],
        "accrued": [finance.ledger(f"4081:{one}") for one in technicians],
        "payable": [finance.ledger(f"401:{one}") for one in technicians],
        "5112": finance.ledger("5112"),
        "unpaid": finance.database.rows("SELECT count(*) FROM payouts WHERE status <> 'paid'"),
    }


async def test_five_reruns_in_which_everything_goes_wrong_end_as_one_clean_run(finance: Finance) -> None:
    await finance.fund(500_000)
    clean = sorted([await finance.a_technician() for _ in range(3)])
    gains(finance, clean, day=31, slices=5)
    await finance.run(MONTH)
    expected = await the_money(finance, clean)

    troubled = sorted([await finance.a_technician() for _ in range(3)])
    before = finance.balance()
    # Too many requests at once.
    gains(finance, troubled, day=1)
    switch(finance, refuse_for_rate=4)
    await finance.run(MONTH)
    # Done, and the answer is lost on the way.
    gains(finance, troubled, day=2)
    switch(finance, lose_answers=2)
    await finance.run(MONTH)
    # The worker is killed after the yes.
    gains(finance, troubled, day=3)
    finance.payments.kills = 2
    await finance.run(MONTH)
    # Killed after the yes and ended; by the next run the provider has forgotten the key.
    gains(finance, troubled, day=4)
    finance.payments.killed.clear()
    finance.payments.kills = 1_000
    ended = await finance.start(MONTH)
    await finance.payments.killed.wait()
    await ended.terminate()
    finance.payments.kills = 0
    switch(finance, idempotency_lifetime_seconds=0)
    await asyncio.sleep(0.1)
    # And somebody has sent another amount for one of them by hand: it is for people to look into.
    gains(finance, troubled, day=5)
    key = f"payout:{MONTH}:{troubled[0]}:5"
    [(account,)] = finance.database.rows(
        "SELECT account_reference FROM technicians WHERE id = %s", troubled[0]
    )
    by_hand = await finance.payments._stripe.transfers.create_async(
        {"amount": 100, "currency": "eur", "destination": str(account), "transfer_group": key}
    )
    result = await finance.run(MONTH)
    failures = {one.technician_id: one.failure for one in result.technicians if one.failure}
    assert failures == {troubled[0]: "transfer_of_another_amount"}
    await finance.payments._stripe.transfers.reversals.create_async(by_hand.id, {})
    assert await finance.run(MONTH) is not None

    known = await the_money(finance, troubled)
    assert known["sent"] == [100 + 5 * SLICE_CENTS, 5 * SLICE_CENTS, 5 * SLICE_CENTS]
    known["sent"] = expected["sent"]
    assert known == expected | {"5112": 2 * int(str(expected["5112"]))}
    assert before - finance.balance() == 3 * 5 * SLICE_CENTS

    counts, balance = finance.database.counts(), finance.balance()
    for n in (1, 2):
        assert (await finance.run(MONTH)).technicians == ()
        assert finance.database.counts() == counts | {"payout_runs": counts["payout_runs"] + n}
    assert finance.balance() == balance


async def test_a_failed_transfer_two_reruns_and_a_late_gain_leave_two_statements(finance: Finance) -> None:
    technician = await finance.a_technician()
    short = finance.balance() // SLICE_CENTS + 1
    owed = a_gain(finance.database, technician, f"{MONTH}-05 10:00", slices=short)
    first = await finance.run(MONTH)
    assert first.technicians == (TechnicianPaid(technician, 0, "balance_insufficient"),)
    late = a_gain(finance.database, technician, f"{MONTH}-31 23:58")
    await finance.fund(200_000)
    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed + late),)
    assert (await finance.run(MONTH)).technicians == ()
    [(series,)] = finance.database.rows("SELECT series FROM payees")
    assert finance.database.rows(
        "SELECT s.number, s.n, s.total_cents, count(c.gain_id) FROM statements s "
        "JOIN gain_claims c ON c.statement = s.key GROUP BY 1, 2, 3 ORDER BY 1"
    ) == [(f"AF{series:04d}-00001", 1, owed, 1), (f"AF{series:04d}-00002", 2, late, 1)]
    documents = finance.database.rows("SELECT number, kind FROM documents ORDER BY 1")
    assert documents == [(f"AF{series:04d}-{n:05d}", "self_billed") for n in (1, 2)]


async def test_of_two_runs_started_at_the_same_instant_one_runs_and_the_other_is_told(
    finance: Finance,
) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, f"{MONTH}-05 10:00")
    started = await asyncio.gather(
        *(finance.start(MONTH, key=f"at-once:{n}") for n in range(2)), return_exceptions=True
    )
    refused = [one for one in started if isinstance(one, BaseException)]
    [handle] = [one for one in started if not isinstance(one, BaseException)]
    assert [type(one).__name__ for one in refused] == ["WorkflowAlreadyStartedError"]
    assert (await handle.result()).technicians == (TechnicianPaid(technician, owed),)
    assert finance.database.rows("SELECT n FROM payout_runs") == [(1,)]
    assert len(finance.transfers()) == 1
