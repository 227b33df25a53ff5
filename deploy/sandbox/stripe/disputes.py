"""Disputes as their merchant sees them: read, answered with evidence, or accepted.

In test mode a text of the evidence decides, after a moment: https://docs.stripe.com/testing#disputes.
"""

from deploy.sandbox.stripe import chargebacks, evidence, lists, metadata
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import RequestRefused, StripeObject
from deploy.sandbox.stripe.events import record_event

SIMULATED_AT_UPDATE = ("evidence", "metadata", "submit")
# What is decided for these words, a bank's time after they were submitted.
DECIDED_BY_WORD = {
    "winning_evidence": "dispute_won",
    "losing_evidence": "dispute_lost",
    "escalate_inquiry_evidence": "dispute_escalated",
}
_UNDER_REVIEW = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}


def retrieve(call: Call) -> StripeObject:
    return call.named("dispute", "dispute")


def list_disputes(call: Call) -> StripeObject:
    fields = {name: call.get(name) for name in ("charge", "payment_intent")}
    return lists.page(call, "dispute", "/v1/disputes", **fields)


def update(call: Call) -> StripeObject:
    dispute = _open(call)
    previous = {name: dispute[name] for name in ("evidence", "evidence_details", "metadata", "status")}
    submitted = call.get("submit", "evidence" in call.parameters)
    if submitted or "evidence" in call.parameters:
        _require_answerable(call, dispute)
    dispute["metadata"] = metadata.merged(dispute["metadata"], call.get("metadata"))
    dispute["evidence"] = evidence.merged(call, dispute["evidence"])
    has_evidence = not evidence.is_empty(dispute["evidence"])
    dispute["evidence_details"] = dispute["evidence_details"] | {"has_evidence": has_evidence}
    if submitted:
        _submit(call, dispute)
    call.store.save(dispute)
    changed = {name: value for name, value in previous.items() if value != dispute[name]}
    record_event(call, "charge.dispute.updated", dispute, previous=changed)
    chargebacks.record_update_of_charge(call, dispute)
    return dispute


def close(call: Call) -> StripeObject:
    """The merchant accepts the dispute: lost, at once."""
    return chargebacks.lose(call, _open(call))


def end_unanswered(call: Call, dispute: StripeObject) -> None:
    """The day to answer is over."""
    details = dispute["evidence_details"]
    if dispute["status"] in _UNDER_REVIEW and details["due_by"] <= call.now:
        dispute["evidence_details"] = details | {"past_due": True}
        chargebacks.lose(call, dispute)


def _open(call: Call) -> StripeObject:
    dispute = call.named("dispute", "dispute")
    if dispute["status"] in chargebacks.CLOSED:
        raise RequestRefused("This dispute is already closed")
    return dispute


def _require_answerable(call: Call, dispute: StripeObject) -> None:
    """Stripe reads one answer per dispute, until the day it is due."""
    if dispute["status"] not in _UNDER_REVIEW:
        raise RequestRefused("Evidence has already been submitted for this dispute.")
    if dispute["evidence_details"]["due_by"] < call.now:
        raise RequestRefused("The deadline to submit evidence for this dispute has passed.")


def _submit(call: Call, dispute: StripeObject) -> None:
    if not dispute["evidence_details"]["has_evidence"]:
        raise RequestRefused("There is no evidence to submit for this dispute.", param="evidence")
    chargebacks.take_countered_fee(call, dispute)
    details = dispute["evidence_details"]
    dispute["evidence_details"] = details | {"submission_count": details["submission_count"] + 1}
    dispute["status"] = _UNDER_REVIEW[dispute["status"]]
    words = (dispute["evidence"]["uncategorized_text"] or "").strip()
    if decision := DECIDED_BY_WORD.get(words):
        call.store.schedule(decision, dispute["id"], call.now + call.settings.bank_seconds)
