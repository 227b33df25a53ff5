"""What the pages of finance say: months, transfers, runs, contests and holds, what is to do and what was just
done."""

from collections.abc import Sequence

from api import french_bank
from api.desks.finance.stages import Stage
from api.shapes.bank import BankMessageOutcome
from api.shapes.payouts import payout_label, waits_for_money
from db.models.payouts import Payout, PayoutStatus
from db.reads.held_pages import HeldBy
from db.reads.payout_pages import AskedRun, StatementPaid
from domain.contests import ContestOutcome
from domain.french import of_month, sentence
from domain.ids import format_ticket_number
from domain.payees import Hold, Rail
from domain.payout_steps import INTERRUPTED
from domain.payouts import PROVIDER_UNAVAILABLE

DONE: dict[str, str] = {
    "lance": "Les virements sont lancés. Rechargez cette page si elle ne change pas d’elle-même.",
    "reponse": "Votre réponse est enregistrée : le technicien la reçoit par courriel.",
    "reprise": "Le virement est repris : le relevé est de nouveau à payer.",
    "tarif": "Le tarif est enregistré.",
    "message": "Le message de la banque est enregistré.",
}

# As a page says it, and how it is coloured.
STAGES: dict[Stage, tuple[str, str]] = {
    Stage.GOES_ON: ("Mois en cours", "wait"),
    Stage.TO_RUN: ("Virements à lancer", "act"),
    Stage.RUNNING: ("Virements en cours", "live"),
    Stage.INCOMPLETE: ("Virements incomplets", "act"),
    Stage.AT_THE_BANK: ("Chez la banque", "wait"),
    Stage.PAID: ("Tout est viré", "done"),
}

# What finance must do, after its number: for one, and for more.
BROKEN = ("contrôle qui ne tient plus", "contrôles qui ne tiennent plus")
CONTESTS = ("relevé contesté attend votre réponse", "relevés contestés attendent votre réponse")
REFUSED = ("virement non abouti est à relancer", "virements non aboutis sont à relancer")
BANK_CHANGES = (
    "changement de compte bancaire attend l’appel de l’équipe",
    "changements de compte bancaire attendent l’appel de l’équipe",
)
AT_THE_BANK = (
    "virement remis à la banque attend sa réponse : apportez-la",
    "virements remis à la banque attendent sa réponse : apportez-la",
)
TO_RUN = "Les virements du mois ne sont pas encore lancés"

# The gains of a month, in its chart.
PAID = "Versés"
CLAIMED = "Sur un relevé, à verser"
PAYABLE = "À mettre sur un relevé"
HELD = "Retenus"

HELD_BY: dict[HeldBy, str] = {
    HeldBy.SUSPENDED: "demande suspendue, à décider par l’équipe",
    HeldBy.CHARGEBACK: "paiement contesté auprès de la banque du client",
    HeldBy.REFUND: "remboursement à l’étude",
}
# Who can put it right.
WHO_MENDS: dict[Hold, str] = {
    Hold.BANK_CHANGE_PENDING: (
        "L’équipe appelle le technicien au numéro que nous connaissons, puis confirme ou refuse."
    ),
    Hold.IDENTITY_MISSING: "L’équipe complète son identité professionnelle.",
    Hold.MANDATE_MISSING: "Le technicien signe le mandat depuis son espace.",
    Hold.ACCOUNT_MISSING: "Le technicien ouvre son compte de paiement depuis son espace.",
    Hold.ACCOUNT_INCOMPLETE: "Le technicien complète son compte de paiement depuis son espace.",
    Hold.VIGILANCE_EXPIRED: "Le technicien envoie son attestation de vigilance, l’équipe l’enregistre.",
}

TONES: dict[PayoutStatus, str] = {
    PayoutStatus.TO_SEND: "wait",
    PayoutStatus.ORDERED: "wait",
    PayoutStatus.FAILED: "stop",
    PayoutStatus.PAID: "done",
}
UNKNOWN = "Issue inconnue"

