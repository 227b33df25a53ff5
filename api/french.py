"""The French labels of values; sentences of refusals are in `french_refusals`."""

from db.models.money import PaymentStatus
from db.models.payouts import PayoutStatus
from db.reads.held import Holding
from domain.admissions import AcceptedText, ApplicationState
from domain.bank_orders import BANK_NOT_CONFIGURED
from domain.chargebacks import ChargebackStatus
from domain.contests import Contestation
from domain.dac7 import Missing
from domain.expectations import Otherwise
from domain.payees import CarriedOver, Hold, Rail
from domain.payout_steps import DOCUMENT_MISSING, INTERRUPTED
from domain.payouts import PROVIDER_UNAVAILABLE
from domain.refunds import RefundKind, RefundStatus
from domain.reversals import TRANSFER_REVERSED, UNFUNDED
from domain.rulings import GainKind, RulingKind
from domain.tariff_versions import TariffState
from domain.ticket_steps import EndedBy, Evidence
from domain.tickets import Command, Outcome, Role, Status
from domain.vetting import Unvetted
from domain.waiting import Urgency, Waiting

STATUSES: dict[Status, str] = {
    Status.REQUESTED: "demandée",
    Status.TO_ASSIGN: "en attente d’un technicien",
    Status.SCHEDULED: "planifiée",
    Status.IN_SESSION: "séance en cours",
    Status.TO_REPORT: "compte rendu attendu",
    Status.IN_REVIEW: "avis attendu",
    Status.SUSPENDED: "suspendue",
    Status.INVOICED: "facturée",
    Status.UNPAID: "impayée",
    Status.CLOSED: "close",
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.PAID: "payée",
    Outcome.WAIVED: "non facturée",
    Outcome.CANCELLED: "annulée",
    Outcome.WITHDRAWN: "rétractée",
    Outcome.CLIENT_ABSENT: "client absent",
    Outcome.WRITTEN_OFF: "créance abandonnée",
}

ROLES: dict[Role, str] = {
    Role.CLIENT: "client",
    Role.TECHNICIAN: "technicien",
    Role.BACK_OFFICE: "équipe Omea",
    Role.FINANCE: "finance",
    Role.SYSTEM: "service",
}

TEXTS: dict[AcceptedText, str] = {
    AcceptedText.TERMS: "conditions d’utilisation",
    AcceptedText.PRIVACY: "vie privée",
}

TERMS_TO_ACCEPT = "Cochez la case : un compte ne s’ouvre qu’avec votre accord sur nos conditions."

APPLICATIONS: dict[ApplicationState, str] = {
    ApplicationState.OPEN: "à étudier",
    ApplicationState.ACCEPTED: "acceptée",
    ApplicationState.REFUSED: "refusée",
}

# What is missing before a technician is vetted.
UNVETTED: dict[Unvetted, str] = {
    Unvetted.IDENTITY: "identité professionnelle",
    Unvetted.MANDATE: "mandat d’autofacturation signé",
    Unvetted.PAPERS: "attestation de vigilance en cours de validité",
    Unvetted.SKILLS: "au moins une compétence confirmée",
}

SERVICE = "OmeaSupport"
# Of a kind that is no more.
OTHER_MAIL = "pour une autre raison"

WAITING: dict[Waiting, str] = {
    Waiting.TO_ASSIGN: "aucun technicien disponible",
    Waiting.SUSPENDED: "demande suspendue, à reprendre",
    Waiting.CHARGEBACK: "paiement contesté auprès de la banque",
    Waiting.REFUND_FAILED: "remboursement non abouti",
    Waiting.REFUND: "remboursement à décider",
    Waiting.UNPAID: "paiement refusé plusieurs fois",
    Waiting.WRONG_CODES: "plusieurs codes erronés",
    Waiting.NOT_STARTED: "séance non commencée",
    Waiting.NO_CALL: "client non appelé",
    Waiting.LONG_SESSION: "séance anormalement longue",
    Waiting.REPORT_OVERDUE: "compte rendu en retard",
    Waiting.INCIDENT: "incident signalé par le technicien",
}

URGENCIES: dict[Urgency, str] = {
    Urgency.LATE: "en retard",
    Urgency.SOON: "à traiter dans l’heure",
    Urgency.IN_TIME: "dans les temps",
}

TARIFFS: dict[TariffState, str] = {
    TariffState.PAST: "passé",
    TariffState.IN_FORCE: "en vigueur",
    TariffState.TO_COME: "à venir",
}

PAYMENTS: dict[PaymentStatus, str] = {
    PaymentStatus.CREATED: "paiement en cours",
    PaymentStatus.REFUSED: "paiement refusé",
    PaymentStatus.PAID: "payée",
}

