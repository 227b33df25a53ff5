"""What the Temporal UI shows of payouts. No personal data."""

from datetime import datetime

from domain.bank_orders import BANK_NOT_CONFIGURED
from domain.payees import Hold
from domain.payout_steps import DOCUMENT_MISSING, INTERRUPTED
from domain.payouts import PROVIDER_UNAVAILABLE, PayoutRunRequest, Tally
from domain.reversals import TRANSFER_REVERSED
from workflows.wording import paris

OPEN_RUN = "Ouverture de la campagne"
CLAIM = "Relevé des gains"
STATEMENT = "Établissement du relevé"
FIND_STATEMENTS = "Relevés à établir"
FINISH_RUN = "Clôture de la campagne"
RECORD_TRANSFER = "Enregistrement du virement"
RECORD_REFUSAL = "Enregistrement du refus"
FIND_TRANSFER = "Recherche d’un virement déjà fait"
BALANCE_AWAITED = "Solde attendu chez le prestataire"
TRANSFER_FILE = "Fichier de virements pour la banque"
RUN_ALREADY_OPEN = "Une campagne du mois est en cours : nouvel essai"
SCHEDULED = "Lancement mensuel des virements"
SCHEDULE = "Virements mensuels aux techniciens"

# Who is no person; a person is shown by their id.
ACTORS = {"schedule": "l’échéance mensuelle", "omea": "la ligne de commande"}

FAILURES = {
    Hold.BANK_CHANGE_PENDING: "changement de coordonnées bancaires à confirmer",
    Hold.IDENTITY_MISSING: "identité professionnelle manquante",
    Hold.MANDATE_MISSING: "mandat d’autofacturation non signé",
    Hold.ACCOUNT_MISSING: "coordonnées bancaires manquantes",
    Hold.ACCOUNT_INCOMPLETE: "compte de paiement incomplet",
    Hold.VIGILANCE_EXPIRED: "attestation de vigilance manquante ou périmée",
    DOCUMENT_MISSING: "relevé à établir",
    INTERRUPTED: "virement interrompu, à relancer",
    PROVIDER_UNAVAILABLE: "prestataire de paiement injoignable, à relancer",
    BANK_NOT_CONFIGURED: "compte bancaire de l’entreprise à renseigner",
    TRANSFER_REVERSED: "virement repris, à refaire",
    "transfer_of_another_amount": "virement déjà fait d’un autre montant, à examiner",
    "idempotency_key_reused": "virement déjà demandé autrement, à examiner",
    "balance_insufficient": "solde insuffisant chez le prestataire",
    "insufficient_capabilities_for_transfer": "compte de paiement incomplet",
    "account_invalid": "compte de paiement refusé",
    "resource_missing": "compte de paiement inconnu",
}


def failure_label(code: str) -> str:
    """The provider has many codes; those that are not here are in the database."""
    return FAILURES.get(code, "refusé par le prestataire de paiement")


def euros(amount_cents: int) -> str:
    sign = "-" if amount_cents < 0 else ""
    whole, cents = divmod(abs(amount_cents), 100)
    return f"{sign}{whole},{cents:02d} €"


def run_summary(month: str) -> str:
    return f"Virements de {month}"


def run_details(request: PayoutRunRequest) -> str:
    return (
        f"**Campagne de virements de {request.month}**\n\n"
        f"- Demandée par : {ACTORS.get(request.actor_id, request.actor_id)}\n"
        f"- Motif : {f'texte {request.reason_id}' if request.reason_id else 'aucun'}\n"
        f"- Techniciens : {request.technician_id or 'tous'}\n"
    )


def scheduled_details(month: str, scheduled_at: datetime) -> str:
    return f"Échéance du {paris(scheduled_at)} : virements de {month}."


def technician_summary(month: str, technician_id: str) -> str:
    return f"Virements de {month} · technicien {technician_id[:8]}"


def technician_details(cut_off: datetime) -> str:
    return f"Gains acceptés avant le {paris(cut_off)}, et virements restés à faire."


def transfer_summary(amount_cents: int, attempt: int) -> str:
    return f"Virement de {euros(amount_cents)}, essai {attempt}"


def order_summary(amount_cents: int, attempt: int) -> str:
    return f"Virement de {euros(amount_cents)} remis à la banque, essai {attempt}"


def run_progress(n: int, total: int, tally: Tally, waits_until: datetime | None = None) -> str:
    ordered = f", {euros(tally.ordered_cents)} remis à la banque" if tally.ordered_cents else ""
    lines = [
        f"Campagne n° {n} : {tally.technicians} technicien(s) sur {total}, {euros(tally.paid_cents)} "
        f"virés{ordered}."
    ]
    if waits_until is not None:
        lines += ["", f"En attente de solde chez le prestataire, au plus jusqu’au {paris(waits_until)}."]
    if tally.failures:
        lines += ["", "**Échecs**", ""]
        lines += [f"- {one.technician_id} : {failure_label(one.failure or '')}" for one in tally.shown]
    if tally.failures > len(tally.shown):
        lines.append(f"- et {tally.failures - len(tally.shown)} autres")
    return "\n".join(lines)
