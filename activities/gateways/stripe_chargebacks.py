"""Stripe's disputes, behind our port.

https://docs.stripe.com/disputes: the amount and a fee leave at once; won, the amount comes back. Evidence is
read once, until a date; unanswered, a dispute is lost.
"""

import io
from datetime import UTC, datetime

from stripe.params import DisputeUpdateParamsEvidence

from activities.gateways.chargebacks import ChargebackFound, EvidenceText
from activities.gateways.payments import PaymentsBroken
from activities.gateways.stripe_client import StripeConnection, breakdowns
from domain import ids
from domain.chargebacks import ChargebackStatus, Moved

STATUSES: dict[str, ChargebackStatus] = {
    "needs_response": ChargebackStatus.TO_ANSWER,
    "warning_needs_response": ChargebackStatus.TO_ANSWER,
    "under_review": ChargebackStatus.ANSWERED,
    "warning_under_review": ChargebackStatus.ANSWERED,
    "won": ChargebackStatus.WON,
    "lost": ChargebackStatus.LOST,
    "warning_closed": ChargebackStatus.INQUIRY_CLOSED,
    # Stripe's own rules decided it before a bank was asked: no money moved.
    "prevented": ChargebackStatus.INQUIRY_CLOSED,
}
# Stripe's own limit of all texts of the evidence together is 150,000; a bank reads less.
LONGEST_TEXT = 20_000


class StripeChargebacks:
    def __init__(self, connection: StripeConnection) -> None:
        self._stripe = connection.v1

    async def chargeback(self, reference: str) -> ChargebackFound:
        with breakdowns():
            dispute = await self._stripe.disputes.retrieve_async(reference)
        status = STATUSES.get(dispute.status)
        if status is None or dispute.payment_intent is None:
            raise PaymentsBroken(f"dispute {reference} is {dispute.status}: a status that we do not know")
        intent = dispute.payment_intent
        due_by = dispute.evidence_details.due_by
        return ChargebackFound(
            intent=intent if isinstance(intent, str) else intent.id,
            status=status,
            is_inquiry=dispute.status.startswith("warning_"),
            reason=dispute.reason,
            amount_cents=dispute.amount,
            opened_at=datetime.fromtimestamp(dispute.created, UTC),
            answer_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
            moves=tuple(Moved(entry.id, entry.amount, entry.fee) for entry in dispute.balance_transactions),
        )

    async def answer_chargeback(self, reference: str, evidence: EvidenceText) -> None:
        found = await self.chargeback(reference)
        if found.status is not ChargebackStatus.TO_ANSWER:
            return
        key = ids.chargeback_answer_key(reference, found.answer_by)
        said: DisputeUpdateParamsEvidence = {
            "product_description": evidence.product[:LONGEST_TEXT],
            "service_date": evidence.served_on,
            "access_activity_log": evidence.activity[:LONGEST_TEXT],
            "uncategorized_text": evidence.summary[:LONGEST_TEXT],
        }
        with breakdowns():
            if evidence.invoice is not None:
                said["receipt"] = await self._uploaded(reference, evidence.invoice)
            await self._stripe.disputes.update_async(
                reference,
                {"evidence": said, "submit": True},
                {"idempotency_key": key},
            )

    async def concede_chargeback(self, reference: str) -> None:
        if (await self.chargeback(reference)).status not in {
            ChargebackStatus.TO_ANSWER,
            ChargebackStatus.ANSWERED,
        }:
            return
        with breakdowns():
            await self._stripe.disputes.close_async(
                reference, {}, {"idempotency_key": ids.chargeback_concession_key(reference)}
            )

    async def _uploaded(self, reference: str, pdf: bytes) -> str:
        file = await self._stripe.files.create_async(
            {"purpose": "dispute_evidence", "file": _named(pdf)},
            {"idempotency_key": ids.chargeback_file_key(reference)},
        )
        return file.id


def _named(pdf: bytes) -> io.BytesIO:
    content = io.BytesIO(pdf)
    content.name = "facture.pdf"
    return content
