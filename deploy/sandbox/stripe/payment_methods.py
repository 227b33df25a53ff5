"""Payment methods: cards, saved to a customer or used once."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from deploy.sandbox.stripe import lists, metadata
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.cards import BY_NAME, Decline, TestCard, card_error
from deploy.sandbox.stripe.errors import (
    CardRefused,
    InvalidParameter,
    RequestRefused,
    StripeObject,
    missing_parameter,
    no_such,
)
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id
from deploy.sandbox.stripe.store import Store


def retrieve(call: Call) -> StripeObject:
    return usable(call, call.ids["payment_method"], "payment_method", stored=False)


def list_payment_methods(call: Call) -> StripeObject:
    if "customer" not in call.parameters:
        raise missing_parameter("customer")
    call.given("customer", "customer")
    return lists.page(
        call, "payment_method", "/v1/payment_methods", customer=call.get("customer"), type=call.get("type")
    )


def update(call: Call) -> StripeObject:
    payment_method = call.named("payment_method", "payment_method")
    payment_method["metadata"] = metadata.merged(payment_method["metadata"], call.get("metadata"))
    for name, value in call.get("billing_details", {}).items():
        payment_method["billing_details"][name] = value or None
    return call.store.save(payment_method)


def attach(call: Call) -> StripeObject:
    if "customer" not in call.parameters:
        raise missing_parameter("customer")
    customer = call.given("customer", "customer")
    payment_method = usable(call, call.ids["payment_method"], "payment_method")
    if customer is None:
        raise missing_parameter("customer")
    return attach_to(call, payment_method, customer["id"])


def detach(call: Call) -> StripeObject:
    payment_method = call.named("payment_method", "payment_method")
    if payment_method["customer"] is None:
        raise RequestRefused(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    call.store.save(payment_method | {"customer": None})
    call.store.remember(payment_method["id"], detached=True)
    record_event(call, "payment_method.detached", payment_method | {"customer": None})
    return payment_method | {"customer": None}


def of_customer(call: Call, customer: str) -> StripeObject:
    payment_method = call.named("payment_method", "payment_method")
    if payment_method["customer"] != customer:
        raise no_such("payment_method", payment_method["id"], "payment_method")
    return payment_method


def attach_to(call: Call, payment_method: StripeObject, customer: str) -> StripeObject:
    """Saves the card. Raises `CardRefused` for the cards that cannot be saved."""
    if payment_method["customer"] == customer:
        return payment_method
    if payment_method["customer"] is not None:
        raise RequestRefused(
            "The payment method you provided has already been attached to a customer.", param="payment_method"
        )
    refuse_reuse(call.store, payment_method)
    if decline := behaviour(call.store, payment_method["id"]).refused_at_setup:
        raise CardRefused(card_error(decline))
    payment_method["customer"] = customer
    payment_method["allow_redisplay"] = "limited"
    call.store.save(payment_method)
    record_event(call, "payment_method.attached", payment_method)
    return payment_method


def usable(call: Call, id_: str, param: str = "payment_method", *, stored: bool = True) -> StripeObject:
    """A stored payment method, or a new one for the id of a test card (`pm_card_visa`)."""
    if id_ in BY_NAME:
        return new_payment_method(call, BY_NAME[id_], stored=stored)
    found = call.store.find("payment_method", id_)
    if found is None:
        refusal = no_such("PaymentMethod", id_, param)
        if param in call.ids:
            raise refusal
        raise InvalidParameter(refusal.message, code=refusal.code, param=param)
    return found


def attached(call: Call, id_: str, customer: str, param: str) -> StripeObject:
    payment_method = usable(call, id_, param)
    if payment_method["customer"] != customer:
        raise InvalidParameter(
            f"The customer does not have a payment method with the ID {id_}. The payment method must be "
            "attached to the customer.",
            code="resource_missing",
            param=param,
        )
    return payment_method


def refuse_reuse(store: Store, payment_method: StripeObject) -> None:
    """A card used once without a customer, or detached from one, is spent."""
    if payment_method["customer"] is None:
        known = store.private(payment_method["id"])
        if known.get("used") or known.get("detached"):
            raise RequestRefused(
                "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
                "attachment, or was detached from a Customer. It may not be used again. To use a "
                "PaymentMethod multiple times, you must attach it to a Customer first.",
                param="payment_method",
            )


def behaviour(store: Store, payment_method: str) -> TestCard:
    return BY_NAME[store.private(payment_method)["card"]]


def new_payment_method(
    call: Call, card: TestCard, *, expiry: tuple[int, int] | None = None, stored: bool = True
) -> StripeObject:
    """`expiry` is (month, year); a test card used by its id expires in a year."""
    month, year = expiry or (datetime.fromtimestamp(call.now, UTC).month, _year(call.now) + 1)
    payment_method: StripeObject = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(),
        "card": _card(card, month, year),
        "created": call.now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }
    if stored:
        call.store.insert(payment_method, {"card": card.name})
    return payment_method


def billing_details() -> StripeObject:
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {"address": address, "email": None, "name": None, "phone": None, "tax_id": None}


def refused(decline: Decline, payment_method: StripeObject, **more: Any) -> CardRefused:
    return CardRefused(card_error(decline) | {"payment_method": payment_method} | more)


def _year(now: int) -> int:
    return datetime.fromtimestamp(now, UTC).year


def _card(card: TestCard, month: int, year: int) -> StripeObject:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": "american_express" if card.brand == "amex" else card.brand,
        "exp_month": month,
        "exp_year": year,
        # The same card has the same print, whoever saves it.
        "fingerprint": sha256(card.number.encode()).hexdigest()[:16],
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": card.brand != "amex"},
        "wallet": None,
    }
