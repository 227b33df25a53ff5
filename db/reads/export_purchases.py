"""Of the export of one's own data: what a client was asked for, paid and got back."""

from sqlalchemy import select

from db.models.chargebacks import Chargeback
from db.models.money import CreditNote, Invoice, Payment, PaymentAttempt
from db.models.people import Card
from db.models.refunds import Refund
from db.models.tickets import Consent, Submission, Ticket
from db.reads.export_account import Query
from db.reads.people import KnownPerson


def purchases(person: KnownPerson) -> dict[str, Query]:
    me = person.id
    mine = select(Ticket.number).where(Ticket.client_id == me)
    billed = select(Invoice.number).where(Invoice.client_id == me)
    return {
        "cards": select(Card.label, Card.saved_at, Card.customer_reference, Card.card_reference).where(
            Card.client_id == me
        ),
        "consents": select(
            Consent.ticket,
            Consent.session,
            Consent.text_version,
            Consent.given_at,
            Submission.body["anydesk_id"].astext.label("anydesk_id"),
        )
        .join(Submission, Submission.id == Consent.submission_id)
        .where(Consent.ticket.in_(mine))
        .order_by(Consent.given_at),
        "invoices": select(
            Invoice.number,
            Invoice.ticket,
            Invoice.issued_at,
            Invoice.minutes,
            Invoice.slices,
            Invoice.unit_ttc_cents,
            Invoice.vat_bp,
            Invoice.total_ht_cents,
            Invoice.total_vat_cents,
            Invoice.total_ttc_cents,
        )
        .where(Invoice.client_id == me)
        .order_by(Invoice.issued_at),
        "credit_notes": select(
            CreditNote.number,
            CreditNote.invoice,
            CreditNote.issued_at,
            CreditNote.slices,
            CreditNote.total_ht_cents,
            CreditNote.total_vat_cents,
            CreditNote.total_ttc_cents,
        )
        .where(CreditNote.invoice.in_(billed))
        .order_by(CreditNote.issued_at),
        "payments": select(
            Payment.invoice, Payment.intent, Payment.status, Payment.collected_cents, Payment.paid_at
        )
        .where(Payment.invoice.in_(billed))
        .order_by(Payment.invoice),
        "payment_attempts": select(
            PaymentAttempt.invoice,
            PaymentAttempt.attempt,
            PaymentAttempt.tried_at,
            PaymentAttempt.refusal,
            PaymentAttempt.by_hand,
        )
        .where(PaymentAttempt.invoice.in_(billed))
        .order_by(PaymentAttempt.invoice, PaymentAttempt.attempt),
        "refunds_sent": select(
            Refund.invoice,
            Refund.amount_cents,
            Refund.state,
            Refund.reference,
            Refund.sent_at,
            Refund.failed_at,
        )
        .where(Refund.invoice.in_(billed))
        .order_by(Refund.sent_at),
        "chargebacks": select(
            Chargeback.invoice,
            Chargeback.reference,
            Chargeback.status,
            Chargeback.reason,
            Chargeback.amount_cents,
            Chargeback.opened_at,
            Chargeback.closed_at,
        )
        .where(Chargeback.invoice.in_(billed))
        .order_by(Chargeback.opened_at),
    }
