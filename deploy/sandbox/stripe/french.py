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
    "failed": "refusé",
    "inactive": "inactive",
    "open": "ouverte",
    "pending": "en attente",
    "requires_action": "authentification attendue",
    "requires_confirmation": "à confirmer",
    "requires_payment_method": "moyen de paiement attendu",
    "succeeded": "réussi",
    "waiting": "en attente",
}

MOVEMENTS = {
    "charge": "paiement",
    "refund": "remboursement",
    "transfer": "virement",
    "transfer_refund": "annulation de virement",
}


def refusal(error: StripeObject | None) -> str | None:
    """The sentence for a card error, if there is one."""
    if error is None:
        return None
    reason = error.get("decline_code") or error.get("code") or ""
    return REFUSALS.get(reason, "Votre carte a été refusée.")
