"""Whatever happens to invoices, and in whatever order the provider's notices come, twice or never: the books
balance, every invariant is true, and the balances are those of plain sums."""

import asyncio
from collections.abc import AsyncIterator, Callable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.gateways.chargebacks import ChargebackFound
from domain.chargebacks import ChargebackStatus, LookAtChargeback
from tests.money.house import House, Ticket, a_house
from tests.money.lives import ChargedBack, Life, Refunded, expected, lives
from tests.support.postgres import Cluster
from tests.support.stripe_sandbox import StripeSandbox

SMALL = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LARGE = settings(SMALL, max_examples=300)
# What pays refunds and chargebacks when there is little else: the provider's balance is shared by all.
FUNDS = Life(slices=300, refusals=0, reduced=None, ending="paid")


@SMALL
@given(st.lists(lives(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_any_history_of_invoices_balances(
    cluster: Cluster, stripe: StripeSandbox, known: list[Life], chance: Random
) -> None:
    asyncio.run(play(cluster, stripe, known, chance))


@pytest.mark.soak
@pytest.mark.timeout(3000)
@LARGE
@given(st.lists(lives(), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_any_longer_history_of_invoices_balances(
    cluster: Cluster, stripe: StripeSandbox, known: list[Life], chance: Random
) -> None:
    asyncio.run(play(cluster, stripe, known, chance))


async def play(cluster: Cluster, stripe: StripeSandbox, known: list[Life], chance: Random) -> None:
    """Each life goes on by itself; in between, notices come in any order, late, twice, or not at all."""
    async with a_house(cluster, stripe) as house:
        tickets: list[Ticket] = []
        await all_steps(live(house, FUNDS, tickets))
        await house.notice(tickets[0], "payment")
        under_way = [live(house, one, tickets) for one in known]
        while under_way:
            one = chance.choice(under_way)
            if await anext(one, None) is None:
                under_way.remove(one)
            await some_notices(house, tickets, chance)
        # The provider is asked about everything, at last: what a notice lost is found.
        for _ in range(2):
            await some_notices(house, tickets, chance, lambda: True)
        await house.read_at_the_provider()
        assert house.balances() == expected([FUNDS, *known])
        assert await house.violations() == {}


async def test_a_payment_looked_at_again_after_the_end_sends_nothing_back(
    cluster: Cluster, stripe: StripeSandbox
) -> None:
    """A bank has given a refund back: that is the case's to send again, and no excess of the ticket's."""
    life = Life(2, 0, None, "paid", (Refunded(left=0, gain=2, by_bank=True),))
    async with a_house(cluster, stripe) as house:
        tickets: list[Ticket] = []
        for one in (FUNDS, life):
            await all_steps(live(house, one, tickets))
        for ticket in tickets * 2:
            await house.notice(ticket, "payment")
        found = house.database.rows("SELECT n, attempt FROM refunds")
        sent = await house.payments._stripe.refunds.list_async({"limit": 100})
        assert (found, len(sent.data)) == ([(1, 1)], 1)
        assert house.balances() == expected([FUNDS, life])


async def test_an_older_answer_about_a_chargeback_changes_nothing_and_is_not_believed(
    cluster: Cluster, stripe: StripeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read while the chargeback was lost, and is entered after it was won all the same."""
    life = Life(1, 0, None, "paid", (ChargedBack("overturned"),))
    async with a_house(cluster, stripe) as house:
        tickets: list[Ticket] = []
        await all_steps(live(house, FUNDS, tickets))
        await house.notice(tickets[0], "payment")
        ticket = await house.accepted(1)
        await house.paid(ticket)
        await house.notice(ticket, "payment")
        await house.charged_back(ticket, ChargedBack("lost"))
        assert ticket.chargeback is not None
        provider = house.chargebacks._provider
        older = await provider.chargeback(ticket.chargeback)
        await house.notice(ticket, "chargeback")
        house.stripe.play("decide_dispute", dispute=ticket.chargeback, outcome="overturned")
        await house.notice(ticket, "chargeback")

        async def read_before(_: str) -> ChargebackFound:
            return older

        monkeypatch.setattr(provider, "chargeback", read_before)
        look = LookAtChargeback(ticket.chargeback, house._intent(ticket), house.now)
        seen = await house.run(house.chargebacks.look_at_chargeback, look)
        assert (seen.status, seen.is_settled) == (ChargebackStatus.WON, True)
        assert house.balances() == expected([FUNDS, life])


async def test_a_chargeback_is_no_loss_before_its_payment_is_entered(
    cluster: Cluster, stripe: StripeSandbox
) -> None:
    """The notice of the payment comes last of all; the loss was once twice the price."""
    life = Life(1, 0, None, "paid", (ChargedBack("lost"),))
    async with a_house(cluster, stripe) as house:
        tickets: list[Ticket] = []
        for one in (FUNDS, life):
            await all_steps(live(house, one, tickets))
        for what in ("chargeback", "payment", "chargeback"):
            await house.notice(tickets[1], what)
        await house.notice(tickets[0], "payment")
        assert house.balances() == expected([FUNDS, life])


async def some_notices(
    house: House, tickets: list[Ticket], chance: Random, comes: Callable[[], bool] | None = None
) -> None:
    waiting = [(ticket, what) for ticket in tickets for what in dict.fromkeys(ticket.notices)]
    chance.shuffle(waiting)
    for ticket, what in waiting:
        if comes() if comes is not None else chance.random() < 0.3:
            await house.notice(ticket, what)


async def all_steps(steps: AsyncIterator[bool]) -> None:
    async for _ in steps:
        pass


async def live(house: House, life: Life, tickets: list[Ticket]) -> AsyncIterator[bool]:
    """One step at a time."""
    ticket = await house.accepted(life.slices)
    tickets.append(ticket)
    yield True
    for _ in range(life.refusals):
        await house.tried(ticket, "pm_card_chargeCustomerFail")
        yield True
    if life.excess is not None:
        # No notice of it comes before the ruling: the payment would be entered, and the ticket closed.
        await house.tried(ticket, "pm_card_bypassPending")
        yield True
    if life.reduced is not None:
        await house.reduced(ticket, life.reduced, life.slices)
        yield True
    match life.ending:
        case "paid" if life.excess is not None:
            ticket.notices.append("payment")
            await house.notice(ticket, "payment")
            ticket.notices.append("excess")
            yield True
            if life.excess == "returned":
                await house.excess_returned(ticket, life.reduced or life.slices)
                yield True
        case "paid":
            await house.paid(ticket)
            yield True
        case "written_off":
            await house.written_off(ticket)
            yield True
    left = gain = life.reduced or life.slices
    for one in life.later:
        if isinstance(one, Refunded):
            # A refund is of what is closed, and of what no bank has a say in any more.
            await house.notice(ticket, "payment")
            if ticket.chargeback is not None:
                await house.notice(ticket, "chargeback")
            await house.refunded(ticket, one, left, gain)
            left, gain = one.left, one.gain
        elif isinstance(one, ChargedBack):
            await house.charged_back(ticket, one)
        yield True
