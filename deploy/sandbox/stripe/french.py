"""What people read on the hosted pages and the dashboard."""

from deploy.sandbox.stripe.errors import StripeObject

REFUSALS = {
    "authentication_required": "Cette opération demande une authentification.",
    "expired_card": "Votre carte a expiré.",
    "generic_decline": "Votre carte a été refusée.",
    "incorrect_cvc": "Le code de sécurité de votre carte est incorrect.",
    "insufficient_funds": "Votre carte a été refusée : provision insuffisante.",
    "lost_card": "Votre carte a été refusée.",
    "processing_error": "Une erreur s’est produite lors du traitement. Réessayez dans un instant.",
    "setup_intent_authentication_failure": "Votre banque n’a pas pu vous authentifier.",
    "stolen_card": "Votre carte a été refusée.",
}

STATUSES = {
    "abandoned": "abandonné",
    "active": "active",
    "available": "disponible",
    "canceled": "annulé",
    "complete": "terminée",
    "delivered": "livré",
    "dropped": "perdu exprès",
    "expired": "expirée",
    "failed": "échoué",
    "in_transit": "en route",
    "inactive": "inactive",
    "lost": "perdu",
    "needs_response": "réponse attendue",
    "open": "ouverte",
    "paid": "versé",
    "pending": "en attente",
    "requires_action": "authentification attendue",
    "requires_confirmation": "à confirmer",
    "requires_payment_method": "moyen de paiement attendu",
    "succeeded": "réussi",
    "under_review": "examiné par la banque",
    "waiting": "en attente",
    "warning_closed": "clos sans suite",
    "warning_needs_response": "réponse attendue",
    "warning_under_review": "examiné par la banque",
    "won": "gagné",
}

# By reporting category, which tells apart what Stripe calls adjustments.
MOVEMENTS = {
    "charge": "paiement",
    "dispute": "litige",
    "dispute_reversal": "litige gagné",
    "fee": "frais de réponse à un litige",
    "payout": "versement à la banque",
    "payout_reversal": "versement revenu",
    "refund": "remboursement",
    "refund_failure": "remboursement revenu",
    "transfer": "virement",
    "transfer_reversal": "annulation de virement",
}

REASONS = {
    "fraudulent": "fraude",
    "product_not_received": "prestation non reçue",
    "product_unacceptable": "prestation non conforme",
    "credit_not_processed": "remboursement non reçu",
    "duplicate": "payé deux fois",
    "general": "autre",
}


def refusal(error: StripeObject | None) -> str | None:
    """The sentence for a card error, if there is one."""
    if error is None:
        return None
    reason = error.get("decline_code") or error.get("code") or ""
    return REFUSALS.get(reason, "Votre carte a été refusée.")