REFUNDS: dict[RefundStatus, str] = {
    RefundStatus.OPEN: "à l’étude",
    RefundStatus.SENDING: "remboursement en cours",
    RefundStatus.FAILED: "remboursement non abouti",
    RefundStatus.REFUNDED: "remboursé",
    RefundStatus.REFUSED: "non retenu",
}

CHARGEBACKS: dict[ChargebackStatus, str] = {
    ChargebackStatus.TO_ANSWER: "réponse attendue",
    ChargebackStatus.ANSWERED: "examinée par la banque",
    ChargebackStatus.WON: "gagnée",
    ChargebackStatus.LOST: "perdue",
    ChargebackStatus.INQUIRY_CLOSED: "demande d’information close",
}

REFUND_RULINGS: dict[RefundKind, str] = {
    RefundKind.WHOLE: "tout est remboursé",
    RefundKind.PARTIAL: "une partie est remboursée",
    RefundKind.NONE: "rien n’est remboursé",
}

CONTESTATIONS: dict[Contestation, str] = {
    Contestation.CONTESTABLE: "contestable",
    Contestation.ACCEPTED: "réputé accepté",
    Contestation.CONTESTED: "contesté, réponse attendue",
    Contestation.MAINTAINED: "contesté, maintenu",
    Contestation.CORRECTED: "contesté, rectifié sur un relevé suivant",
}

PAYOUTS: dict[PayoutStatus, str] = {
    PayoutStatus.TO_SEND: "virement à envoyer",
    PayoutStatus.ORDERED: "virement remis à la banque",
    PayoutStatus.FAILED: "virement refusé",
    PayoutStatus.PAID: "viré",
}

# Ours, and those of the provider that a person can do something about.
PAYOUT_FAILURES: dict[str, str] = {
    Hold.BANK_CHANGE_PENDING: "changement de coordonnées bancaires, à confirmer par l’équipe",
    Hold.IDENTITY_MISSING: "identité professionnelle à compléter",
    Hold.MANDATE_MISSING: "mandat d’autofacturation à signer",
    Hold.ACCOUNT_MISSING: "coordonnées bancaires à compléter",
    Hold.ACCOUNT_INCOMPLETE: "compte de paiement à compléter",
    Hold.VIGILANCE_EXPIRED: "attestation de vigilance à fournir",
    DOCUMENT_MISSING: "relevé à établir",
    INTERRUPTED: "virement interrompu, à relancer",
    PROVIDER_UNAVAILABLE: "prestataire de paiement injoignable, à relancer",
    BANK_NOT_CONFIGURED: "compte bancaire de l’entreprise à renseigner",
    TRANSFER_REVERSED: "virement repris, à refaire",
    "balance_insufficient": "en attente de l’encaissement des factures",
    "insufficient_capabilities_for_transfer": "compte de paiement à compléter",
    "account_invalid": "compte de paiement à compléter",
}
PAYOUT_FAILED = "refusé par le prestataire de paiement"
# Failed, and not refused: it was sent, and taken back.
PAYOUT_TAKEN_BACK = "virement repris"
# Failed as well, and refused by nobody: the provider has not enough of our money yet.
PAYOUT_WAITING = "virement en attente de fonds"

# Why a transfer could not be taken back.
REVERSAL_FAILURES: dict[str, str] = dict.fromkeys(UNFUNDED, "solde du technicien insuffisant")
REVERSAL_FAILED = "refusée par le prestataire de paiement"

RAILS: dict[Rail, str] = {Rail.STRIPE: "virement par Stripe", Rail.SEPA: "virement bancaire SEPA"}

# What the yearly declaration says of a seller.
DECLARED_FACTS: dict[str, str] = {
    Missing.NAME: "dénomination",
    Missing.FIRST_NAME: "prénom",
    Missing.LAST_NAME: "nom",
    Missing.BIRTH_DATE: "date de naissance",
    Missing.TAX_ID: "numéro fiscal",
    Missing.SIREN: "numéro SIREN",
    Missing.ADDRESS: "adresse",
}

CARRIED_OVER: dict[CarriedOver, str] = {
    CarriedOver.NEGATIVE: "solde négatif, reporté",
    CarriedOver.BELOW_MINIMUM: "sous le minimum, reporté",
}

# By the state of the payout that a gain is in; None while no statement has it.
GAINS: dict[PayoutStatus | None, tuple[str, str]] = {
    None: ("payable", "à verser"),
    PayoutStatus.TO_SEND: ("claimed", "virement en préparation"),
    PayoutStatus.ORDERED: ("claimed", "virement remis à la banque"),
    PayoutStatus.FAILED: ("claimed", "virement refusé, à relancer"),
    PayoutStatus.PAID: ("paid", "versé"),
}

