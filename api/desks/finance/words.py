"""What the pages of finance say of transfers, runs and contests, and of what was just done."""

from api import french_bank
from api.shapes.bank import BankMessageOutcome
from api.shapes.payouts import payout_label, waits_for_money
from db.models.payouts import Payout, PayoutStatus
from db.reads.payout_pages import AskedRun, StatementPaid
from domain.contests import ContestOutcome
from domain.french import sentence
from domain.payees import Rail
from domain.payout_steps import INTERRUPTED
from domain.payouts import PROVIDER_UNAVAILABLE

DONE: dict[str, str] = {
    "lance": "Les virements sont lancés. Rechargez cette page si elle ne change pas d’elle-même.",
    "reponse": "Votre réponse est enregistrée : le technicien la reçoit par courriel.",
    "reprise": "Le virement est repris : le relevé est de nouveau à payer.",
    "tarif": "Le tarif est enregistré.",
    "message": "Le message de la banque est enregistré.",
}

TONES: dict[PayoutStatus, str] = {
    PayoutStatus.TO_SEND: "wait",
    PayoutStatus.ORDERED: "wait",
    PayoutStatus.FAILED: "stop",
    PayoutStatus.PAID: "done",
}
UNKNOWN = "Issue inconnue"

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
    counted = (
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
    told = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
    return told or ["Ce message ne parle d’aucun virement"]
