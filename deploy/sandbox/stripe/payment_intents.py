"""Payment intents: one per amount owed, confirmed as many times as it takes."""

from deploy.sandbox.stripe import confirmations, lists, metadata, payment_methods
from deploy.sandbox.stripe.amounts import charge_amount, currency
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject, unexpected_state
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_client_secret, new_id

CONFIRMATION = ("error_on_requires_action", "expand", "off_session", "payment_method", "return_url")
UPDATABLE = (
    "amount",
    "currency",
    "customer",
    "description",
    "metadata",
    "payment_method",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)
SIMULATED_AT_CREATION = (
    *CONFIRMATION,
    *UPDATABLE,
    "allowed_payment_method_types",
    "automatic_payment_methods",
    "confirm",
)
SIMULATED_AT_UPDATE = (*UPDATABLE, "expand")
SIMULATED_AT_CONFIRMATION = (*CONFIRMATION, "receipt_email", "setup_future_usage")

_ONLY_WITH_CONFIRM = ("error_on_requires_action", "off_session", "return_url")
_CANCELABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_TEXTS = (
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


def create(call: Call) -> StripeObject:
    confirmed = call.get("confirm", False)
    for name in _ONLY_WITH_CONFIRM:
        if name in call.parameters and not confirmed:
            raise InvalidParameter(
                f"The parameter `{name}` cannot be passed when creating a PaymentIntent unless `confirm` is "
                "set to true.",
                param=name,
            )
    intent = _new_intent(call)
    _apply(call, intent)
    call.store.insert(intent)
    record_event(call, "payment_intent.created", intent)
    return confirmations.confirm(call, intent) if confirmed else intent


def retrieve(call: Call) -> StripeObject:
    return call.named("payment_intent", "intent")


def list_intents(call: Call) -> StripeObject:
    return lists.page(call, "payment_intent", "/v1/payment_intents", customer=call.get("customer"))


def update(call: Call) -> StripeObject:
    intent = call.named("payment_intent", "intent")
    if intent["status"] in ("succeeded", "canceled"):
        kept = {"metadata", "description", "expand"}
        for name in sorted(set(call.parameters) - kept):
            raise unexpected_state(
                intent, f"This PaymentIntent's {name} could not be updated because it has a status of", name
            )
    _apply(call, intent)
    return call.store.save(intent)


def confirm(call: Call) -> StripeObject:
    intent = call.named("payment_intent", "intent")
    for name in ("receipt_email", "setup_future_usage"):
        if name in call.parameters:
            intent[name] = call.text(name)
    return confirmations.confirm(call, intent)


def cancel(call: Call) -> StripeObject:
    intent = call.named("payment_intent", "intent")
    if intent["status"] not in _CANCELABLE:
        raise unexpected_state(intent, "You cannot cancel this PaymentIntent because it has a status of")
    intent |= {
        "canceled_at": call.now,
        "cancellation_reason": call.get("cancellation_reason"),
        "next_action": None,
        "status": "canceled",
    }
    call.store.save(intent)
    record_event(call, "payment_intent.canceled", intent)
    return intent


def _new_intent(call: Call) -> StripeObject:
    intent_id = new_id("pi")
    automatic = call.get("automatic_payment_methods", {"enabled": True})
    return {
        "id": intent_id,
        "object": "payment_intent",
        "allowed_payment_method_types": call.get("allowed_payment_method_types"),
        "amount": charge_amount(call.get("amount")),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {
            "allow_redirects": automatic.get("allow_redirects", "always"),
            "enabled": automatic["enabled"],
        },
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": new_client_secret(intent_id),
        "confirmation_method": "automatic",
        "created": call.now,
        "currency": currency(call.get("currency")),
        "customer": None,
        "description": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def _apply(call: Call, intent: StripeObject) -> None:
    """The parameters that creation and update share."""
    if "amount" in call.parameters:
        intent["amount"] = charge_amount(call.get("amount"))
    if "currency" in call.parameters:
        intent["currency"] = currency(call.get("currency"))
    if customer := call.given("customer", "customer"):
        intent["customer"] = customer["id"]
    for name in _TEXTS:
        if name in call.parameters:
            intent[name] = call.text(name)
    intent["metadata"] = metadata.merged(intent["metadata"], call.get("metadata"))
    if id_ := call.get("payment_method"):
        payment_method = payment_methods.usable(call, id_)
        confirmations.require_same_customer(intent, payment_method)
        intent["payment_method"] = payment_method["id"]
        intent["status"] = "requires_confirmation"
