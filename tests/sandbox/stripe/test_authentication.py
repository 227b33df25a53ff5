"""3-D Secure: once, at each payment, and with or without the holder."""

import pytest
import stripe

from tests.sandbox.stripe.builders import (
    PAGE,
    a_card_page,
    a_customer,
    a_payment,
    an_intent,
    error_of,
    typed,
)
from tests.sandbox.stripe.running import Running, submit, visit


async def test_a_card_saved_with_authentication_pays_without_its_holder(
    client: stripe.StripeClient,
) -> None:
    customer = await a_customer(client)
    page = await a_card_page(client, customer)
    assert page.url is not None
    bank = submit(page.url, data=typed("4000002500003155")).headers["location"]
    submit(bank, data={"outcome": "complete"})
    (method,) = (await client.v1.customers.payment_methods.list_async(customer)).data
    intent = await an_intent(client, customer)

    paid = await client.v1.payment_intents.confirm_async(
        intent, {"payment_method": method.id, "off_session": True}
    )

    assert paid.status == "succeeded"


async def test_a_card_that_authenticates_then_lacks_funds_is_saved_and_refused(
    client: stripe.StripeClient,
) -> None:
    customer = await a_customer(client)
    page = await a_card_page(client, customer)
    assert page.url is not None
    bank = submit(page.url, data=typed("4000008260003178")).headers["location"]
    submit(bank, data={"outcome": "complete"})
    (method,) = (await client.v1.customers.payment_methods.list_async(customer)).data
    intent = await an_intent(client, customer)

    with pytest.raises(stripe.CardError) as refusal:
        await client.v1.payment_intents.confirm_async(
            intent, {"payment_method": method.id, "off_session": True}
        )

    assert error_of(refusal.value) == {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "insufficient_funds",
    }


@pytest.mark.parametrize("card", ["pm_card_authenticationRequired", "pm_card_authenticationRequiredOnSetup"])
async def test_an_absent_holder_cannot_authenticate(client: stripe.StripeClient, card: str) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        await a_payment(client, 4500, card)

    (intent,) = (await client.v1.payment_intents.list_async()).data
    assert refusal.value.http_status == 402
    assert error_of(refusal.value) == {
        "type": "card_error",
        "code": "authentication_required",
        "decline_code": "authentication_required",
    }
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.payment_method is not None


@pytest.mark.parametrize(
    ("outcome", "redirect_status", "status", "code"),
    [
        ("complete", "succeeded", "succeeded", None),
        ("fail", "failed", "requires_payment_method", "payment_intent_authentication_failure"),
    ],
)
async def test_the_same_intent_is_then_confirmed_by_redirect(
    sandbox: Running, client: stripe.StripeClient, outcome: str, redirect_status: str, status: str, code: str
) -> None:
    with pytest.raises(stripe.CardError):
        await a_payment(client, 4500, "pm_card_authenticationRequired")
    (refused,) = (await client.v1.payment_intents.list_async()).data
    assert refused.last_payment_error is not None
    assert refused.last_payment_error.payment_method is not None

    waiting = await client.v1.payment_intents.confirm_async(
        refused.id,
        {"payment_method": refused.last_payment_error.payment_method.id, "return_url": PAGE + "?n=1"},
    )
    assert waiting.status == "requires_action"
    assert waiting.next_action is not None
    assert waiting.next_action.redirect_to_url is not None
    assert waiting.next_action.redirect_to_url.return_url == PAGE + "?n=1"
    address = str(waiting.next_action.redirect_to_url.url)
    page = visit(address)
    back = submit(address, data={"outcome": outcome})
    again = submit(address, data={"outcome": outcome})

    intent = await client.v1.payment_intents.retrieve_async(refused.id)
    error = intent.last_payment_error
    assert (page.status_code, "45,00" in page.text) == (200, True)
    assert back.status_code == 303
    assert back.headers["location"] == (
        f"{PAGE}?n=1&payment_intent={intent.id}&payment_intent_client_secret={intent.client_secret}"
        f"&redirect_status={redirect_status}"
    )
    assert (again.status_code, "déjà terminée" in again.text) == (200, True)
    assert (intent.status, error.code if error else None) == (status, code)
    charges = await client.v1.charges.list_async({"payment_intent": intent.id})
    expected = ["succeeded", "failed"] if status == "succeeded" else ["failed"]
    assert [charge.status for charge in charges.data] == expected
    details = charges.data[0].payment_method_details
    assert details is not None
    assert details.card is not None
    authentication = details.card.three_d_secure
    assert (authentication.result if authentication else None) == (
        "authenticated" if status == "succeeded" else None
    )


async def test_a_card_already_set_up_is_authenticated_in_its_holders_presence_only(
    client: stripe.StripeClient,
) -> None:
    absent = await a_payment(client, 4500, "pm_card_authenticationRequiredSetupForOffSession")
    intent = await an_intent(client, await a_customer(client))
    present = await client.v1.payment_intents.confirm_async(
        intent,
        {"payment_method": "pm_card_authenticationRequiredSetupForOffSession", "return_url": PAGE},
    )

    assert (absent.status, present.status) == ("succeeded", "requires_action")


async def test_the_authentication_page_needs_the_intents_secret(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    customer = await a_customer(client)
    intent = await an_intent(client, customer)
    await client.v1.payment_intents.confirm_async(
        intent, {"payment_method": "pm_card_authenticationRequired", "return_url": PAGE}
    )

    answer = submit(f"{sandbox.url}/3ds/{intent}?client_secret=guess", data={"outcome": "complete"})

    known = await client.v1.payment_intents.retrieve_async(intent)
    assert (answer.status_code, known.status) == (404, "requires_action")


async def test_confirming_on_session_needs_a_return_address_if_redirects_are_allowed(
    client: stripe.StripeClient,
) -> None:
    customer = await a_customer(client)
    card_only = await client.v1.payment_intents.create_async(
        {"amount": 4500, "currency": "eur", "customer": customer, "allowed_payment_method_types": ["card"]}
    )
    intent = await an_intent(client, customer)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.payment_intents.confirm_async(intent, {"payment_method": "pm_card_visa"})
    paid = await client.v1.payment_intents.confirm_async(card_only.id, {"payment_method": "pm_card_visa"})

    assert (refusal.value.param, paid.status) == ("return_url", "succeeded")
