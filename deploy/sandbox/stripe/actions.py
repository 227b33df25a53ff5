"""What the world does and Stripe's API cannot ask for: a holder disputes, a bank decides."""

import time
from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from deploy.sandbox.stripe import chargebacks, payouts, refund_courses
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import StripeObject, no_such
from deploy.sandbox.stripe.execution import Sandbox
from deploy.sandbox.stripe.webhooks import queue_deliveries

Reason = Literal[
    "credit_not_processed",
    "duplicate",
    "fraudulent",
    "general",
    "product_not_received",
    "product_unacceptable",
]
FailureReason = Literal[
    "charge_for_pending_refund_disputed",
    "declined",
    "expired_or_canceled_card",
    "lost_or_stolen_card",
    "merchant_request",
    "unknown",
]


class Action(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dispute(Action):
    """`payment` is a charge or its payment intent; without `amount` (cents), all that was not refunded."""

    action: Literal["dispute"]
    payment: str
    reason: Reason = "fraudulent"
    inquiry: bool = False
    amount: Annotated[int, Field(gt=0)] | None = None


class DecideDispute(Action):
    action: Literal["decide_dispute"]
    dispute: str
    outcome: Literal["won", "lost", "escalated", "overturned"]


class FailRefund(Action):
    action: Literal["fail_refund"]
    refund: str
    reason: FailureReason = "expired_or_canceled_card"


class PayOut(Action):
    """Stripe's automatic payout of all that is available."""

    action: Literal["pay_out"]
    fails: bool = False


class FailPayout(Action):
    action: Literal["fail_payout"]
    payout: str


class SendEventAgain(Action):
    """To every endpoint that wants it, as the switches for webhooks have it."""

    action: Literal["send_event_again"]
    event: str


AnyAction = Dispute | DecideDispute | FailRefund | PayOut | FailPayout | SendEventAgain
DECISIONS = {
    "won": chargebacks.win,
    "lost": chargebacks.lose,
    "escalated": chargebacks.escalate,
    "overturned": chargebacks.overturn,
}
ACTION: TypeAdapter[AnyAction] = TypeAdapter(Annotated[AnyAction, Field(discriminator="action")])


def carry_out(sandbox: Sandbox, action: AnyAction) -> StripeObject:
    """All or nothing. Raises `StripeError`: there is no such object, or its state does not allow it."""
    call = Call(sandbox.store, int(time.time()), sandbox.url)
    with sandbox.store.transaction():
        return _carry_out(call, action)


def _carry_out(call: Call, action: AnyAction) -> StripeObject:
    match action:
        case Dispute():
            charge = _charge(call, action.payment)
            return chargebacks.open_dispute(
                call, charge, action.reason, inquiry=action.inquiry, amount=action.amount
            )
        case DecideDispute():
            return DECISIONS[action.outcome](call, _found(call, "dispute", action.dispute))
        case FailRefund():
            return refund_courses.fail(call, _found(call, "refund", action.refund), action.reason)
        case PayOut():
            return payouts.pay_out(call, fails=action.fails)
        case FailPayout():
            return payouts.fail(call, _found(call, "payout", action.payout))
        case SendEventAgain():
            event = _found(call, "event", action.event)
            queue_deliveries(call.store, event)
            return event
        case _:
            assert_never(action)


def _charge(call: Call, payment: str) -> StripeObject:
    intent = call.store.find("payment_intent", payment)
    return _found(call, "charge", (intent["latest_charge"] or payment) if intent else payment)


def _found(call: Call, kind: str, id_: str) -> StripeObject:
    found = call.store.find(kind, id_)
    if found is None:
        raise no_such(kind, id_, kind)
    return found
