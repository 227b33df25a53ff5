"""Charges, transfers, reversals and refunds, and what each does to the balance."""

import asyncio
from typing import Any

import pytest
import stripe

from tests.sandbox.stripe.builders import (
    a_customer,
    a_payment,
    a_saved_card,
    an_account,
    balance_of,
    error_of,
    event_types,
)
from tests.sandbox.stripe.running import Running


async def transfer(client: stripe.StripeClient, amount: int, **more: Any) -> stripe.Transfer:
    account = await an_account(client)
    parameters: Any = {"amount": amount, "currency": "eur", "destination": account, **more}
    return await client.v1.transfers.create_async(parameters)


@pytest.mark.parametrize(
    ("amount", "fee"), [(50, 26), (1500, 48), (4500, 93), (3300, 75), (3366, 75), (3367, 76), (6700, 126)]
)
async def test_the_fee_is_one_and_a_half_percent_half_up_and_25_cents(
    client: stripe.StripeClient, amount: int, fee: int
) -> None:
    await a_payment(client, amount)

    (entry,) = (await client.v1.balance_transactions.list_async({"type": "charge"})).data
    assert (entry.amount, entry.fee, entry.net) == (amount, fee, amount - fee)
    assert await balance_of(client) == (amount - fee, 0)


async def test_money_that_has_not_settled_is_pending(sandbox: Running, client: stripe.StripeClient) -> None:
    sandbox.switch("settings", settlement_delay_seconds=3600)
    intent = await a_payment(client, 4500)

    (entry,) = (await client.v1.balance_transactions.list_async({"source": str(intent.latest_charge)})).data
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await transfer(client, 1000)

    assert (entry.status, entry.available_on - entry.created) == ("pending", 3600)
    assert await balance_of(client) == (0, 4407)
    assert error_of(refusal.value) == {"type": "invalid_request_error", "code": "balance_insufficient"}


async def test_a_transfer_takes_its_money_from_the_balance(client: stripe.StripeClient) -> None:
    await a_payment(client, 4500)

    sent = await transfer(client, 4407, transfer_group="payout:2026-11", metadata={"payout": "1"})

    (entry,) = (await client.v1.balance_transactions.list_async({"source": sent.id})).data
    by_group = await client.v1.transfers.list_async({"transfer_group": "payout:2026-11"})
    by_account = await client.v1.transfers.list_async({"destination": str(sent.destination)})
    other = await client.v1.transfers.list_async({"transfer_group": "other"})
    assert (entry.id, entry.type, entry.amount, entry.net) == (
        sent.balance_transaction,
        "transfer",
        -4407,
        -4407,
    )
    assert [[found.id for found in page.data] for page in (by_group, by_account, other)] == [
        [sent.id],
        [sent.id],
        [],
    ]
    assert await balance_of(client) == (0, 0)
    assert (await event_types(client))[-1] == "transfer.created"


async def test_a_transfer_beyond_the_balance_is_refused_and_moves_nothing(
    client: stripe.StripeClient,
) -> None:
    await a_payment(client, 4500)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await transfer(client, 4408)

    assert refusal.value.code == "balance_insufficient"
    assert await balance_of(client) == (4407, 0)
    assert (await client.v1.transfers.list_async()).data == []


async def test_a_transfer_tied_to_a_charge_needs_no_available_money_but_never_more_than_the_charge(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    sandbox.switch("settings", settlement_delay_seconds=3600)
    intent = await a_payment(client, 4500)
    charge = str(intent.latest_charge)

    sent = await transfer(client, 3000, source_transaction=charge)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await transfer(client, 1501, source_transaction=charge)

    assert (sent.source_transaction, refusal.value.param) == (charge, "amount")
    assert await balance_of(client) == (0, 1407)


async def test_a_transfer_to_nobody_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.transfers.create_async(
            {"amount": 100, "currency": "eur", "destination": "acct_unknown"}
        )

    assert error_of(refusal.value) == {
        "type": "invalid_request_error",
        "code": "resource_missing",
        "param": "destination",
    }


async def test_reversals_never_give_back_more_than_was_sent(client: stripe.StripeClient) -> None:
    await a_payment(client, 4500)
    sent = await transfer(client, 1000)

    first = await client.v1.transfers.reversals.create_async(sent.id, {"amount": 300})
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        await client.v1.transfers.reversals.create_async(sent.id, {"amount": 701})
    rest = await client.v1.transfers.reversals.create_async(sent.id)
    with pytest.raises(stripe.InvalidRequestError) as done:
        await client.v1.transfers.reversals.create_async(sent.id)

    known = await client.v1.transfers.retrieve_async(sent.id)
    listed = await client.v1.transfers.reversals.list_async(sent.id)
    again = await client.v1.transfers.reversals.retrieve_async(sent.id, first.id)
    entries = await client.v1.balance_transactions.list_async({"type": "transfer_refund"})
    assert (first.amount, rest.amount, again.id) == (300, 700, first.id)
    assert "already fully reversed" in str(done.value.user_message)
    assert too_much.value.param == "amount"
    assert (known.amount_reversed, known.reversed) == (1000, True)
    assert [found.id for found in known.reversals.data] == [rest.id, first.id]
    assert [found.id for found in listed.data] == [rest.id, first.id]
    assert [(entry.net, entry.source) for entry in entries.data] == [(700, rest.id), (300, first.id)]
    assert await balance_of(client) == (4407, 0)


async def test_refunds_never_give_back_more_than_was_paid_and_the_fee_stays(
    client: stripe.StripeClient,
) -> None:
    await a_payment(client, 4500)
    intent = await a_payment(client, 1500)

    part = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 600})
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 901})
    rest = await client.v1.refunds.create_async({"charge": str(intent.latest_charge)})
    with pytest.raises(stripe.InvalidRequestError) as done:
        await client.v1.refunds.create_async({"payment_intent": intent.id})

    charge = await client.v1.charges.retrieve_async(str(intent.latest_charge))
    assert (part.amount, rest.amount, done.value.code) == (600, 900, "charge_already_refunded")
    assert (charge.amount_refunded, charge.refunded) == (1500, True)
    assert await balance_of(client) == (4407 - 48, 0)


async def test_ten_payments_at_once_are_all_counted_once(client: stripe.StripeClient) -> None:
    customer = await a_customer(client)
    method = await a_saved_card(client, customer)
    parameters: Any = {
        "amount": 1500,
        "currency": "eur",
        "customer": customer,
        "payment_method": method,
        "off_session": True,
        "confirm": True,
    }

    await asyncio.gather(*(client.v1.payment_intents.create_async(parameters) for _ in range(10)))

    assert await balance_of(client) == (10 * 1452, 0)
