"""Customers: whom the platform charges."""

from deploy.sandbox.stripe import lists, metadata, payment_methods
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import StripeObject
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id, random_text

SIMULATED = (
    "address",
    "description",
    "email",
    "expand",
    "invoice_settings",
    "metadata",
    "name",
    "phone",
    "preferred_locales",
)
# What is left of one that was deleted: its id, so that it is told from one that never was.
DELETED = "deleted_customer"
_TEXTS = ("address", "description", "email", "name", "phone")
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def create(call: Call) -> StripeObject:
    customer = new_customer(call)
    payment_method = call.get("payment_method")
    _apply(call, customer)
    call.store.insert(customer)
    record_event(call, "customer.created", customer)
    if payment_method:
        payment_methods.attach_to(call, payment_methods.usable(call, payment_method), customer["id"])
    return customer


def retrieve(call: Call) -> StripeObject:
    if call.store.find(DELETED, call.ids["customer"]) is not None:
        return _deleted(call.ids["customer"])
    return call.named("customer", "customer")


def _deleted(id_: str) -> StripeObject:
    return {"id": id_, "object": "customer", "deleted": True}


def update(call: Call) -> StripeObject:
    customer = call.named("customer", "customer")
    _apply(call, customer)
    call.store.save(customer)
    record_event(call, "customer.updated", customer)
    return customer


def delete(call: Call) -> StripeObject:
    """Who asks for it afterwards is told that it was deleted; nothing else may be done with it, nor with its
    cards. What was paid stays."""
    customer = call.named("customer", "customer")
    for method in call.store.select("payment_method", customer=customer["id"]):
        call.store.save(method | {"customer": None})
        call.store.remember(method["id"], detached=True)
    call.store.delete(customer["id"])
    call.store.insert({"id": customer["id"], "object": DELETED, "created": customer["created"]})
    record_event(call, "customer.deleted", customer)
    return _deleted(customer["id"])


def list_customers(call: Call) -> StripeObject:
    return lists.page(call, "customer", "/v1/customers", email=call.get("email"))


def list_payment_methods(call: Call) -> StripeObject:
    customer = call.named("customer", "customer")
    url = f"/v1/customers/{customer['id']}/payment_methods"
    return lists.page(call, "payment_method", url, customer=customer["id"], type=call.get("type"))


def retrieve_payment_method(call: Call) -> StripeObject:
    return payment_methods.of_customer(call, call.named("customer", "customer")["id"])


def new_customer(call: Call) -> StripeObject:
    return {
        "id": new_id("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": call.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": random_text(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def _apply(call: Call, customer: StripeObject) -> None:
    for name in _TEXTS:
        if name in call.parameters:
            customer[name] = call.get(name) or None
    if customer["address"]:
        customer["address"] = {part: customer["address"].get(part) for part in _ADDRESS}
    customer["preferred_locales"] = call.get("preferred_locales", customer["preferred_locales"])
    customer["metadata"] = metadata.merged(customer["metadata"], call.get("metadata"))
    settings = call.get("invoice_settings", {})
    if default := settings.get("default_payment_method"):
        payment_methods.attached(call, default, customer["id"], "invoice_settings[default_payment_method]")
        customer["invoice_settings"]["default_payment_method"] = default
