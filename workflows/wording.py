"""What the Temporal UI shows: the French labels of statuses, steps and waits. No personal data."""

from datetime import datetime, timedelta

from domain.admissions import AdmissionLetter
from domain.deadlines import Deadlines
from domain.ids import format_ticket_number
from domain.notices import Notice
from domain.opening_hours import PARIS
from domain.ticket_steps import Cause
from domain.tickets import Outcome, Status

STATUS: dict[Status, str] = {
    Status.REQUESTED: "Demande reçue",
    Status.TO_ASSIGN: "À affecter",
    Status.SCHEDULED: "Rendez-vous pris",
    Status.IN_SESSION: "Séance en cours",
    Status.TO_REPORT: "Compte rendu attendu",
    Status.IN_REVIEW: "Avis du client attendu",
    Status.SUSPENDED: "Suspendue, non facturée",
    Status.INVOICED: "Facturée, paiement en cours",
    Status.UNPAID: "Impayée",
    Status.CLOSED: "Close",
}

# Who must act, and what happens if nobody does.
NEXT: dict[Status, str] = {
    Status.REQUESTED: "Le créneau retenu devient un rendez-vous.",
    Status.TO_ASSIGN: "L’équipe Omea cherche un technicien ; sans solution, la demande sera annulée.",
    Status.SCHEDULED: "Le technicien confirme puis appelle à l’heure dite ; le client donne son accord.",
    Status.IN_SESSION: "Le technicien met fin à la séance.",
    Status.TO_REPORT: "Le technicien rend son compte rendu.",
    Status.IN_REVIEW: "Le client donne son avis ; son silence vaut accord.",
    Status.SUSPENDED: "L’équipe Omea reprend le sujet.",
    Status.INVOICED: "La carte du client est débitée.",
    Status.UNPAID: "L’équipe Omea relance le client.",
    Status.CLOSED: "Plus rien n’est attendu.",
}

NOTICE: dict[Notice, str] = {
    Notice.BOOKED: "Confirmation du rendez-vous",
    Notice.RESCHEDULED: "Nouveau rendez-vous annoncé",
    Notice.TECHNICIAN_CHANGED: "Nouveau technicien annoncé",
    Notice.RELEASED: "Technicien déchargé de la demande",
    Notice.SLOTS_OFFERED: "Client invité à choisir un autre créneau",
    Notice.REMINDER: "Rappel du rendez-vous",
    Notice.REPORT_READY: "Compte rendu à lire",
    Notice.REPORT_DUE: "Rappel du compte rendu au technicien",
    Notice.REVIEW_DUE: "Rappel de l’avis au client",
    Notice.INVOICE_ISSUED: "Envoi de la facture",
    Notice.CREDIT_NOTE_ISSUED: "Envoi de l’avoir",
    Notice.DOCUMENT_LATE: "Facture ou avoir à établir : alerte de l’équipe",
    Notice.PAYMENT_REFUSED: "Carte refusée : le client est prévenu",
    Notice.SUSPENDED: "Suspension annoncée",
    Notice.RULED: "Décision annoncée",
    Notice.CANCELLED: "Annulation annoncée",
    Notice.CANCELLATION_CONFIRMED: "Annulation confirmée au client",
    Notice.WITHDRAWN: "Accusé de réception de la rétractation",
    Notice.CLIENT_ABSENT: "Absence du client constatée",
    Notice.INCIDENT: "Incident signalé : alerte de l’équipe",
    Notice.CEILING_REACHED: "Durée maximale atteinte",
    Notice.SESSION_TIMED_OUT: "Séance close d’office : alerte de l’équipe",
    Notice.TO_ASSIGN: "À affecter : alerte de l’équipe",
    Notice.NO_CALL: "Aucun appel : alerte de l’équipe",
    Notice.NOT_STARTED: "Séance non commencée : alerte de l’équipe",
    Notice.WRONG_CODES: "Codes erronés : alerte de l’équipe",
    Notice.LONG_SESSION: "Séance très longue : alerte de l’équipe",
    Notice.REPORT_OVERDUE: "Compte rendu en retard : alerte de l’équipe",
    Notice.STILL_SUSPENDED: "Toujours suspendue : alerte de l’équipe",
    Notice.PAYMENT_LATE: "Paiement en retard : alerte de l’équipe",
    Notice.UNPAID: "Impayé annoncé",
    Notice.STILL_UNPAID: "Toujours impayée : alerte de l’équipe",
    Notice.REFUND_ASKED: "Demande de remboursement annoncée",
    Notice.REFUND_WAITING: "Remboursement à décider : alerte de l’équipe",
    Notice.REFUND_RULED: "Décision de remboursement annoncée",
    Notice.REFUND_BY_BANK: "Remboursement par virement annoncé",
    Notice.GAIN_CORRECTED: "Gain corrigé annoncé",
    Notice.GAIN_GIVEN_BACK: "Gain rendu annoncé",
    Notice.REFUND_UNFUNDED: "Remboursement sans solde : alerte de l’équipe",
    Notice.REFUND_FAILED: "Remboursement non abouti : alerte de l’équipe",
    Notice.EXCESS_RETURNED: "Trop-perçu revenu : alerte de l’équipe",
    Notice.CHARGEBACK_OPENED: "Contestation bancaire : alerte de l’équipe",
    Notice.CHARGEBACK_DUE: "Réponse à la banque attendue : alerte de l’équipe",
    Notice.CHARGEBACK_CLOSED: "Fin d’une contestation annoncée",
    Notice.CHARGEBACK_LOST: "Contestation perdue annoncée",
}

