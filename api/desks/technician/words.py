"""What the technician's pages say: where an intervention stands and what is next, money and papers, what was
just done."""

from db.models.payouts import PayoutStatus
from domain.payees import AccountStage, Hold
from domain.tickets import Command, Outcome, Status

TO_CONFIRM = ("À confirmer", "act")
# How it is called, and coloured: act (the technician's turn), live, wait, done, stop.
STATES: dict[Status, tuple[str, str]] = {
    Status.REQUESTED: ("En préparation", "wait"),
    Status.TO_ASSIGN: ("Sans technicien", "wait"),
    Status.SCHEDULED: ("Confirmée", "wait"),
    Status.IN_SESSION: ("Séance en cours", "live"),
    Status.TO_REPORT: ("Compte rendu à écrire", "act"),
    Status.IN_REVIEW: ("Avis du client attendu", "wait"),
    Status.SUSPENDED: ("Suspendue", "stop"),
    Status.INVOICED: ("Acceptée", "done"),
    Status.UNPAID: ("Acceptée", "done"),
}
# Of what is confirmed, once it is near.
TO_DO: dict[Command, tuple[str, str]] = {
    Command.CALL: ("À appeler", "act"),
    Command.START: ("À commencer", "act"),
}
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.PAID: ("Acceptée", "done"),
    Outcome.WAIVED: ("Close, non facturée", ""),
    Outcome.CANCELLED: ("Annulée", ""),
    Outcome.WITHDRAWN: ("Client rétracté", ""),
    Outcome.CLIENT_ABSENT: ("Client absent", ""),
    Outcome.WRITTEN_OFF: ("Close", ""),
}

# Where it stands, as the title of its page; of one that ended, `ENDED`.
TO_CONFIRM_STANDS = "Rendez-vous {when}, à confirmer"
STANDS: dict[Status, str] = {
    Status.REQUESTED: "Cette demande est en préparation",
    Status.TO_ASSIGN: "Cette demande attend un technicien",
    Status.SCHEDULED: "Rendez-vous {when}",
    Status.IN_SESSION: "La séance est en cours",
    Status.TO_REPORT: "La séance est finie : écrivez le compte rendu",
    Status.IN_REVIEW: "Compte rendu remis, le client donne son avis",
    Status.SUSPENDED: "L’intervention est suspendue",
    Status.INVOICED: "Le client a accepté l’intervention",
    Status.UNPAID: "Le client a accepté l’intervention",
}
ENDED: dict[Outcome, str] = {
    Outcome.PAID: "C’est terminé : le client a accepté et payé",
    Outcome.WAIVED: "C’est terminé, et rien n’est facturé au client",
    Outcome.CANCELLED: "Le rendez-vous est annulé",
    Outcome.WITHDRAWN: "Le client s’est rétracté",
    Outcome.CLIENT_ABSENT: "Le client n’a pas répondu, l’intervention est close",
    Outcome.WRITTEN_OFF: "L’intervention est close",
}

# What is waited for, after "À vous :" or "… doit".
ACTS: dict[Command, str] = {
    Command.ACKNOWLEDGE: "confirmer le rendez-vous ou le décliner",
    Command.CONSENT: "donner son accord pour la prise en main",
    Command.CALL: "appeler le client",
    Command.START: "commencer la séance, avec le code que dit le client",
    Command.END: "aider le client, puis terminer la séance",
    Command.REPORT: "écrire le compte rendu",
    Command.REVIEW: "dire si tout fonctionne",
    Command.TAKE_OVER: "reprendre le dossier",
    Command.RULING: "décider de la suite",
    Command.REASSIGN: "trouver un technicien",
    Command.PAY: "régler la facture",
}
# Where nobody must do anything; of an appointment, until the client may be called.
AWAITED: dict[Status, str] = {
    Status.SCHEDULED: "Vous n’avez rien à faire pour l’instant. Le numéro du client s’affiche {when}.",
    Status.INVOICED: "Vous n’avez plus rien à faire.",
}

