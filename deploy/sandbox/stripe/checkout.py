"""Checkout sessions in `setup` mode: a hosted page where a customer saves a card."""

import time

from deploy.sandbox.stripe import customers, lists, metadata, setup_intents
from deploy.sandbox.stripe.amounts import currency
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import (
    InvalidParameter,
    RequestRefused,
    StripeObject,
    missing_parameter,
)
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import random_text
from deploy.sandbox.stripe.next_actions import require_url
from deploy.sandbox.stripe.store import Store

SIMULATED = (
    "allowed_payment_method_types",
    "cancel_url",
    "client_reference_id",
    "currency",
    "customer",
    "customer_creation",
    "customer_email",
    "expand",
    "expires_at",
    "locale",
    "metadata",
    "mode",
    "setup_intent_data",
    "success_url",
    "ui_mode",
)
LIFETIME_SECONDS = 86_400
SHORTEST_LIFETIME_SECONDS = 1_800
_ADDRESS_PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def create(call: Call) -> StripeObject:
    _check(call)
    customer = call.given("customer", "customer")
    intent = setup_intents.new_setup_intent(call, customer["id"] if customer else None)
    data = call.get("setup_intent_data", {})
    intent["description"] = data.get("description")
    intent["metadata"] = metadata.merged(None, data.get("metadata"))
    call.store.insert(intent)
    record_event(call, "setup_intent.created", intent)
    return call.store.insert(_new_session(call, intent, customer))


def retrieve(call: Call) -> StripeObject:
    return call.named("checkout.session", "session")


def list_sessions(call: Call) -> StripeObject:
    fields = {name: call.get(name) for name in ("customer", "status")}
    return lists.page(call, "checkout.session", "/v1/checkout/sessions", **fields)


def expire(call: Call) -> StripeObject:
    session = call.named("checkout.session", "session")
    if session["status"] != "open":
        raise RequestRefused(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a '
            f"status of {session['status']}.",
            param="session",
        )
    return _expire(call, session)


def complete(call: Call, session: StripeObject, intent: StripeObject) -> StripeObject:
    """The card is saved: the session is over and says to whom it belongs."""
    session |= {
        "customer": intent["customer"],
        "status": "complete",
        "url": None,
    }
    customer = call.store.find("customer", intent["customer"]) if intent["customer"] else None
    session["customer_details"] = _customer_details(customer, session["customer_email"])
    call.store.save(session)
    record_event(call, "checkout.session.completed", session)
    return session


def customer_for(call: Call, session: StripeObject, intent: StripeObject) -> str | None:
    """The session's customer, made at the first attempt if the session was to make one."""
    if intent["customer"] is None and session["customer_creation"] == "always":
        customer = customers.new_customer(call) | {"email": session["customer_email"]}
        call.store.insert(customer)
        record_event(call, "customer.created", customer)
        return str(customer["id"])
    owner: str | None = intent["customer"]
    return owner


def success_address(session: StripeObject) -> str:
    address: str = session["success_url"]
    return address.replace(_ADDRESS_PLACEHOLDER, session["id"])


def expire_overdue(store: Store, url: str) -> int:
    """Closes the sessions whose time is over. Returns how many."""
    now = int(time.time())
    overdue = store.select_where(
        "checkout.session", [("body ->> '$.status' = ?", "open"), ("body ->> '$.expires_at' <= ?", now)]
    )
    if not overdue:
        return 0
    with store.transaction():
        for session in overdue:
            _expire(Call(store=store, now=now, url=url), session)
    return len(overdue)


def _expire(call: Call, session: StripeObject) -> StripeObject:
    session |= {"status": "expired", "url": None}
    call.store.save(session)
    intent = call.store.find("setup_intent", session["setup_intent"])
    if intent is not None and intent["status"] != "canceled":
        setup_intents.close(call, intent, "abandoned")
    record_event(call, "checkout.session.expired", session)
    return session


def _check(call: Call) -> None:
    """What Stripe asks of a session in setup mode."""
    if "mode" not in call.parameters:
        raise missing_parameter("mode")
    if call.get("mode") != "setup":
        raise InvalidParameter(
            f"The sandbox simulates Checkout in setup mode only, not {call.get('mode')}.", param="mode"
        )
    if call.get("ui_mode", "hosted_page") != "hosted_page":
        raise InvalidParameter("The sandbox simulates ui_mode hosted_page only.", param="ui_mode")
    if "success_url" not in call.parameters:
        raise missing_parameter("success_url")
    for name in ("success_url", "cancel_url"):
        if name in call.parameters:
            require_url(call.get(name), name)
    if "currency" not in call.parameters and "allowed_payment_method_types" not in call.parameters:
        raise missing_parameter("currency")
    if "customer" in call.parameters and "customer_email" in call.parameters:
        raise InvalidParameter(
            "You may only specify one of these parameters: customer, customer_email.", param="customer_email"
        )
    expires_at = call.get("expires_at", call.now + LIFETIME_SECONDS)
    if not SHORTEST_LIFETIME_SECONDS <= expires_at - call.now <= LIFETIME_SECONDS:
        raise InvalidParameter(
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from Checkout "
            "Session creation.",
            param="expires_at",
        )


def _new_session(call: Call, intent: StripeObject, customer: StripeObject | None) -> StripeObject:
    session_id = f"cs_test_{random_text(58)}"
    email = call.get("customer_email")
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": None,
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": None,
        "amount_total": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": call.get("cancel_url"),
        "client_reference_id": call.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": call.now,
        "currency": currency(call.get("currency")) if "currency" in call.parameters else None,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": dict.fromkeys(
            ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        ),
        "customer": intent["customer"],
        "customer_creation": None if customer else call.get("customer_creation", "if_required"),
        "customer_details": _customer_details(customer, email),
        "customer_email": email,
        "discounts": None,
        "expires_at": call.get("expires_at", call.now + LIFETIME_SECONDS),
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": call.get("locale"),
        "metadata": metadata.merged(None, call.get("metadata")),
        "mode": "setup",
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "always",
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "no_payment_required",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": intent["id"],
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": None,
        "subscription": None,
        "success_url": call.get("success_url"),
        "total_details": None,
        "ui_mode": "hosted_page",
        "url": f"{call.url}/c/pay/{session_id}",
        "wallet_options": None,
    }


def _customer_details(customer: StripeObject | None, email: str | None) -> StripeObject | None:
    if customer is None and email is None:
        return None
    details = {
        "address": None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": None,
    }
    if customer is not None:
        details |= {name: customer[name] for name in ("address", "email", "name", "phone", "tax_exempt")}
    return details
