"""Why a card was not debited, in words for the client and the team alike."""

# What the bank, or its network, says of a card, and what we say of it ourselves; the provider's other codes
# say no more than "no". https://docs.stripe.com/declines/codes
WORDS = {
    "authentication_required": "la banque demande une confirmation du titulaire de la carte",
    "expired_card": "la carte a expiré",
    "insufficient_funds": "la provision était insuffisante",
    "no_card": "aucune carte n’est enregistrée",
    "suspended": "la demande est suspendue, rien n’est débité",
}


def card_refusal(code: str) -> str:
    """A clause, without a capital or a full stop: `la carte a expiré`."""
    return WORDS.get(code, "la banque a refusé le paiement")