CAUSE: dict[Cause, str] = {
    Cause.RESCHEDULE: "Nouvelle heure de rendez-vous",
    Cause.REASSIGN: "Affectation par l’équipe",
    Cause.DECLINE: "Technicien suivant, après un refus",
    Cause.SILENCE: "Technicien suivant, après un silence",
    Cause.NO_CALL: "Technicien suivant, faute d’appel",
    Cause.UNAVAILABLE: "Technicien suivant, après un empêchement",
    Cause.CAPACITY: "Nouvelle recherche de technicien",
    Cause.REWORK: "Rendez-vous d’une séance offerte",
}

OUTCOME: dict[Outcome, str] = {
    Outcome.PAID: "Payée",
    Outcome.WAIVED: "Close sans facture",
    Outcome.CANCELLED: "Annulation",
    Outcome.WITHDRAWN: "Rétractation",
    Outcome.CLIENT_ABSENT: "Absence du client",
    Outcome.WRITTEN_OFF: "Créance abandonnée",
}

# The labels of the skills that came with the first migration; a later one shows its code.
SKILL = {
    "internet": "Internet et Wi-Fi",
    "printer": "Imprimante et scanner",
    "mail": "Messagerie",
    "security": "Virus et sécurité",
    "software": "Logiciels et mises à jour",
}

