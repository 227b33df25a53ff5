"""Charges: one per attempt that reached the card's bank, refused or not."""

import math
from typing import Any
from uuid import uuid4

from deploy.sandbox.stripe import chargebacks, lists
from deploy.sandbox.stripe.balance import fee_of, record_transaction
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.cards import Decline, TestCard
from deploy.sandbox.stripe.errors import StripeObject
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id, random_text


def retrieve(call: Call) -> StripeObject:
    return call.named("charge", "charge")


def list_charges(call: Call) -> StripeObject:
    fields = {name: call.get(name) for name in ("customer", "payment_intent", "transfer_group")}
    return lists.page(call, "charge", "/v1/charges", **fields)


def succeed(
    call: Call,
    intent: StripeObject,
    payment_method: StripeObject,
    card: TestCard,
    *,
    authenticated: bool = False,
) -> StripeObject:
    """Takes the money: a charge and its balance transaction. Then its holder may dispute it at once."""
    charge = _charge(call, intent, payment_method) | {
        "amount_captured": intent["amount"],
        "captured": True,
        "outcome": _outcome(),
        "paid": True,
        "receipt_url": f"{call.url}/dashboard",
        "status": "succeeded",
    }
    if authenticated:
        charge["payment_method_details"]["card"]["three_d_secure"] = _authentication()
    delay = 0 if card.settles_at_once else math.ceil(call.settings.settlement_delay_seconds)
    transaction = record_transaction(
        call,
        "charge",
        charge["amount"],
        charge["id"],
        fee=fee_of(charge["amount"]),
        available_on=call.now + delay,
        description=charge["description"],
    )
    charge["balance_transaction"] = transaction["id"]
    call.store.insert(charge)
    record_event(call, "charge.succeeded", charge)
    if card.contest is not None:
        chargebacks.open_dispute(call, charge, card.contest.reason, inquiry=card.contest.inquiry)
    return charge


def fail(call: Call, intent: StripeObject, payment_method: StripeObject, decline: Decline) -> StripeObject:
    charge = _charge(call, intent, payment_method) | {
        "failure_code": decline.code,
        "failure_message": decline.message,
        "outcome": _outcome(decline),
        "status": "failed",
    }
    call.store.insert(charge)
    record_event(call, "charge.failed", charge)
    return charge


def _charge(call: Call, intent: StripeObject, payment_method: StripeObject) -> StripeObject:
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": payment_method["billing_details"],
        "calculated_statement_descriptor": "OMEASUPPORT",
        "captured": False,
        "created": call.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": payment_method["id"],
        "payment_method_details": {"card": _card_details(intent, payment_method), "type": "card"},
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }


def _card_details(intent: StripeObject, payment_method: StripeObject) -> StripeObject:
    card: dict[str, Any] = payment_method["card"]
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    return {name: card[name] for name in kept} | {
        "amount_authorized": intent["amount"],
        "authorization_code": random_text(6).upper(),
        "installments": None,
        "mandate": None,
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": random_text(15).upper(),
        "regulated_status": card["regulated_status"],
        "three_d_secure": None,
        "wallet": None,
    }


def _authentication() -> StripeObject:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "exemption_indicator_applied": False,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": str(uuid4()),
        "version": "2.2.0",
    }


def _outcome(decline: Decline | None = None) -> StripeObject:
    return {
        "advice_code": decline.advice_code if decline else None,
        "network_advice_code": None,
        "network_decline_code": "05" if decline else None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": decline.decline_code if decline else None,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "The bank did not return any further details with this decline."
        if decline
        else "Payment complete.",
        "type": "issuer_declined" if decline else "authorized",
    }