GAIN_TAKEN_BACK = ("claimed", "virement repris, à refaire")
GAIN_HELD = "held"
GAIN_HOLDINGS: dict[Holding, str] = {
    Holding.SUSPENDED: "retenu : demande suspendue",
    Holding.REFUND: "retenu : remboursement à l’étude",
    Holding.CHARGEBACK: "retenu : paiement contesté à la banque du client",
}

# Of `domain.matching.Choice.reasons`.
ASSIGNMENT: dict[str, str] = {
    "chosen": "choisi",
    "lacks_skill": "n’a pas la compétence",
    "lacks_level": "n’a pas le niveau demandé",
    "on_leave": "est en congé",
    "not_working": "ne travaille pas à cette heure",
    "not_free": "n’est pas libre",
    "more_loaded": "a plus de rendez-vous cette semaine, ou a travaillé plus récemment",
    "declined": "a refusé la demande",
    "silent": "n’a pas confirmé à temps",
    "absent": "n’a pas appelé à l’heure",
    "unavailable": "n’est plus disponible",
    "replaced": "a été remplacé par l’équipe Omea",
}

COMMANDS: dict[Command, str] = {
    Command.RESCHEDULE: "déplacer le rendez-vous",
    Command.CANCEL: "annuler le rendez-vous",
    Command.WITHDRAW: "se rétracter",
    Command.CONSENT: "consentir à la prise en main",
    Command.EXTEND: "accepter une durée plus longue",
    Command.STOP: "arrêter la séance",
    Command.REVIEW: "donner son avis",
    Command.DISPUTE: "signaler une insatisfaction",
    Command.PAY: "régler la facture",
    Command.ACKNOWLEDGE: "confirmer le rendez-vous",
    Command.DECLINE: "décliner le rendez-vous",
    Command.CALL: "appeler le client",
    Command.START: "commencer la séance",
    Command.END: "terminer la séance",
    Command.ABSENT: "signaler l’absence du client",
    Command.REPORT: "rendre le compte rendu",
    Command.INCIDENT: "signaler un incident",
    Command.REASSIGN: "confier la demande à un technicien",
    Command.TAKE_OVER: "reprendre la demande",
    Command.RULING: "décider",
    Command.WRITE_OFF: "abandonner la créance",
}

ENDED_BY: dict[EndedBy, str] = {
    EndedBy.TECHNICIAN: "terminée par le technicien",
    EndedBy.CLIENT: "arrêtée par le client",
    EndedBy.DISPUTE: "interrompue par une insatisfaction",
    EndedBy.WITHDRAWAL: "interrompue par une rétractation",
    EndedBy.TIMEOUT: "close d’office",
}

EVIDENCE: dict[Evidence, str] = {
    Evidence.STAMPS: "début et fin enregistrés par le service",
    Evidence.SESSION_LOG: "journal de prise en main",
    Evidence.NONE: "aucune preuve de la fin",
}

RULINGS: dict[RulingKind, str] = {
    RulingKind.BILL: "facturée comme constaté",
    RulingKind.REDUCE: "facture réduite",
    RulingKind.WAIVE: "rien n’est facturé",
    RulingKind.REWORK: "nouvelle séance gratuite",
}

GAIN_RULINGS: dict[GainKind, str] = {
    GainKind.FULL: "gain entier",
    GainKind.REDUCED: "gain réduit",
    GainKind.NONE: "aucun gain",
}

# What happens when the one who must act does not, or what comes next by itself.
OTHERWISE: dict[Otherwise, str] = {
    Otherwise.BOOKED: "un technicien est en train d’être réservé",
    Otherwise.CANCELLED: "sans technicien d’ici là, la demande est annulée sans frais",
    Otherwise.SUSPENDED_AGAIN: "sans technicien d’ici là, l’équipe Omea reprend la demande",
    Otherwise.NEXT_TECHNICIAN: "sans confirmation, la demande passe à un autre technicien",
    Otherwise.NO_SESSION: "sans cet accord, la séance ne peut pas commencer",
    Otherwise.REPLACED: "sans appel, l’équipe Omea est alertée et un autre technicien est cherché",
    Otherwise.NOT_STARTED: "sans séance commencée, l’équipe Omea est alertée",
    Otherwise.TIMED_OUT: "une séance que personne ne termine est close d’office",
    Otherwise.REPORT_OVERDUE: "sans compte rendu, l’équipe Omea est alertée",
    Otherwise.SILENCE_ACCEPTS: "sans réponse, l’intervention est acceptée",
    Otherwise.TEAM_REMINDED: "sans décision, l’équipe Omea est alertée chaque jour ; rien n’est facturé",
    Otherwise.CHARGED: "la demande est close une fois la carte débitée",
    Otherwise.CHARGED_AGAIN: "la carte sera débitée à nouveau ; elle peut être remplacée d’ici là",
    Otherwise.CHASED: "sans paiement, l’équipe Omea reprend contact",
}