SILENCE_ACCEPTS = "Silence du client : accord"
RETRY_CHARGE = "Nouvel essai de la carte"
PAYMENT_NOTICE = "Avis de paiement attendu"
CANCEL = "Annulation faute de technicien"
NEXT_TECHNICIAN = "Rendez-vous non confirmé : technicien suivant"
TIMEOUT = "Fin de séance d’office"
SESSION_LOG = "Lecture du journal de prise en main"
DOCUMENT = "Établissement du document"
CARD_PAGE = "Saisie de la carte attendue"
CARD_SUMMARY = "Enregistrement d’une carte"
REFUND_DETAILS = (
    "L’équipe décide : tout rembourser, une partie, ou rien. Sans décision, elle est relancée après 4 h "
    "ouvrées puis chaque jour. L’argent rendu est surveillé 30 jours : une banque peut le renvoyer."
)
EXCESS_DETAILS = (
    "Le client avait payé plus qu’il ne devait, et le surplus lui a été rendu. Si sa banque nous le renvoie, "
    "l’équipe est prévenue chaque jour, jusqu’à ce qu’un remboursement soit ouvert."
)
CHARGEBACK_SUMMARY = "Contestation d’un paiement auprès de la banque"
CHARGEBACK_DETAILS = (
    "La banque a repris l’argent, ou pose une question. L’équipe répond ou renonce ; la veille de la "
    "date limite, ce que nous savons est envoyé d’office. Les gains de la demande sont retenus jusqu’à la "
    "décision."
)
CHARGEBACK_LOOK = "Contestation relue"
CHARGEBACK_ANSWER = "Envoi d’office des preuves"
REFUND_WATCHED = "Remboursement surveillé"
ACCOUNT_SUMMARY = "Lecture d’un compte de paiement"
ACCOUNT_DETAILS = (
    "Le prestataire de paiement a du nouveau sur le compte d’un technicien : peut-il recevoir un virement, "
    "et que demande-t-on encore ?"
)
TRANSFER_SUMMARY = "Virements d’un relevé"
TRANSFER_DETAILS = (
    "Un virement à un technicien est repris, chez le prestataire de paiement ou par la finance : ce qui "
    "revient est enregistré, et un relevé dont plus rien n’est viré sera payé par une relance du mois."
)
ACCOUNT_LOOK = "Compte de paiement à relire"
ACCOUNT_PAGE_SUMMARY = "Page d’un compte de paiement"
ACCOUNT_PAGE_DETAILS = (
    "Un technicien complète son compte sur la page du prestataire de paiement. Sans compte, il en est ouvert "
    "un ; le lien ne sert qu’une fois, pendant quelques minutes. Sans nouvelles, le compte est relu après "
    "10 min, 1 h, 1 jour puis 3 jours."
)
CONTEST_DETAILS = (
    "Le technicien conteste son relevé ; la finance le maintient, ou le rectifie par un gain sur le "
    "prochain. Sans réponse sous 7 jours, le contrôle automatique le signale."
)
CONTEST_RECORDED = "Contestation du relevé"
CONTEST_ANSWERED = "Réponse à la contestation"
CONTEST_TOLD = "Contestation d’un relevé : alerte de l’équipe"
CONTEST_ANSWER_TOLD = "Réponse annoncée au technicien"
TEXT_MESSAGE_WAITS = "Attente de 8 h (heure de Paris)"
TEXT_MESSAGE_SENT = "Envoi du SMS"
SIGN_IN_SUMMARY = "Lien de connexion"
SIGN_IN_DETAILS = (
    "Quelqu’un a demandé à se connecter. Si l’adresse est celle d’un compte, un lien lui est envoyé ; "
    "il vaut 15 min."
)
SIGN_IN_SENT = "Envoi du lien"
ADMISSION_SUMMARY = "Arrivée d’une personne"
ADMISSION_DETAILS: dict[AdmissionLetter, str] = {
    AdmissionLetter.SIGN_UP: (
        "Quelqu’un a demandé un compte. Un message vérifie son adresse, ou lui dit qu’elle est déjà celle "
        "d’un compte ; son lien vaut 24 h."
    ),
    AdmissionLetter.CLIENT_ADDED: "Un compte a été ouvert par téléphone ; un message l’annonce au client.",
    AdmissionLetter.APPLICATION_RECEIVED: "Quelqu’un est candidat ; un message en accuse réception.",
    AdmissionLetter.APPLICATION_ACCEPTED: "Une candidature est acceptée ; un message l’annonce.",
    AdmissionLetter.APPLICATION_REFUSED: "Une candidature est refusée ; un message dit pourquoi.",
}
ADMISSION_SENT = "Envoi du message"
CARD_DETAILS = (
    "Le client saisit sa carte sur la page du prestataire de paiement, valable 24 h. Sans nouvelles, la page "
    "est relue après 2 min, 10 min, 1 h puis 24 h."
)


def refund_summary(invoice: str, n: int) -> str:
    return f"Remboursement n° {n} de la facture {invoice}"


def excess_summary(invoice: str) -> str:
    return f"Trop-perçu de la facture {invoice}"


def contest_summary(statement: str) -> str:
    return f"Contestation du relevé {statement}"


def paris(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%d/%m/%Y %H:%M:%S} (heure de Paris)"


def length(wait: timedelta) -> str:
    """`72 h`, `10 min`, `6 s`: in the largest unit that fits."""
    seconds = int(wait.total_seconds())
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def ticket_summary(number: str, skill: str) -> str:
    return f"Demande {format_ticket_number(number)} · {SKILL.get(skill, skill)}"


def ticket_details(
    number: str, start: datetime, ceiling_minutes: int, deadlines: Deadlines, public_url: str | None
) -> str:
    case_file = f"\n[Dossier de la demande]({public_url}/dossiers/{number})\n" if public_url else ""
    return (
        f"**Demande {format_ticket_number(number)}**\n\n"
        f"- Rendez-vous demandé : {paris(start)}\n"
        f"- Durée maximale acceptée : {ceiling_minutes} min\n"
        f"- Silence valant accord : {length(deadlines.review)}\n"
        f"{case_file}"
    )


def where_it_stands(status: Status, since: datetime) -> str:
    return f"**{STATUS[status]}** depuis le {paris(since)}\n\n{NEXT[status]}"
