"""Payouts of the balance to the platform's bank."""

import httpx
import pytest
import stripe

from tests.sandbox.stripe.builders import a_payment, balance_of, event_types, until
from tests.sandbox.stripe.running import Running

NET = 4407  # of 45 €


async def arrived(client: stripe.StripeClient, payout: str, status: str) -> stripe.Payout:
    async def read() -> stripe.Payout:
        return await client.v1.payouts.retrieve_async(payout)

    return await until(read, lambda known: known.status == status)


@pytest.fixture(autouse=True)
def _banks_are_quick(sandbox: Running) -> None:
    sandbox.switch("settings", bank_seconds=0)


async def test_all_that_is_available_is_paid_out_and_tied_to_what_it_consists_of(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    await a_payment(client, 4500)
    first = sandbox.act("pay_out")
    paid = await arrived(client, first["id"], "paid")
    sandbox.switch("settings", settlement_delay_seconds=3600)
    await a_payment(client, 9000)
    sandbox.switch("settings", settlement_delay_seconds=0)
    await a_payment(client, 1500)
    second = sandbox.act("pay_out")

    of_first = (await client.v1.balance_transactions.list_async({"payout": first["id"]})).data
    of_second = (await client.v1.balance_transactions.list_async({"payout": second["id"]})).data
    listed = await client.v1.payouts.list_async({"limit": 1})
    assert (first["status"], first["amount"], second["amount"]) == ("in_transit", NET, 1452)
    assert (paid.automatic, paid.reconciliation_status) == (True, "completed")
    assert [(entry.type, entry.reporting_category, entry.net) for entry in of_first] == [
        ("payout", "payout", -NET),
        ("charge", "charge", NET),
    ]
    assert [entry.net for entry in of_second] == [-1452, 1452]
    assert ([payout.id for payout in listed.data], listed.has_more) == ([second["id"]], True)
    assert await balance_of(client) == (0, 9000 - 160)
    assert [name for name in await event_types(client) if name.startswith("payout.")][:3] == [
        "payout.created",
        "payout.paid",
        "payout.reconciliation_completed",
    ]


async def test_a_payout_that_the_bank_returns_comes_back(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    await a_payment(client, 4500)
    payout = sandbox.act("pay_out", fails=True)

    failed = await arrived(client, payout["id"], "failed")
    entries = (await client.v1.balance_transactions.list_async({"source": payout["id"]})).data
    again = sandbox.act("pay_out")

    assert failed.failure_code == "account_closed"
    assert failed.failure_balance_transaction == entries[0].id
    assert [(entry.type, entry.reporting_category, entry.net) for entry in entries] == [
        ("payout_failure", "payout_reversal", NET),
        ("payout", "payout", -NET),
    ]
    assert again["amount"] == NET
    assert "payout.failed" in await event_types(client)


async def test_even_after_it_seemed_paid_and_only_once(sandbox: Running, client: stripe.StripeClient) -> None:
    await a_payment(client, 4500)
    payout = sandbox.act("pay_out")
    await arrived(client, payout["id"], "paid")

    sandbox.act("fail_payout", payout=payout["id"])
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.act("fail_payout", payout=payout["id"])

    assert await balance_of(client) == (NET, 0)


async def test_nothing_is_paid_out_of_nothing_or_of_a_debt(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.act("pay_out")
    await a_payment(client, 4500, "pm_card_createDispute")
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.act("pay_out")

    assert await balance_of(client) == (NET - 6500, 0)
    assert (await client.v1.payouts.list_async()).data == []
