"""What the client's pages say of each state: where a request stands, what comes next, what was just done."""

from domain.tickets import Command, Outcome, Status

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


# Where it stands, as the title of its page.
STANDS: dict[Status, str] = {
    Status.REQUESTED: "Nous réservons votre technicien",
    Status.TO_ASSIGN: "Nous cherchons un technicien pour vous",
    Status.SCHEDULED: "Votre rendez-vous est pris : {when}",
    Status.IN_SESSION: "La séance est en cours",
    Status.TO_REPORT: "La séance est finie, le compte rendu arrive",
    Status.IN_REVIEW: "Tout fonctionne ? Dites-le-nous",
    Status.SUSPENDED: "Votre demande est suspendue : rien n’est facturé",
    Status.INVOICED: "Votre facture est prête",
    Status.UNPAID: "Votre facture reste à régler",
}
ENDED: dict[Outcome, str] = {
    Outcome.PAID: "C’est terminé, et la facture est payée",
    Outcome.WAIVED: "C’est terminé, et rien ne vous est facturé",
    Outcome.CANCELLED: "Le rendez-vous est annulé, sans frais",
    Outcome.WITHDRAWN: "Vous vous êtes rétracté : rien ne vous est facturé",
    Outcome.CLIENT_ABSENT: "Le technicien n’a pas pu vous joindre : rien ne vous est facturé",
    Outcome.WRITTEN_OFF: "Cette demande est close",
}

# What is waited for, said to the client: "Vous : donner votre accord…".
ACTS: dict[Command, str] = {
    Command.ACKNOWLEDGE: "confirmer le rendez-vous",
    Command.CONSENT: "donner votre accord pour la prise en main",
    Command.CALL: "vous appeler",
    Command.START: "commencer la séance avec vous",
    Command.END: "vous aider, puis terminer la séance",
    Command.REPORT: "écrire le compte rendu",
    Command.REVIEW: "dire si tout fonctionne",
    Command.TAKE_OVER: "reprendre votre dossier et vous appeler",
    Command.RULING: "décider de la suite avec vous",
    Command.REASSIGN: "trouver un technicien",
    Command.PAY: "régler la facture",
}
# Where nobody must do anything.
AWAITED: dict[Status, str] = {
    Status.REQUESTED: "Vous n’avez rien à faire : la réservation est automatique.",
    Status.INVOICED: "Vous n’avez rien à faire : votre carte est débitée automatiquement.",
}
# The page of the request on which the client does it.
PATHS: dict[Command, str] = {
    Command.CONSENT: "accord",
    Command.REVIEW: "avis",
}

STEPS = ("Demande", "Rendez-vous", "Séance", "Compte rendu", "Votre avis", "Facture")
PLACES: dict[Status, int] = {
    Status.REQUESTED: 0,
    Status.TO_ASSIGN: 1,
    Status.SCHEDULED: 1,
    Status.IN_SESSION: 2,
    Status.TO_REPORT: 3,
    Status.IN_REVIEW: 4,
    Status.SUSPENDED: 4,
    Status.INVOICED: 5,
    Status.UNPAID: 5,
}

# What was just done, by the word of the address.
DONE: dict[str, str] = {
    "demandee": "Votre demande est enregistrée. Une confirmation vous est envoyée par courriel.",
    "deplacee": "Le rendez-vous est déplacé. L’ancien horaire est libéré.",
    "annulee": "Le rendez-vous est annulé. Rien ne vous est facturé.",
    "retractee": "Votre rétractation est enregistrée. Un accusé de réception vous est envoyé par courriel.",
    "accord": "Votre accord est enregistré pour cette séance.",
    "prolongee": "La durée maximale est relevée. La séance continue.",
    "arretee": "La séance est arrêtée.",
    "avis": "Merci : votre avis est enregistré.",
    "insatisfaction": (
        "C’est noté : rien ne vous est débité tant que l’équipe Omea n’a pas décidé. Elle vous rappelle."
    ),
    "remboursement": "C’est noté : l’équipe Omea étudie un remboursement et vous répond par courriel.",
    "payee": "Merci : votre banque a accepté le paiement. Il nous parvient d’un instant à l’autre.",
    "carte": "Si vous avez enregistré une carte, elle est prise en compte d’un instant à l’autre.",
}
# Of those, what is still true of a request that has ended.
DONE_AFTERWARDS = {word: DONE[word] for word in ("annulee", "retractee", "avis", "remboursement")}


def not_taken(why: str) -> str:
    """Of a payment; `why` is a clause."""
    return f"Votre banque n’a pas accepté ce paiement : {why}. Rien n’a été débité."