STEPS = ("Confirmation", "Rendez-vous", "Séance", "Compte rendu", "Avis du client", "Gain")
PLACES: dict[Status, int] = {
    Status.REQUESTED: 0,
    Status.TO_ASSIGN: 0,
    Status.SCHEDULED: 1,
    Status.IN_SESSION: 2,
    Status.TO_REPORT: 3,
    Status.IN_REVIEW: 4,
    Status.SUSPENDED: 4,
}

# What was just done, by the word of the address.
DONE: dict[str, str] = {
    "confirmee": "Le rendez-vous est confirmé.",
    "declinee": "Vous avez décliné l’intervention : un autre technicien est cherché.",
    "appel": "L’appel est noté. Si votre téléphone n’a rien composé, touchez le numéro.",
    "commencee": "La séance est commencée : le temps est compté.",
    "terminee": "La séance est terminée. Écrivez maintenant le compte rendu.",
    "absent": "L’absence du client est enregistrée. Rien ne lui est facturé.",
    "incident": "L’équipe Omea est prévenue. L’intervention continue comme avant.",
    "remis": "Le compte rendu est remis au client, qui donne son avis.",
    "brouillon": "Le brouillon est gardé. Vous seul le voyez, et le client rien.",
}
CONTEST_DONE: dict[str, str] = {
    "conteste": "Votre contestation est enregistrée. L’équipe Omea vous répond.",
}
TIME_DONE: dict[str, str] = {
    "horaires": "Vos horaires sont enregistrés.",
    "conges": "Vos congés sont enregistrés. Les rendez-vous de ces jours passent à un autre technicien.",
    "annules": "Ces congés sont annulés.",
    "adresse": "Votre agenda a une nouvelle adresse. L’ancienne ne donne plus rien.",
    "fermee": "L’adresse de votre agenda ne donne plus rien.",
}
PAPERS_DONE: dict[str, str] = {
    "mandat": "Le mandat est signé. Merci.",
    "banque": (
        "Votre demande est enregistrée. L’équipe Omea vous appelle pour la confirmer ; jusque-là, rien "
        "n’est viré."
    ),
}

# By the code of a gain's state.
GAIN_TONES: dict[str, str] = {"payable": "wait", "claimed": "wait", "held": "stop", "paid": "done"}
PAYOUT_TONES: dict[str, str] = {
    PayoutStatus.TO_SEND: "wait",
    PayoutStatus.ORDERED: "wait",
    PayoutStatus.FAILED: "stop",
    PayoutStatus.PAID: "done",
}
# What the technician can do about it, and where nothing is theirs to do, who does.
HOLDS: dict[str, str] = {
    Hold.BANK_CHANGE_PENDING: "L’équipe Omea vous appelle pour le confirmer.",
    Hold.IDENTITY_MISSING: "Donnez à l’équipe Omea votre nom légal, votre SIREN et votre adresse.",
    Hold.MANDATE_MISSING: "Lisez-le et signez-le dans votre dossier.",
    Hold.ACCOUNT_MISSING: "Ouvrez votre compte de paiement, ou donnez votre IBAN, dans votre dossier.",
    Hold.ACCOUNT_INCOMPLETE: "Complétez-le depuis votre dossier.",
    Hold.VIGILANCE_EXPIRED: "Demandez-la à l’Urssaf, et envoyez-la à l’équipe Omea.",
}

# How well a skill is mastered, by its level.
LEVELS = {1: "courant", 2: "confirmé", 3: "expert"}

# How a technician's account at the provider stands, and their certificate.
STAGES = {
    AccountStage.TO_OPEN: ("À ouvrir", "act"),
    AccountStage.TO_COMPLETE: ("À compléter", "act"),
    AccountStage.CHECKED: ("En cours de vérification", "wait"),
    AccountStage.READY: ("Prêt à recevoir des virements", "done"),
}
PAPERS_OVER = ("Expirée", "stop")
PAPERS_END_SOON = ("Expire bientôt", "act")
PAPERS_GOOD = ("En règle", "done")
