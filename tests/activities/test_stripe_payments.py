"""Cards: saved on the hosted page, charged once an invoice, whatever is repeated or lost on the way."""

import httpx
import pytest

from activities.gateways.payments import (
    CardPage,
    Charged,
    ChargeRefused,
    Collected,
    PaymentsBroken,
    SavedCard,
)
from activities.gateways.stripe_payments import StripePayments
from tests.activities.conftest import Stripe
from tests.support.stripe_sandbox import API_KEY


async def an_intent(
    payments: StripePayments, stripe: Stripe, card: str, amount_cents: int = 3000
) -> tuple[str, str]:
    """An intent of the invoice and the client's saved card."""
    customer = await payments.open_customer(stripe.client)
    saved = stripe.attach(card, customer)
    intent = await payments.prepare_charge(
        invoice=stripe.invoice, ticket="48291573", amount_cents=amount_cents, customer=customer, card=saved
    )
    return intent, saved


async def test_a_client_is_one_customer_however_often_it_is_asked(
    payments: StripePayments, stripe: Stripe
) -> None:
    first = await payments.open_customer(stripe.client)
    assert await payments.open_customer(stripe.client) == first
    assert await payments.open_customer(f"{stripe.client}-2") != first
    customer = stripe.get(f"/v1/customers/{first}")
    assert customer["metadata"] == {"client": stripe.client}
    assert (customer["email"], customer["name"]) == (None, None)


async def test_a_card_is_saved_on_the_hosted_page(payments: StripePayments, stripe: Stripe) -> None:
    customer = await payments.open_customer(stripe.client)
    arguments = {
        "customer": customer,
        "key": f"card-page:{stripe.client}",
        "return_url": "http://localhost/retour",
    }
    page = await payments.open_card_page(**arguments)
    assert page == await payments.open_card_page(**arguments)
    assert isinstance(page, CardPage)
    assert await payments.saved_card(page.session) is None

    async with httpx.AsyncClient() as browser:
        form = {"card_number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}
        assert (await browser.post(page.url, data=form)).status_code == 303

    saved = await payments.saved_card(page.session)
    assert isinstance(saved, SavedCard)
    assert saved.label == "visa 4242"
    intent = await payments.prepare_charge(
        invoice=stripe.invoice, ticket="48291573", amount_cents=1500, customer=customer, card=saved.card
    )
    assert (
        await payments.charge(intent=intent, invoice=stripe.invoice, attempt=1, card=saved.card) == Charged()
    )


async def test_an_invoice_has_one_intent_and_it_is_not_confirmed(
    payments: StripePayments, stripe: Stripe
) -> None:
    intent, card = await an_intent(payments, stripe, "pm_card_visa")
    again, _ = await an_intent(payments, stripe, "pm_card_mastercard")
    assert again == intent
    known = stripe.get(f"/v1/payment_intents/{intent}")
    assert known["metadata"] == {"invoice": stripe.invoice, "ticket": "48291573"}
    assert known["latest_charge"] is None
    assert card.startswith("pm_")


async def test_a_charge_is_collected_once(payments: StripePayments, stripe: Stripe) -> None:
    intent, card = await an_intent(payments, stripe, "pm_card_visa")
    assert await payments.collected(intent) is None
    for attempt in (1, 1, 2):
        assert (
            await payments.charge(intent=intent, invoice=stripe.invoice, attempt=attempt, card=card)
            == Charged()
        )
    assert await payments.collected(intent) == Collected(amount_cents=3000, fee_cents=70)
    [charge] = stripe.get("/v1/charges", payment_intent=intent)["data"]
    assert len(stripe.get("/v1/balance_transactions", source=charge["id"])["data"]) == 1


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_chargeCustomerFail", "card_declined"),
        ("pm_card_authenticationRequired", "authentication_required"),
    ],
)
async def test_a_refused_card_is_a_result_and_the_same_attempt_answers_the_same(
    payments: StripePayments, stripe: Stripe, card: str, code: str
) -> None:
    intent, saved = await an_intent(payments, stripe, card)
    for _ in range(2):
        outcome = await payments.charge(intent=intent, invoice=stripe.invoice, attempt=1, card=saved)
        assert outcome == ChargeRefused(code)
    assert len(stripe.get("/v1/charges", payment_intent=intent)["data"]) == 1
    assert await payments.collected(intent) == ChargeRefused(code)


async def test_the_banks_own_reason_is_kept(payments: StripePayments, stripe: Stripe) -> None:
    intent, _ = await an_intent(payments, stripe, "pm_card_visa")
    outcome = await payments.charge(
        intent=intent, invoice=stripe.invoice, attempt=1, card="pm_card_visa_chargeDeclinedInsufficientFunds"
    )
    assert outcome == ChargeRefused("insufficient_funds")


async def test_a_card_replaced_after_a_refusal_pays_at_the_next_attempt(
    payments: StripePayments, stripe: Stripe
) -> None:
    intent, refused = await an_intent(payments, stripe, "pm_card_chargeCustomerFail")
    charge = payments.charge
    declined = ChargeRefused("card_declined")
    assert await charge(intent=intent, invoice=stripe.invoice, attempt=1, card=refused) == declined
    good = stripe.attach("pm_card_visa", await payments.open_customer(stripe.client))
    # The step killed after the refusal runs again, the card replaced meanwhile: its attempt is over.
    assert await charge(intent=intent, invoice=stripe.invoice, attempt=1, card=good) == declined
    assert await charge(intent=intent, invoice=stripe.invoice, attempt=2, card=good) == Charged()


async def test_a_card_that_is_gone_is_a_refusal(payments: StripePayments, stripe: Stripe) -> None:
    intent, _ = await an_intent(payments, stripe, "pm_card_visa")
    outcome = await payments.charge(intent=intent, invoice=stripe.invoice, attempt=1, card="pm_unknown")
    assert outcome == ChargeRefused("resource_missing")


@pytest.mark.parametrize("lifetime", [86_400, 0])
async def test_an_answer_lost_on_the_way_charges_once(
    payments: StripePayments, stripe: Stripe, lifetime: int
) -> None:
    intent, card = await an_intent(payments, stripe, "pm_card_visa")
    stripe.switch(lose_answers=1, idempotency_lifetime_seconds=lifetime)
    with pytest.raises(PaymentsBroken):
        await payments.charge(intent=intent, invoice=stripe.invoice, attempt=1, card=card)
    assert await payments.charge(intent=intent, invoice=stripe.invoice, attempt=1, card=card) == Charged()
    assert len(stripe.get("/v1/charges", payment_intent=intent)["data"]) == 1


async def test_a_provider_that_does_not_answer_is_an_exception_of_ours() -> None:
    nobody = StripePayments(API_KEY, "http://127.0.0.1:9")
    with pytest.raises(PaymentsBroken, match="APIConnectionError"):
        await nobody.open_customer("client")
    await nobody.close()


async def test_a_wrong_key_is_an_exception_that_tells_nothing_of_it(stripe: Stripe) -> None:
    stranger = StripePayments("sk_test_of_somebody_else", stripe.url)
    with pytest.raises(PaymentsBroken) as caught:
        await stranger.open_customer(stripe.client)
    assert "AuthenticationError status=401" in str(caught.value)
    assert "somebody" not in str(caught.value)
    await stranger.close()
