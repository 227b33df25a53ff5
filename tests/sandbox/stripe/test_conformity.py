"""Every answered object has the shape that Stripe describes."""

from typing import Any

import pytest
import stripe

from tests.sandbox.stripe.builders import (
    PAGE,
    a_card_page,
    a_customer,
    a_payment,
    account_parameters,
    an_account,
    an_intent,
    typed,
)
from tests.sandbox.stripe.openapi import DESCRIPTION, violations
from tests.sandbox.stripe.running import Running, authorization, submit, visit

pytestmark = pytest.mark.skipif(not DESCRIPTION.exists(), reason="Stripe's description is not here")

# The description is of the version before the SDK's: what is newer is known by the SDK alone.
LISTS = (
    "customers",
    "payment_intents",
    "setup_intents",
    "charges",
    "refunds",
    "transfers",
    "accounts",
    "balance_transactions",
    "events",
    "webhook_endpoints",
    "checkout/sessions",
)


async def all_that_can_happen(client: stripe.StripeClient) -> None:
    intent = await a_payment(client)
    for card in ("pm_card_chargeCustomerFail", "pm_card_authenticationRequired"):
        with pytest.raises(stripe.CardError):
            await a_payment(client, 4500, card)
    customer = await a_customer(client)
    for card in ("pm_card_authenticationRequired", "pm_card_visa"):
        waiting = await an_intent(client, customer)
        await client.v1.payment_intents.confirm_async(waiting, {"payment_method": card, "return_url": PAGE})
    await client.v1.payment_intents.cancel_async(await an_intent(client, customer))
    await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 100})
    transfer: Any = {"amount": 500, "currency": "eur", "destination": await an_account(client)}
    sent = await client.v1.transfers.create_async(transfer)
    await client.v1.transfers.reversals.create_async(sent.id, {"amount": 100})
    await client.v1.accounts.create_async(account_parameters(external_account=None))
    await client.v1.webhook_endpoints.create_async({"url": "http://127.0.0.1:9", "enabled_events": ["*"]})
    await client.v1.setup_intents.create_async({"customer": customer})
    await a_card_page(client, customer)
    page = await a_card_page(client, customer)
    submit(str(page.url), data=typed("4000000000000002"))
    submit(str(page.url), data=typed("4242424242424242"))
    failing = await a_card_page(client, customer)
    bank = submit(str(failing.url), data=typed("4000002500003155")).headers["location"]
    submit(bank, data={"outcome": "fail"})


async def test_every_object_of_every_list_has_stripes_shape(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    await all_that_can_happen(client)

    wrong: dict[str, list[str]] = {}
    for name in LISTS:
        page = visit(f"{sandbox.url}/v1/{name}", params={"limit": 100}, headers=authorization()).json()
        assert page["data"], name
        for object_ in page["data"]:
            wrong[f"{name} {object_['id']}"] = violations(object_)
    balance = visit(f"{sandbox.url}/v1/balance", headers=authorization()).json()
    wrong["balance"] = violations(balance)
    assert {name: errors for name, errors in wrong.items() if errors} == {}


async def test_objects_inside_events_have_stripes_shape(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    await all_that_can_happen(client)

    events = visit(f"{sandbox.url}/v1/events", params={"limit": 100}, headers=authorization()).json()
    wrong = {event["type"]: violations(event["data"]["object"]) for event in events["data"]}
    assert {name: errors for name, errors in wrong.items() if errors} == {}


async def test_refusals_of_cards_have_stripes_shape(client: stripe.StripeClient) -> None:
    for card in ("pm_card_chargeCustomerFail", "pm_card_authenticationRequired"):
        with pytest.raises(stripe.CardError) as refusal:
            await a_payment(client, 4500, card)
        assert isinstance(refusal.value.json_body, dict)
        assert violations(refusal.value.json_body["error"], "api_errors") == []
