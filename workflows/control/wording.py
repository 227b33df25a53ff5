"""What the Temporal UI shows of readings and checks. No personal data."""

from collections.abc import Sequence

from domain.invariants import EXPLANATIONS, Invariant

RECONCILIATION = "Lecture de Stripe"
INVARIANTS = "Contrôle des invariants"
FORGETTING = "Effacement de ce qui est échu"
READ_EVENTS = "Recherche des annonces perdues"
READ_ENTRIES = "Lecture des mouvements du solde"
LOOK = "Contrôle"
TELL = "Alerte à l’équipe"
FORGET_SIGN_INS = "Liens et connexions échus"


def reconciliation_details(lost: int, new: int) -> str:
    return f"Annonces perdues et retrouvées : {lost}\n\nMouvements nouveaux : {new}"


def forgetting_details(gone: int) -> str:
    return f"Liens et connexions effacés : {gone}"


def invariants_details(violated: Sequence[Invariant]) -> str:
    if not violated:
        return "Tout est vrai."
    return "\n".join(["**N’est pas vrai**", "", *(f"- {EXPLANATIONS[name]}" for name in violated)])
