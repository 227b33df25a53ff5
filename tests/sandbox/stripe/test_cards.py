"""Every test card does what Stripe's page of test cards says."""

from typing import Any

import pytest
import stripe

from deploy.sandbox.stripe.cards import CARDS, Authentication
from tests.sandbox.stripe.builders import (
    PAGE,
    a_customer,
    a_payment,
    a_saved_card,
    an_intent,
    error_of,
    event_types,
)

REFUSED_AT_SETUP = [card for card in CARDS if card.refused_at_setup]
PAYING = [card for card in CARDS if not card.charge_refusal and card.authentication is Authentication.NEVER]


@pytest.mark.parametrize("card", PAYING, ids=lambda card: card.name)
async def test_a_good_card_is_saved_and_pays(client: stripe.StripeClient, card: Any) -> None:
    intent = await a_payment(client, 4500, card.name)

    paid = await client.v1.payment_intents.retrieve_async(
        intent.id, {"expand": ["latest_charge.balance_transaction", "payment_method"]}
    )
    charge, method = paid.latest_charge, paid.payment_method
    assert isinstance(charge, stripe.Charge)
    assert isinstance(method, stripe.PaymentMethod)
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    entry = charge.balance_transaction
    assert method.card is not None
    assert (method.card.brand, method.card.last4) == (card.brand, card.last4)
    assert (paid.status, paid.amount_received) == ("succeeded", 4500)
    assert (entry.amount, entry.fee, entry.net, entry.status) == (4500, 93, 4407, "available")
    assert [detail.amount for detail in entry.fee_details] == [93]


@pytest.mark.parametrize("card", REFUSED_AT_SETUP, ids=lambda card: card.name)
async def test_a_bad_card_cannot_be_saved(client: stripe.StripeClient, card: Any) -> None:
    customer = await a_customer(client)

    with pytest.raises(stripe.CardError) as refusal:
        await a_saved_card(client, customer, card.name)

    saved = await client.v1.customers.payment_methods.list_async(customer)
    assert refusal.value.http_status == 402
    assert refusal.value.code == card.refused_at_setup.code
    assert saved.data == []


@pytest.mark.parametrize("card", REFUSED_AT_SETUP, ids=lambda card: card.name)
async def test_a_bad_card_used_once_is_refused_with_its_reason(
    client: stripe.StripeClient, card: Any
) -> None:
    customer = await a_customer(client)
    intent = await an_intent(client, customer)

    with pytest.raises(stripe.CardError) as refusal:
        await client.v1.payment_intents.confirm_async(
            intent, {"payment_method": card.name, "return_url": PAGE}
        )

    assert refusal.value.error is not None
    assert refusal.value.error.decline_code == card.refused_at_setup.decline_code


async def test_a_card_refused_when_charged_leaves_its_traces(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        await a_payment(client, 4500, "pm_card_chargeCustomerFail")

    (intent,) = (await client.v1.payment_intents.list_async()).data
    (charge,) = (await client.v1.charges.list_async({"payment_intent": intent.id})).data
    balance = await client.v1.balance.retrieve_async()
    assert error_of(refusal.value) == {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "generic_decline",
    }
    assert (intent.status, intent.payment_method, intent.latest_charge) == (
        "requires_payment_method",
        None,
        charge.id,
    )
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.payment_method is not None
    assert (charge.status, charge.paid, charge.failure_code) == ("failed", False, "card_declined")
    assert balance.available[0].amount == 0
    assert (await event_types(client))[-3:] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]


async def test_the_same_intent_is_confirmed_with_another_card_after_a_refusal(
    client: stripe.StripeClient,
) -> None:
    with pytest.raises(stripe.CardError):
        await a_payment(client, 4500, "pm_card_chargeCustomerFail")
    (intent,) = (await client.v1.payment_intents.list_async()).data
    good = await a_saved_card(client, str(intent.customer))

    paid = await client.v1.payment_intents.confirm_async(
        intent.id, {"payment_method": good, "off_session": True}
    )

    charges = await client.v1.charges.list_async({"payment_intent": intent.id})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    assert [charge.status for charge in charges.data] == ["succeeded", "failed"]


async def test_an_intent_that_succeeded_cannot_be_confirmed_again(client: stripe.StripeClient) -> None:
    intent = await a_payment(client)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.payment_intents.confirm_async(intent.id, {"return_url": PAGE})

    assert error_of(refusal.value) == {
        "type": "invalid_request_error",
        "code": "payment_intent_unexpected_state",
    }


async def test_an_intent_is_canceled_once_and_then_refuses_to_be_paid(client: stripe.StripeClient) -> None:
    customer = await a_customer(client)
    intent = await an_intent(client, customer)

    canceled = await client.v1.payment_intents.cancel_async(intent, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    for attempt in (
        client.v1.payment_intents.cancel_async(intent),
        client.v1.payment_intents.confirm_async(intent, {"payment_method": "pm_card_visa"}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            await attempt
        assert refusal.value.code == "payment_intent_unexpected_state"


async def test_an_off_session_payment_needs_a_card_saved_to_the_customer(
    client: stripe.StripeClient,
) -> None:
    customer, other = await a_customer(client), await a_customer(client)
    method = await a_saved_card(client, other)
    intent = await an_intent(client, customer)
    anonymous = await client.v1.payment_intents.create_async({"amount": 4500, "currency": "eur"})

    for id_ in (intent, anonymous.id):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            await client.v1.payment_intents.confirm_async(
                id_, {"payment_method": method, "off_session": True}
            )
        assert refusal.value.param == "payment_method"


async def test_a_detached_card_is_spent(client: stripe.StripeClient) -> None:
    customer = await a_customer(client)
    method = await a_saved_card(client, customer)
    intent = await an_intent(client, customer)
    detached = await client.v1.payment_methods.detach_async(method)

    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.payment_intents.confirm_async(intent, {"payment_method": method, "off_session": True})
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.payment_methods.attach_async(method, {"customer": customer})

    assert detached.customer is None
