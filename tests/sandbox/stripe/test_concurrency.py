"""Two requests on one object: one after the other, or told that the object is taken."""

import asyncio

import pytest
import stripe

from tests.sandbox.stripe.builders import PAGE, a_customer, a_saved_card, an_intent, balance_of, error_of
from tests.sandbox.stripe.running import Running, submit, visit


async def confirm(client: stripe.StripeClient, intent: str, method: str, key: str) -> stripe.PaymentIntent:
    return await client.v1.payment_intents.confirm_async(
        intent, {"payment_method": method, "off_session": True}, {"idempotency_key": key}
    )


async def confirm_twice(
    client: stripe.StripeClient,
) -> tuple[stripe.PaymentIntent | BaseException, stripe.PaymentIntent | BaseException]:
    customer = await a_customer(client)
    method = await a_saved_card(client, customer)
    intent = await an_intent(client, customer)
    first, second = await asyncio.gather(
        confirm(client, intent, method, "by hand"),
        confirm(client, intent, method, "by calendar"),
        return_exceptions=True,
    )
    return first, second


async def test_two_confirmations_at_once_collect_once_and_the_second_is_told_so(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    sandbox.switch("settings", processing_seconds=0.2)

    outcomes = await confirm_twice(client)

    (paid,) = [outcome for outcome in outcomes if isinstance(outcome, stripe.PaymentIntent)]
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, stripe.InvalidRequestError)]
    assert paid.status == "succeeded"
    assert error_of(refused) == {
        "type": "invalid_request_error",
        "code": "payment_intent_unexpected_state",
    }
    assert "has already succeeded after being previously confirmed" in str(refused.user_message)
    assert await balance_of(client) == (4407, 0)


async def test_a_request_that_waits_too_long_for_another_is_told_lock_timeout_and_may_be_sent_again(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    customer = await a_customer(client)
    method = await a_saved_card(client, customer)
    intent = await an_intent(client, customer)
    sandbox.switch("settings", processing_seconds=0.6, lock_wait_seconds=0.1)

    outcomes = await asyncio.gather(
        confirm(client, intent, method, "first"),
        confirm(client, intent, method, "second"),
        return_exceptions=True,
    )
    (locked,) = [outcome for outcome in outcomes if isinstance(outcome, stripe.RateLimitError)]
    with pytest.raises(stripe.InvalidRequestError) as later:
        await confirm(client, intent, method, "second" if outcomes[1] is locked else "first")

    assert locked.http_status == 429
    assert error_of(locked) == {"type": "invalid_request_error", "code": "lock_timeout"}
    assert later.value.code == "payment_intent_unexpected_state"
    assert await balance_of(client) == (4407, 0)


async def test_other_objects_are_not_waited_for(sandbox: Running, client: stripe.StripeClient) -> None:
    customer = await a_customer(client)
    method = await a_saved_card(client, customer)
    intents = [await an_intent(client, customer) for _ in range(4)]
    sandbox.switch("settings", processing_seconds=0.3, lock_wait_seconds=0.1)

    paid = await asyncio.gather(*(confirm(client, intent, method, intent) for intent in intents))

    assert {intent.status for intent in paid} == {"succeeded"}


async def test_an_authentication_finished_late_does_not_collect_again(client: stripe.StripeClient) -> None:
    customer = await a_customer(client)
    card = await a_saved_card(client, customer)
    intent = await an_intent(client, customer)
    waiting = await client.v1.payment_intents.confirm_async(
        intent, {"payment_method": "pm_card_authenticationRequired", "return_url": PAGE}
    )
    assert waiting.next_action is not None
    assert waiting.next_action.redirect_to_url is not None
    bank = str(waiting.next_action.redirect_to_url.url)

    await confirm(client, intent, card, "the calendar")
    late = submit(bank, data={"outcome": "complete"})

    charges = (await client.v1.charges.list_async({"payment_intent": intent})).data
    assert (late.status_code, "déjà terminée" in late.text) == (200, True)
    assert [charge.status for charge in charges] == ["succeeded"]


async def test_a_payment_canceled_during_its_authentication_stays_canceled(
    client: stripe.StripeClient,
) -> None:
    customer = await a_customer(client)
    intent = await an_intent(client, customer)
    waiting = await client.v1.payment_intents.confirm_async(
        intent, {"payment_method": "pm_card_authenticationRequired", "return_url": PAGE}
    )
    assert waiting.next_action is not None
    assert waiting.next_action.redirect_to_url is not None
    bank = str(waiting.next_action.redirect_to_url.url)

    canceled = await client.v1.payment_intents.cancel_async(intent)
    late = submit(bank, data={"outcome": "complete"})

    assert (canceled.status, canceled.next_action) == ("canceled", None)
    assert "Ce paiement a été annulé." in late.text
    assert "Ce paiement a été annulé." in visit(bank).text
    assert (await client.v1.charges.list_async({"payment_intent": intent})).data == []
