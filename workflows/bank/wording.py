"""What the Temporal UI shows of the bank's messages. No personal data."""

from domain.bank_steps import BankMessageApplied

APPLY = "Lecture des réponses de la banque"
SUMMARY = "Message de la banque"
DETAILS = "Ce que la banque dit de nos virements : exécutés, rejetés, renvoyés."

COUNTS = {
    "accepted": "accepté(s), sans effet",
    "settled": "exécuté(s)",
    "rejected": "rejeté(s)",
    "returned": "renvoyé(s)",
    "unchanged": "déjà connu(s)",
    "unknown": "inconnu(s) de nous",
    "conflicting": "à examiner",
}


def applied(told: BankMessageApplied) -> str:
    lines = [f"- {count} {label}" for name, label in COUNTS.items() if (count := getattr(told, name))]
    return "\n".join(lines or ["Rien sur nos virements."])
