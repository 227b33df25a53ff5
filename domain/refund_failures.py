"""Why money could not be sent back to a client, in words for the team."""

from domain.refunds import DISPUTED, RETURNED

_CONTESTED = "le client a contesté le paiement auprès de sa banque"
_TOO_LITTLE = "notre solde chez le prestataire de paiement ne suffit pas"
# Ours, and the provider's: https://docs.stripe.com/refunds#failed-refunds
WORDS = {
    RETURNED: "la banque du client a renvoyé l’argent",
    DISPUTED: _CONTESTED,
    "charge_for_pending_refund_disputed": _CONTESTED,
    "balance_insufficient": _TOO_LITTLE,
    "insufficient_funds": _TOO_LITTLE,
    "expired_or_canceled_card": "la carte du client n’est plus valable",
    "lost_or_stolen_card": "la carte du client a été déclarée perdue ou volée",
    "declined": "la banque du client a refusé l’argent",
    "merchant_request": "le prestataire de paiement l’a annulé à notre demande",
}


def refund_failure(code: str | None) -> str:
    """A clause, without a capital or a full stop: `la carte du client n’est plus valable`."""
    return WORDS.get(code or "", "le prestataire de paiement n’en dit pas la raison")
