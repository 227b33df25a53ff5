"""Setup intents: saving a card, with 3-D Secure where the card's bank asks for it."""

from deploy.sandbox.stripe import confirmations, lists, metadata, payment_methods
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.cards import Authentication, Decline, card_error
from deploy.sandbox.stripe.errors import (
    CardRefused,
    IntentRefused,
    InvalidParameter,
    RequestRefused,
    StripeObject,
    unexpected_state,
)
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_client_secret, new_id
from deploy.sandbox.stripe.next_actions import redirect, require_url

SIMULATED_AT_CREATION = (
    "allowed_payment_method_types",
    "automatic_payment_methods",
    "confirm",
    "customer",
    "description",
    "expand",
    "metadata",
    "payment_method",
    "return_url",
    "usage",
)
SIMULATED_AT_CONFIRMATION = ("expand", "payment_method", "return_url")

_CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(call: Call) -> StripeObject:
    confirmed = call.get("confirm", False)
    if "return_url" in call.parameters and not confirmed:
        raise InvalidParameter(
            "The parameter `return_url` cannot be passed when creating a SetupIntent unless `confirm` is set "
            "to true.",
            param="return_url",
        )
    customer = call.given("customer", "customer")
    intent = new_setup_intent(call, customer["id"] if customer else None)
    intent["description"] = call.text("description")
    intent["metadata"] = metadata.merged(None, call.get("metadata"))
    if id_ := call.get("payment_method"):
        payment_method = payment_methods.usable(call, id_)
        _require_unowned(intent, payment_method)
        intent |= {"payment_method": payment_method["id"], "status": "requires_confirmation"}
    call.store.insert(intent)
    record_event(call, "setup_intent.created", intent)
    return _confirm(call, intent) if confirmed else intent


def retrieve(call: Call) -> StripeObject:
    return call.named("setup_intent", "intent")


def list_intents(call: Call) -> StripeObject:
    fields = {name: call.get(name) for name in ("customer", "payment_method")}
    return lists.page(call, "setup_intent", "/v1/setup_intents", **fields)


def confirm(call: Call) -> StripeObject:
    intent = call.named("setup_intent", "intent")
    if id_ := call.get("payment_method"):
        payment_method = payment_methods.usable(call, id_)
        _require_unowned(intent, payment_method)
        intent["payment_method"] = payment_method["id"]
    return _confirm(call, intent)


def cancel(call: Call) -> StripeObject:
    intent = call.named("setup_intent", "intent")
    if intent["status"] not in _CONFIRMABLE:
        raise unexpected_state(intent, "You cannot cancel this SetupIntent because it has a status of")
    return close(call, intent, call.get("cancellation_reason"))


def close(call: Call, intent: StripeObject, reason: str | None) -> StripeObject:
    intent |= {"cancellation_reason": reason, "next_action": None, "status": "canceled"}
    call.store.save(intent)
    record_event(call, "setup_intent.canceled", intent)
    return intent


def set_up(
    call: Call, intent: StripeObject, payment_method: StripeObject, return_url: str | None
) -> StripeObject:
    """Saves the card, or asks its holder to authenticate first. Raises `CardRefused`."""
    card = payment_methods.behaviour(call.store, payment_method["id"])
    if card.refused_at_setup is not None:
        raise refuse(call, intent, payment_method, card.refused_at_setup)
    intent["payment_method"] = payment_method["id"]
    if card.authentication is not Authentication.NEVER:
        intent |= {"next_action": redirect(call.url, intent, return_url), "status": "requires_action"}
        call.store.save(intent)
        record_event(call, "setup_intent.requires_action", intent)
        return intent
    return succeed(call, intent, payment_method)


def succeed(call: Call, intent: StripeObject, payment_method: StripeObject) -> StripeObject:
    call.store.remember(payment_method["id"], set_up=True)
    if intent["customer"] is not None:
        payment_methods.attach_to(call, payment_method, intent["customer"])
    intent |= {
        "last_setup_error": None,
        "next_action": None,
        "payment_method": payment_method["id"],
        "status": "succeeded",
    }
    call.store.save(intent)
    record_event(call, "setup_intent.succeeded", intent)
    return intent


def refuse(call: Call, intent: StripeObject, payment_method: StripeObject, decline: Decline) -> CardRefused:
    return _back_to_payment_method(call, intent, card_error(decline) | {"payment_method": payment_method})


def refuse_authentication(call: Call, intent: StripeObject, payment_method: StripeObject) -> CardRefused:
    error = confirmations.authentication_failure("setup_intent", payment_method)
    return _back_to_payment_method(call, intent, error)


def new_setup_intent(call: Call, customer: str | None) -> StripeObject:
    intent_id = new_id("seti")
    automatic = call.get("automatic_payment_methods", {"enabled": True})
    return {
        "id": intent_id,
        "object": "setup_intent",
        "allowed_payment_method_types": call.get("allowed_payment_method_types"),
        "application": None,
        "automatic_payment_methods": {
            "allow_redirects": automatic.get("allow_redirects", "always"),
            "enabled": automatic["enabled"],
        },
        "cancellation_reason": None,
        "client_secret": new_client_secret(intent_id),
        "created": call.now,
        "customer": customer,
        "description": None,
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
        },
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": call.get("usage", "off_session"),
    }


def _confirm(call: Call, intent: StripeObject) -> StripeObject:
    if intent["status"] not in _CONFIRMABLE:
        raise unexpected_state(intent, "You cannot confirm this SetupIntent because it has a status of")
    if intent["payment_method"] is None:
        raise IntentRefused(
            intent,
            "You cannot confirm this SetupIntent because it's missing a payment method. Update the "
            "SetupIntent with a payment method and then confirm it again.",
        )
    return_url = call.get("return_url")
    if return_url is None and intent["automatic_payment_methods"]["allow_redirects"] == "always":
        raise InvalidParameter(
            "This SetupIntent is configured to accept payment methods enabled in your Dashboard. Because "
            "some of these payment methods might redirect your customer off of your page, you must provide a "
            "`return_url`.",
            param="return_url",
        )
    if return_url is not None:
        require_url(return_url, "return_url")
    payment_method = payment_methods.usable(call, intent["payment_method"])
    return set_up(call, intent, payment_method, return_url)


def _require_unowned(intent: StripeObject, payment_method: StripeObject) -> None:
    if payment_method["customer"] not in (None, intent["customer"]):
        raise RequestRefused(
            "The payment method supplied belongs to another Customer.", param="payment_method"
        )


def _back_to_payment_method(call: Call, intent: StripeObject, error: StripeObject) -> CardRefused:
    intent |= {
        "last_setup_error": error,
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    call.store.save(intent)
    record_event(call, "setup_intent.setup_failed", intent)
    return CardRefused(error | {"setup_intent": intent})
