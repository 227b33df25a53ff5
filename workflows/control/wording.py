"""What the Temporal UI shows of readings, checks and purges. No personal data."""

from collections.abc import Sequence

from domain.invariants import EXPLANATIONS, Invariant
from domain.purge import Purged

RECONCILIATION = "Lecture de Stripe"
INVARIANTS = "Contrôle des invariants"
READ_EVENTS = "Recherche des annonces perdues"
READ_ENTRIES = "Lecture des mouvements du solde"
LOOK = "Contrôle"
TELL = "Alerte à l’équipe"
FORGET_ADMISSIONS = "Inscriptions non confirmées"
FORGET_SIGN_INS = "Liens et connexions échus"
EXPIRING_PAPERS = "Attestations qui prennent fin"
PAPERS_LISTED = "Attestations à rappeler"
REMIND_OF_PAPERS = "Rappel au technicien"
EARNINGS = "Courriels aux techniciens sur leurs gains"
EARNINGS_LISTED = "Courriels à envoyer"
TELL_OF_EARNINGS = "Courriel au technicien"
PURGE = "Purge"
PURGE_ACCESSES = "Purge du journal des accès"
DESTROY_ARCHIVED = "Destruction des archives échues"

# Of the Schedules themselves.
RECONCILIATION_SCHEDULE = "Lecture de Stripe : annonces perdues et mouvements du solde"
PURGE_SCHEDULE = "Purge de ce dont la durée de conservation est passée"
EXPIRING_PAPERS_SCHEDULE = "Rappels aux techniciens dont l’attestation prend fin"
EARNINGS_SCHEDULE = "Gains, relevés et virements retenus, annoncés aux techniciens"


def reconciliation_details(lost: int, new: int) -> str:
    return f"Annonces perdues et retrouvées : {lost}\n\nMouvements nouveaux : {new}"


def purge_details(purged: Purged) -> str:
    return (
        f"Entrées du journal des accès supprimées : {purged.accesses}\n\n"
        f"Liens et connexions effacés : {purged.sign_ins}\n\n"
        f"Inscriptions effacées : {purged.admissions}\n\n"
        f"Pièces d’archives détruites : {purged.archived}"
    )


def papers_details(found: int) -> str:
    return f"Attestations qui prennent fin sous 30 jours, ou l’ont fait : {found}"


def earnings_details(found: int) -> str:
    return f"Gains, relevés et virements retenus à annoncer : {found}"


def invariants_details(violated: Sequence[Invariant]) -> str:
    if not violated:
        return "Tout est vrai."
    return "\n".join(["**N’est pas vrai**", "", *(f"- {EXPLANATIONS[name]}" for name in violated)])
