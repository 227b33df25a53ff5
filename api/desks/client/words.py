"""What the client's pages say of each state: where a request stands, what comes next, what was just done."""

from domain.tickets import Outcome, Status

# How a status is coloured: act (the client's turn), live, wait, done, stop.
TONES: dict[Status, str] = {
    Status.REQUESTED: "wait",
    Status.TO_ASSIGN: "wait",
    Status.SCHEDULED: "wait",
    Status.IN_SESSION: "live",
    Status.TO_REPORT: "wait",
    Status.IN_REVIEW: "act",
    Status.SUSPENDED: "stop",
    Status.INVOICED: "wait",
    Status.UNPAID: "act",
    Status.CLOSED: "done",
}

# As a client says it; the back office has the words of `api.french.STATUSES`.
STATUSES: dict[Status, str] = {
    Status.REQUESTED: "En préparation",
    Status.TO_ASSIGN: "Technicien recherché",
    Status.SCHEDULED: "Rendez-vous pris",
    Status.IN_SESSION: "Séance en cours",
    Status.TO_REPORT: "Compte rendu attendu",
    Status.IN_REVIEW: "Votre avis est attendu",
    Status.SUSPENDED: "Suspendue, rien n’est facturé",
    Status.INVOICED: "Facturée",
    Status.UNPAID: "À régler",
    Status.CLOSED: "Terminée",
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.PAID: "Terminée et payée",
    Outcome.WAIVED: "Terminée, non facturée",
    Outcome.CANCELLED: "Annulée",
    Outcome.WITHDRAWN: "Rétractée",
    Outcome.CLIENT_ABSENT: "Rendez-vous manqué",
    Outcome.WRITTEN_OFF: "Close",
}
# Those that ended without help are not shown as a success.
ENDED_OTHERWISE = {Outcome.CANCELLED, Outcome.WITHDRAWN, Outcome.CLIENT_ABSENT, Outcome.WRITTEN_OFF}


def state(status: str, outcome: str | None) -> tuple[str, str]:
    """The words of a request's badge, and its tone."""
    if outcome is not None:
        ended = Outcome(outcome)
        return OUTCOMES[ended], "" if ended in ENDED_OTHERWISE else "done"
    return STATUSES[Status(status)], TONES[Status(status)]
