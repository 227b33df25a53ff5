"""What the API says of transfers through our bank: their states, and why banks refuse or return them.

The codes are ISO 20022's (ExternalStatusReason1Code, ExternalReturnReason1Code), said to the person who can
do something about it.
"""

from api.french import PAYOUT_FAILED, PAYOUT_FAILURES
from domain.bank_orders import BANK_REJECTED, BANK_RETURNED, OrderState
from domain.payees import Rail

ORDERS: dict[OrderState, str] = {
    OrderState.WAITING: "en attente d’un fichier",
    OrderState.ORDERED: "virement remis à la banque",
    OrderState.SETTLED: "exécuté",
    OrderState.REJECTED: "rejeté par la banque",
    OrderState.RETURNED: "renvoyé par la banque du technicien",
}

REASONS: dict[str, str] = {
    BANK_REJECTED: "refusé par la banque",
    BANK_RETURNED: "renvoyé par la banque du technicien",
    "AC01": "IBAN inconnu de la banque du technicien",
    "AC03": "IBAN inconnu de la banque du technicien",
    "AC04": "compte du technicien clos",
    "AC06": "compte du technicien bloqué",
    "AC13": "compte d’un type qui ne reçoit pas ces virements",
    "AG01": "virement interdit sur ce compte",
    "AG02": "opération non admise par la banque",
    "AM04": "provision insuffisante sur notre compte",
    "AM05": "virement déjà reçu par la banque",
    "BE04": "adresse du titulaire manquante",
    "BE05": "donneur d’ordre non reconnu",
    "CNOR": "banque du technicien inaccessible",
    "CUST": "annulé à notre demande",
    "DNOR": "notre banque n’est pas reconnue",
    "DT01": "date d’exécution refusée",
    "FF01": "fichier refusé",
    "FOCR": "renvoyé à notre demande",
    "MD07": "titulaire du compte décédé",
    "MS02": "refusé par le titulaire du compte",
    "MS03": "refusé par la banque, sans motif donné",
    "RC01": "banque du technicien inconnue",
    "RR04": "refusé pour un motif réglementaire",
    "TM01": "reçu trop tard par la banque",
}

# The columns of the tables of statements: of one, and of all those of a month.
STATEMENT_LINES = ("Relevé", "Demande", "Séance", "Accepté le", "Tranches", "Montant HT", "Rectifie")
STATEMENTS = (
    *("Mois", "Relevé", "Technicien", "Nom", "Émis le", "Montant HT", "TVA", "Total"),
    *("État", "Virement", "Viré le", "Motif"),
)


def failure_label(code: str, rail: Rail | None) -> str:
    """Why a payout failed; `rail` is the one it was handed over to last."""
    known = PAYOUT_FAILURES.get(code) or REASONS.get(code)
    return known or (REASONS[BANK_REJECTED] if rail is Rail.SEPA else PAYOUT_FAILED)
