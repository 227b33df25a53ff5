"""What a bank is told of a disputed payment, in French: plain facts, in order, with their times."""

from collections.abc import Iterable

from activities.gateways.chargebacks import EvidenceText
from db.reads.chargebacks import SessionEvidence, TicketEvidence
from domain import french
from domain.ids import format_ticket_number

# What each act of the journal was, for somebody who does not know the service. Others say nothing to a bank.
ACTS: dict[str, str] = {
    "book": "rendez-vous réservé",
    "reschedule": "rendez-vous déplacé à la demande du client",
    "consent": "consentement du client à la prise en main à distance",
    "acknowledge": "rendez-vous confirmé par le technicien",
    "call": "appel téléphonique du technicien au client",
    "start": "séance commencée : le client a lu au technicien le code affiché sur sa page",
    "extend": "durée plus longue acceptée par le client",
    "end": "séance terminée",
    "stop": "séance arrêtée par le client",
    "report": "compte rendu remis par le technicien",
    "review": "avis donné par le client",
    "accept": "intervention acceptée, facture établie",
    "paid": "paiement encaissé",
    "dispute": "insatisfaction signalée par le client",
    "ruling": "décision de l’équipe après réexamen",
    "refund": "remboursement demandé par le client",
    "refund_ruled": "décision de l’équipe sur le remboursement",
}
ROLES = {
    "client": "client",
    "technician": "technicien",
    "back_office": "équipe Omea",
    "system": "service",
    "finance": "équipe Omea",
}


def evidence_text(known: TicketEvidence) -> EvidenceText:
    first = known.sessions[0] if known.sessions else None
    return EvidenceText(
        product=(
            f"Assistance informatique à distance ({known.skill}), par téléphone et prise en main de l’écran. "
            f"Demande n° {format_ticket_number(known.ticket)}, facture {known.invoice} de "
            f"{french.euros(known.total_ttc_cents)} TTC. Facturation par tranche de "
            f"{french.minutes(known.slice_minutes)} commencée, dans la limite acceptée par le client."
        ),
        served_on=french.day(first.started_at) if first else "",
        activity="\n".join(_acts(known)),
        summary="\n\n".join(_summary(known)),
        invoice=known.pdf,
    )


def _acts(known: TicketEvidence) -> Iterable[str]:
    for at, role, act in known.acts:
        if act in ACTS:
            yield f"{french.exact_moment(at)} : {ACTS[act]} ({ROLES.get(role, role)})"


def _summary(known: TicketEvidence) -> Iterable[str]:
    yield (
        f"{known.client_name} a demandé une intervention le {french.moment(known.ordered_at)} et "
        "enregistré sa carte sur la page de notre prestataire de paiement."
    )
    for number, held in enumerate(known.sessions, start=1):
        yield _session(number, held)
    if known.stars is not None:
        said = f" : « {known.review} »" if known.review else ""
        yield f"Avis du client : {known.stars} étoile(s) sur 5{said}"
    if known.added:
        yield known.added
    yield "La facture est jointe ; les actes enregistrés, avec leurs heures, sont dans le journal d’activité."


def _session(number: int, held: SessionEvidence) -> str:
    parts = [f"Séance {number}, commencée le {french.exact_moment(held.started_at)}"]
    if held.ended_at is not None:
        parts.append(f"terminée le {french.exact_moment(held.ended_at)}")
    if held.measured_minutes is not None:
        parts.append(f"durée mesurée : {french.minutes(held.measured_minutes)}")
    if held.consented_at is not None:
        parts.append(
            f"consentement du client donné le {french.exact_moment(held.consented_at)} "
            f"(texte {held.consent_version})"
        )
    told = ", ".join(parts) + "."
    return f"{told} Compte rendu du technicien : « {held.report} »" if held.report else told
