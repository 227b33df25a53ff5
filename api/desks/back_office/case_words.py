"""What a case file says of each act in its journal, and of what was just done."""

from db.models.tickets import JournalEntry
from domain.refunds import RefundKind
from domain.rulings import RulingKind
from domain.tickets import Command
from domain.waiting import Waiting

DONE: dict[str, str] = {
    "ouverte": "La demande est ouverte. Le client reçoit la confirmation par courriel.",
    "ouverte-autre-heure": (
        "La demande est ouverte, mais l’heure choisie venait d’être prise : dites au client celle de ce "
        "dossier, ou déplacez-la."
    ),
    "ouverte-a-attribuer": (
        "La demande est ouverte, mais aucun technicien n’est libre : il n’y a pas encore de rendez-vous. "
        "Dites-le au client, et attribuez-la."
    ),
    "reprise": "Vous avez repris cette demande : elle est à votre nom.",
    "confiee": "La demande est confiée à un technicien. Tous sont prévenus.",
    "deplacee": "Le rendez-vous est déplacé. Le client et le technicien sont prévenus.",
    "annulee": "Le rendez-vous est annulé, sans frais. Le client et le technicien sont prévenus.",
    "suspendue": "La demande est suspendue : rien n’est facturé.",
    "decidee": "La décision est enregistrée. Le client et le technicien sont prévenus.",
    "seance": "La nouvelle séance gratuite est réservée. Le client et le technicien sont prévenus.",
    "abandonnee": "La créance est abandonnée.",
    "demandee": "La demande de remboursement est enregistrée.",
    "remboursement": "La décision sur le remboursement est enregistrée.",
    "relancee": "Le remboursement est envoyé de nouveau.",
    "retractee": "La rétractation est enregistrée. Un accusé de réception part par courriel.",
    "accord": "L’accord du client est enregistré pour cette séance.",
    "prolongee": "La durée maximale est relevée.",
    "arretee": "La séance est arrêtée.",
    "avis": "L’avis du client est enregistré.",
    "payee": "La carte est débitée.",
    "banque": "La réponse à la banque est enregistrée.",
    "reglee": "Le virement fait à la main est enregistré.",
}

# What may be chosen, and what it means. A free session has a page of its own, for its hour.
RULINGS: dict[RulingKind, tuple[str, str]] = {
    RulingKind.BILL: ("Facturer comme constaté", "Le client paie la durée du compte rendu"),
    RulingKind.REDUCE: ("Réduire", "Le client paie moins de minutes"),
    RulingKind.WAIVE: ("Ne rien facturer", "La demande est close sans frais"),
}
REFUNDS: dict[RefundKind, tuple[str, str]] = {
    RefundKind.WHOLE: ("Tout rembourser", "Tout ce qui reste de la facture"),
    RefundKind.PARTIAL: ("Rembourser une partie", "Ce qui dépasse les minutes ci-dessous"),
    RefundKind.NONE: ("Ne rien rembourser", "La facture reste comme elle est"),
}

# What of a closed ticket's money waits for the team, and why.
TO_DO: dict[Waiting, tuple[str, str]] = {
    Waiting.CHARGEBACK: ("répondre à la banque du client", "Sans réponse, elle lui rend l’argent"),
    Waiting.REFUND: ("décider du remboursement", "Le gain du technicien est retenu jusque-là"),
    Waiting.REFUND_FAILED: (
        "envoyer de nouveau le remboursement, ou noter un virement fait à la main",
        "Le client attend son argent",
    ),
}
# A refund that failed because the client asked their bank as well.
TO_AWAIT = (
    "attendre la décision de la banque du client, sans faire de virement",
    "Il serait payé deux fois. Nous essayons de nouveau chaque jour",
)

# By the names in the journal; those of commands, and those of steps of the process.
ACTS: dict[str, str] = {
    "book": "Technicien réservé",
    "release": "Technicien retiré : demande à attribuer",
    "to_assign": "Aucun technicien disponible : demande à attribuer",
    "replaced": "Technicien remplacé",
    Command.RESCHEDULE: "Rendez-vous déplacé",
    Command.CANCEL: "Rendez-vous annulé",
    "expired": "Annulée faute de technicien",
    Command.WITHDRAW: "Rétractation",
    Command.CONSENT: "Accord pour la prise en main",
    Command.EXTEND: "Durée maximale relevée",
    Command.STOP: "Séance arrêtée",
    Command.REVIEW: "Avis donné",
    Command.DISPUTE: "Insatisfaction signalée",
    Command.PAY: "Paiement demandé",
    Command.ACKNOWLEDGE: "Rendez-vous confirmé",
    Command.DECLINE: "Rendez-vous décliné",
    Command.CALL: "Client appelé",
    Command.START: "Séance commencée",
    "start_refused": "Code ou numéro erroné",
    Command.END: "Séance terminée",
    "end_session": "Séance terminée",
    "timeout": "Séance close d’office",
    Command.ABSENT: "Absence du client signalée",
    Command.REPORT: "Compte rendu déposé",
    Command.INCIDENT: "Incident signalé",
    Command.REASSIGN: "Technicien choisi par l’équipe",
    Command.TAKE_OVER: "Demande reprise",
    Command.RULING: "Décision rendue",
    "rework": "Nouvelle séance gratuite",
    Command.WRITE_OFF: "Créance abandonnée",
    "accept": "Intervention acceptée, facture émise",
    "suspended": "Demande suspendue",
    "charge": "Carte débitée",
    "paid": "Facture payée",
    "unpaid": "Paiements refusés : impayée",
    "waived": "Rien n’est facturé",
    "refund": "Remboursement demandé",
    "refund_ruled": "Remboursement décidé",
    "refund_sent": "Remboursement envoyé",
    "refund_failed": "Remboursement non abouti",
    "refund_funded": "Remboursement financé",
    "refund_needless": "Remboursement devenu sans objet",
    "refund_by_bank": "Remboursé par la banque du client",
    "excess_returned": "Trop-perçu rendu",
    "chargeback": "Contestation auprès de la banque",
    "chargeback_answered": "Réponse à la banque",
    "chargeback_conceded": "Contestation acceptée",
    "chargeback_gains": "Gains revus après une contestation",
}
CHARGE_REFUSED = "Carte refusée"
OTHER = "Étape enregistrée"


def act(entry: JournalEntry) -> str:
    """Never the name itself: a name that is not known here is told by what it changed."""
    if entry.act == "charge" and entry.details.get("refusal"):
        return CHARGE_REFUSED
    return ACTS.get(entry.act, OTHER)


def not_taken(why: str) -> str:
    """Of a payment; `why` is a clause."""
    return f"La banque du client n’a pas accepté ce paiement : {why}. Rien n’a été débité."
