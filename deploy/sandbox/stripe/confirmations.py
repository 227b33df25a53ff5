"""Confirming a payment intent: the card is charged, refused, or its holder must authenticate."""

from typing import Any

from deploy.sandbox.stripe import charges, payment_methods
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.cards import AUTHENTICATION_REQUIRED, Authentication, Decline, TestCard, card_error
from deploy.sandbox.stripe.errors import (
    CardRefused,
    IntentRefused,
    InvalidParameter,
    RequestRefused,
    StripeObject,
    unexpected_state,
)
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.next_actions import redirect, require_url

_CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def confirm(call: Call, intent: StripeObject) -> StripeObject:
    """Attempts the payment.

    Raises `CardRefused` (the attempt is kept) and `RequestRefused` for an intent or a payment method
    that is not in a state to be confirmed.
    """
    if intent["status"] == "succeeded":
        message = (
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously "
            "confirmed."
        )
        raise IntentRefused(intent, message)
    if intent["status"] not in _CONFIRMABLE:
        message = "You cannot confirm this PaymentIntent because it has a status of"
        raise unexpected_state(intent, message)
    payment_method = _payment_method(call, intent)
    off_session = call.get("off_session", False) is not False
    if off_session:
        _require_saved(call, intent, payment_method)
    else:
        _require_return_url(call, intent)
    intent["payment_method"] = payment_method["id"]
    card = payment_methods.behaviour(call.store, payment_method["id"])
    if _must_authenticate(call, payment_method, card, off_session=off_session):
        if off_session or call.get("error_on_requires_action"):
            raise refuse(call, intent, payment_method, AUTHENTICATION_REQUIRED)
        return _require_action(call, intent)
    return attempt(call, intent, payment_method)


def attempt(
    call: Call, intent: StripeObject, payment_method: StripeObject, *, authenticated: bool = False
) -> StripeObject:
    """Charges the card, its holder being authenticated if that was needed."""
    card = payment_methods.behaviour(call.store, payment_method["id"])
    if card.charge_refusal is not None:
        raise refuse(call, intent, payment_method, card.charge_refusal)
    charge = charges.succeed(call, intent, payment_method, card, authenticated=authenticated)
    intent |= {
        "amount_received": intent["amount"],
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "status": "succeeded",
    }
    call.store.save(intent)
    call.store.remember(payment_method["id"], used=True)
    _save_card(call, intent, payment_method)
    record_event(call, "payment_intent.succeeded", intent)
    return intent


def refuse(call: Call, intent: StripeObject, payment_method: StripeObject, decline: Decline) -> CardRefused:
    """Keeps the failed charge and the reason on the intent, and makes the answer that says so."""
    charge = charges.fail(call, intent, payment_method, decline)
    error = card_error(decline) | {"charge": charge["id"], "payment_method": payment_method}
    return back_to_payment_method(call, intent, error, latest_charge=charge["id"])


def refuse_authentication(call: Call, intent: StripeObject, payment_method: StripeObject) -> CardRefused:
    """The holder failed 3-D Secure: nothing reached the bank, so there is no charge."""
    error = authentication_failure("payment_intent", payment_method)
    return back_to_payment_method(call, intent, error)


def authentication_failure(kind: str, payment_method: StripeObject) -> StripeObject:
    code = f"{kind}_authentication_failure"
    return {
        "code": code,
        "doc_url": f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}",
        "message": "We are unable to authenticate your payment method. "
        "Please choose a different payment method and try again.",
        "payment_method": payment_method,
        "type": "card_error",
    }


def back_to_payment_method(
    call: Call, intent: StripeObject, error: StripeObject, **changes: Any
) -> CardRefused:
    intent |= {
        "last_payment_error": error,
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
        **changes,
    }
    call.store.save(intent)
    record_event(call, "payment_intent.payment_failed", intent)
    return CardRefused(error | {"payment_intent": intent})


def require_same_customer(intent: StripeObject, payment_method: StripeObject) -> None:
    owner = payment_method["customer"]
    if owner is None or owner == intent["customer"]:
        return
    if intent["customer"] is None:
        message = (
            "The PaymentMethod you provided is attached to a customer, so you must provide the customer ID "
            "in order to use it."
        )
    else:
        message = (
            f"The PaymentMethod {payment_method['id']} does not belong to the Customer you supplied "
            f"{intent['customer']}. Please use this PaymentMethod with the Customer that it belongs to."
        )
    raise RequestRefused(message, param="payment_method")


def _payment_method(call: Call, intent: StripeObject) -> StripeObject:
    id_ = call.get("payment_method") or intent["payment_method"]
    if id_ is None:
        raise IntentRefused(
            intent,
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either "
            "update the PaymentIntent with a payment method and then confirm it again, or confirm it again "
            "directly with a payment method or ConfirmationToken.",
        )
    if intent["payment_method"] and "confirm" in call.parameters:
        id_ = intent["payment_method"]  # creation has already taken the parameter into account
    payment_method = payment_methods.usable(call, id_)
    require_same_customer(intent, payment_method)
    payment_methods.refuse_reuse(call.store, payment_method)
    return payment_method


def _require_saved(call: Call, intent: StripeObject, payment_method: StripeObject) -> None:
    if intent["customer"] is None:
        raise InvalidParameter(
            "You must provide a customer when confirming with `off_session=true`.", param="customer"
        )
    if payment_method["customer"] is None and not _is_test_id(call):
        raise RequestRefused(
            "The payment method you provided must be attached to the customer to be used with "
            "`off_session=true`.",
            param="payment_method",
        )


def _is_test_id(call: Call) -> bool:
    """Stripe lets a test card's own id (`pm_card_visa`) stand for a saved card."""
    return str(call.get("payment_method", "")).startswith("pm_card_")


def _require_return_url(call: Call, intent: StripeObject) -> None:
    redirects = intent["automatic_payment_methods"]
    may_redirect = redirects["enabled"] and redirects["allow_redirects"] == "always"
    if intent["allowed_payment_method_types"] == ["card"]:
        may_redirect = False
    if may_redirect and "return_url" not in call.parameters:
        raise InvalidParameter(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because "
            "some of these payment methods might redirect your customer off of your page, you must provide "
            "a `return_url`. If you don't want to accept redirect-based payment methods, set "
            "`automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` "
            "to `never` when creating Setup Intents and Payment Intents.",
            param="return_url",
        )


def _must_authenticate(
    call: Call, payment_method: StripeObject, card: TestCard, *, off_session: bool
) -> bool:
    if card.authentication is Authentication.ON_SESSION:
        return not off_session
    if card.authentication is Authentication.UNLESS_SET_UP:
        return not call.store.private(payment_method["id"]).get("set_up", False)
    return card.authentication is Authentication.ALWAYS


def _require_action(call: Call, intent: StripeObject) -> StripeObject:
    return_url = call.get("return_url")
    if return_url:
        require_url(return_url, "return_url")
    intent |= {"next_action": redirect(call.url, intent, return_url), "status": "requires_action"}
    call.store.save(intent)
    record_event(call, "payment_intent.requires_action", intent)
    return intent


def _save_card(call: Call, intent: StripeObject, payment_method: StripeObject) -> None:
    if intent["setup_future_usage"] and intent["customer"] and payment_method["customer"] is None:
        payment_method["customer"] = intent["customer"]
        call.store.save(payment_method)
        call.store.remember(payment_method["id"], set_up=True)
        record_event(call, "payment_method.attached", payment_method)
