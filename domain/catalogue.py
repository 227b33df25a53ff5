"""Every message there is: to whom, when, whether it also goes by SMS, and whether a person may do without.

A mail's words are in `activities/wording/notices/`, one template a kind and recipient, from which both text
and HTML are made.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.notices import Notice
from domain.tickets import Role

CLIENT, TECHNICIAN, TEAM, FINANCE = Role.CLIENT, Role.TECHNICIAN, Role.BACK_OFFICE, Role.FINANCE
EVERYBODY = (CLIENT, TECHNICIAN, TEAM, FINANCE)


class Switch(StrEnum):
    """What a person may switch off. All else is owed to them, or keeps their account and their money safe."""

    REMINDERS = "reminders"
    SMS = "sms"


@dataclass(frozen=True)
class Kind:
    """`when` completes « Nous vous écrivons… ». The team's go to its shared mailbox. `sms` are those told by
    SMS too; `switch` is what stops the mail. `one_template`: the same words for whoever it is, who is perhaps
    nobody we know."""

    to: tuple[Role, ...]
    when: str
    sms: tuple[Role, ...] = ()
    switch: Switch | None = None
    one_template: bool = False

    def templates(self, kind: str) -> tuple[str, ...]:
        readers = ("anybody",) if self.one_template else self.to
        return tuple(f"{kind}.{reader}.j2" for reader in readers)


BOTH = (CLIENT, TECHNICIAN)

# About one ticket.
OF_A_TICKET: dict[Notice, Kind] = {
    Notice.BOOKED: Kind(BOTH, "quand un rendez-vous est confirmé", sms=BOTH),
    Notice.RESCHEDULED: Kind(BOTH, "quand un rendez-vous change d’heure", sms=BOTH),
    Notice.TECHNICIAN_CHANGED: Kind(BOTH, "quand une demande change de technicien", sms=BOTH),
    Notice.RELEASED: Kind((TECHNICIAN,), "quand une demande ne vous est plus confiée"),
    Notice.SLOTS_OFFERED: Kind((CLIENT,), "quand il faut choisir un autre créneau"),
    # By SMS only the last one: the mail of the day before is read in time.
    Notice.REMINDER: Kind(
        BOTH, "la veille d’un rendez-vous et une heure avant", sms=BOTH, switch=Switch.REMINDERS
    ),
    Notice.REPORT_READY: Kind((CLIENT,), "quand le compte rendu est à lire"),
    Notice.REPORT_DUE: Kind((TECHNICIAN,), "quand un compte rendu est attendu", switch=Switch.REMINDERS),
    # Silence is worth agreement, and then the card is charged: nobody may be left without a warning.
    Notice.REVIEW_DUE: Kind((CLIENT,), "avant que votre silence vaille accord"),
    Notice.INVOICE_ISSUED: Kind((CLIENT,), "quand une facture est établie"),
    Notice.CREDIT_NOTE_ISSUED: Kind((CLIENT,), "quand un avoir est établi"),
    Notice.DOCUMENT_LATE: Kind((TEAM,), "quand une facture ou un avoir ne peut être établi"),
    Notice.PAYMENT_REFUSED: Kind((CLIENT,), "quand un paiement est refusé ou à confirmer à votre banque"),
    Notice.SUSPENDED: Kind((CLIENT, TECHNICIAN, TEAM), "quand une demande est suspendue"),
    Notice.RULED: Kind(BOTH, "quand l’équipe a tranché au sujet d’une demande suspendue"),
    Notice.CANCELLED: Kind((CLIENT,), "quand une demande est annulée faute de technicien"),
    Notice.CANCELLATION_CONFIRMED: Kind((CLIENT,), "quand vous annulez un rendez-vous"),
    Notice.WITHDRAWN: Kind((CLIENT, TEAM), "quand une rétractation est reçue"),
    Notice.CLIENT_ABSENT: Kind((CLIENT,), "quand le technicien n’a pas pu vous joindre"),
    Notice.INCIDENT: Kind((TEAM,), "quand un technicien signale un incident"),
    Notice.CEILING_REACHED: Kind(BOTH, "quand une séance atteint sa durée maximale"),
    Notice.SESSION_TIMED_OUT: Kind((TECHNICIAN, TEAM), "quand une séance est close d’office"),
    Notice.TO_ASSIGN: Kind((TEAM,), "quand une demande est à affecter"),
    Notice.NO_CALL: Kind((TEAM,), "quand un technicien n’a pas appelé"),
    Notice.NOT_STARTED: Kind((TEAM,), "quand une séance n’a pas commencé"),
    Notice.WRONG_CODES: Kind((TEAM,), "quand des codes erronés sont saisis"),
    Notice.LONG_SESSION: Kind((TEAM,), "quand une séance est très longue"),
    Notice.REPORT_OVERDUE: Kind((TEAM,), "quand un compte rendu est en retard"),
    Notice.STILL_SUSPENDED: Kind((TEAM,), "quand une demande reste suspendue"),
    Notice.PAYMENT_LATE: Kind((TEAM,), "quand un paiement tarde"),
    Notice.UNPAID: Kind((TEAM, CLIENT), "quand une facture reste impayée"),
    Notice.STILL_UNPAID: Kind((TEAM,), "quand une facture est toujours impayée"),
    Notice.REFUND_ASKED: Kind((CLIENT, TEAM), "quand un remboursement est demandé"),
    Notice.REFUND_WAITING: Kind((TEAM,), "quand un remboursement est à décider"),
    Notice.REFUND_RULED: Kind((CLIENT,), "quand un remboursement est décidé"),
    Notice.REFUND_BY_BANK: Kind((CLIENT,), "quand un remboursement part par virement"),
    Notice.GAIN_CORRECTED: Kind((TECHNICIAN,), "quand un gain est corrigé"),
    Notice.GAIN_GIVEN_BACK: Kind((TECHNICIAN,), "quand un gain retenu vous est rendu"),
    Notice.REFUND_UNFUNDED: Kind((TEAM,), "quand un remboursement attend des fonds"),
    Notice.REFUND_FAILED: Kind((TEAM,), "quand un remboursement n’aboutit pas"),
    Notice.EXCESS_RETURNED: Kind((TEAM,), "quand un trop-perçu est revenu"),
    Notice.CHARGEBACK_OPENED: Kind((TEAM,), "quand un paiement est contesté auprès de la banque"),
    Notice.CHARGEBACK_DUE: Kind((TEAM,), "quand une banque attend notre réponse"),
    Notice.CHARGEBACK_CLOSED: Kind((TEAM,), "quand une contestation bancaire est close"),
    Notice.CHARGEBACK_LOST: Kind((TEAM,), "quand une contestation bancaire est perdue"),
}

# About an account, or about none yet.
OF_AN_ACCOUNT: dict[str, Kind] = {
    "sign_in": Kind(EVERYBODY, "quand vous demandez à vous connecter", one_template=True),
    "sign_up": Kind((CLIENT,), "quand vous ouvrez un compte", one_template=True),
    "account_known": Kind(EVERYBODY, "quand on demande à rouvrir votre compte", one_template=True),
    "client_added": Kind((CLIENT,), "quand l’équipe vous ouvre un compte"),
    "application_received": Kind((TECHNICIAN,), "quand votre candidature est reçue", one_template=True),
    "application_accepted": Kind((TECHNICIAN,), "quand votre candidature est retenue"),
    "application_refused": Kind((TECHNICIAN,), "quand une candidature n’est pas retenue", one_template=True),
    "gain_earned": Kind((TECHNICIAN,), "quand un gain vous est acquis"),
    "statement_ready": Kind((TECHNICIAN,), "quand votre relevé est établi"),
    "transfer_held": Kind((TECHNICIAN,), "quand quelque chose retient votre virement"),
    "papers_end": Kind((TECHNICIAN,), "quand une attestation arrive à son terme"),
    "erasure_asked": Kind(BOTH, "quand la suppression de votre compte est demandée", one_template=True),
    "erasure_withdrawn": Kind(BOTH, "quand vous renoncez à cette suppression", one_template=True),
    "erasure_certificate": Kind(BOTH, "quand votre compte est supprimé", one_template=True),
    "erasure_failed": Kind((TEAM,), "quand une suppression de compte n’aboutit pas"),
    "contest_asked": Kind((TEAM,), "quand un relevé est contesté"),
    "contest_answered": Kind((TECHNICIAN,), "quand l’équipe a répondu à votre contestation"),
    "invariants": Kind((TEAM,), "quand une vérification automatique échoue"),
}

CATALOGUE: dict[str, Kind] = {kind.value: one for kind, one in OF_A_TICKET.items()} | OF_AN_ACCOUNT
RECIPIENTS: dict[Notice, tuple[Role, ...]] = {notice: kind.to for notice, kind in OF_A_TICKET.items()}


def told(role: Role) -> list[Kind]:
    """What a person of that role is told themselves; the team's shared mailbox is nobody's own."""
    if role in {TEAM, FINANCE}:
        return [kind for kind in OF_AN_ACCOUNT.values() if kind.to == EVERYBODY]
    return [kind for kind in CATALOGUE.values() if role in kind.to]
