"""What a client asks for whose service is to begin within the 14 days in which they may withdraw (code de la
consommation, art. L221-25). A version, once used, never changes."""

from datetime import datetime, timedelta

CURRENT_VERSION = "2026-11"
# Counted from the order; a service that begins within them needs the express request.
WITHDRAWAL_PERIOD = timedelta(days=14)

TEXTS: dict[str, str] = {
    "2026-11": (
        "Je demande expressément que l’intervention commence avant la fin du délai de rétractation de "
        "14 jours.\n\n"
        "Je garde le droit de me rétracter, sans frais, jusqu’à la fin de la séance. Je reconnais que ce "
        "droit prend fin quand la séance est terminée."
    ),
}


def needs_express_request(start: datetime, ordered_at: datetime) -> bool:
    """Whether a service that begins then would begin while its client may still withdraw."""
    return start < ordered_at + WITHDRAWAL_PERIOD


def express_request(*, said: bool) -> dict[str, str]:
    """What is kept of it, with whatever else the person wrote."""
    return {"express_request": CURRENT_VERSION} if said else {}