# Of forms.
NO_FILE = "Choisissez le fichier que la banque vous a donné."
EVERYBODY_DUE = "Tous ceux qui attendent"
OTHER_SKILLS = "Toutes les autres compétences"

# Of a difference that a control has found, and that is a person's.
NAMED_IN_THE_ALERT = "de qui, l’alerte envoyée par courriel le dit"

# Runs that no colleague has asked for.
NOBODY: dict[str, str] = {"schedule": "Programmé", "omea": "Lancé en ligne de commande"}


def is_unknown(payout: Payout) -> bool:
    """Whether the provider was asked and has not answered: the transfer may have been sent."""
    return (
        payout.rail is Rail.STRIPE
        and payout.status in (PayoutStatus.TO_SEND, PayoutStatus.FAILED)
        and payout.failure in (None, INTERRUPTED, PROVIDER_UNAVAILABLE)
    )


def state(payout: Payout, *, sending: bool = False) -> tuple[str, str]:
    """The words of a transfer's badge, and its tone. `sending`: a run is open that may be waiting for the
    answer."""
    if is_unknown(payout) and not sending:
        return UNKNOWN, "act"
    tone = "wait" if waits_for_money(payout) else TONES[payout.status]
    return sentence(payout_label(payout)), tone


def why(payout: Payout) -> str | None:
    """Why it is not paid, for one that was refused."""
    if payout.failure is None or payout.status in (PayoutStatus.PAID, PayoutStatus.ORDERED):
        return None
    return french_bank.failure_label(payout.failure, payout.rail)


def asked_by(run: AskedRun) -> str:
    return f"Lancé par {run.by}" if run.by else NOBODY.get(run.run.actor_id, "Lancé par un ancien collègue")


def contest(one: StatementPaid) -> tuple[str, str] | None:
    """The badge of its contest, if it has one."""
    if one.contested_at is None:
        return None
    if one.outcome is None:
        return "Contesté, réponse attendue", "act"
    maintained = one.outcome is ContestOutcome.MAINTAINED
    return ("Contesté, maintenu" if maintained else "Contesté, rectifié"), "done"


def told_by_the_bank(outcome: BankMessageOutcome) -> list[str]:
    """What a message of the bank has changed, and what it says besides."""
    changes = (
        (outcome.settled, "virement exécuté", "virements exécutés"),
        (outcome.rejected, "virement rejeté", "virements rejetés"),
        (outcome.returned, "virement renvoyé", "virements renvoyés"),
        (outcome.accepted, "virement accepté, pas encore exécuté", "virements acceptés, pas encore exécutés"),
        (outcome.unchanged, "virement déjà connu ainsi", "virements déjà connus ainsi"),
        (
            outcome.unknown,
            "opération qui n’est pas de nos virements",
            "opérations qui ne sont pas de nos virements",
        ),
        (
            outcome.conflicting,
            "virement en contradiction avec nos comptes : à regarder de près",
            "virements en contradiction avec nos comptes : à regarder de près",
        ),
    )
    told = [counted(count, said) for count, *said in changes if count]
    return told or ["Ce message ne parle d’aucun virement"]


def counted(count: int, said: Sequence[str]) -> str:
    """`said` of one, and of more."""
    one, many = said
    return f"{count} {one if count == 1 else many}"


def only(name: str) -> str:
    return f"{name} seulement"


def invoice(number: str) -> str:
    return f"Facture {number}"


def credit_note(number: str) -> str:
    return f"Avoir {number}"


def of_kind(kind: str, reference: str) -> str:
    """A posting in the books: its kind, and what it is about."""
    return f"« {kind} » {reference}"


def of_a_statement(month: str) -> str:
    return f"d’un relevé {of_month(month)}"


def numbered(ticket: str) -> str:
    return f"n° {format_ticket_number(ticket)}"


def session(ticket: str, number: int) -> str:
    return f"{numbered(ticket)}, séance {number}"
