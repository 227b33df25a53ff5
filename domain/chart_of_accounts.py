"""The accounts, journals and kinds of posting, with the French names that an accountant reads.

Source: the plan comptable général (règlement ANC 2014-03, art. 932-1). Two of ours are subdivisions of its
accounts: 44574 of 4457, for the VAT on services until their price is collected, and 5112 of 511, what Stripe
has collected or is to send for us.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

ACCOUNTS: dict[str, str] = {
    "401": "Fournisseurs",
    "4081": "Fournisseurs - Factures non parvenues",
    "411": "Clients",
    "44566": "TVA déductible sur autres biens et services",
    "44571": "TVA collectée",
    "44574": "TVA collectée en attente d’encaissement",
    "5112": "Valeurs à l’encaissement - Stripe",
    "512": "Banques",
    "580": "Virements internes",
    "611": "Sous-traitance générale",
    "627": "Services bancaires et assimilés",
    "654": "Pertes sur créances irrécouvrables",
    "706": "Prestations de services",
    "709": "Rabais, remises et ristournes accordés par l’entreprise",
}

# By the first part of a posting's key; a kind made of two words is known by the first where it is not named.
KINDS: dict[str, str] = {
    "invoice": "Facture",
    "credit": "Avoir",
    "paid": "Encaissement",
    "fee": "Frais Stripe",
    "refund": "Remboursement",
    "refund-failed": "Remboursement échoué",
    "refund-by-bank": "Remboursement par virement",
    "chargeback": "Contestation bancaire",
    "chargeback-fee": "Frais de contestation",
    "chargeback-answer": "Frais de réponse à une contestation",
    "chargeback-won": "Contestation gagnée",
    "chargeback-lost": "Contestation perdue",
    "chargeback-recovered": "Contestation gagnée après coup",
    "bank": "Virement de Stripe à la banque",
    "bank-returned": "Virement de Stripe renvoyé",
    "provider-fee": "Frais Stripe hors paiement",
    "written-off": "Passage en perte",
    "gain": "Gain",
    "statement": "Relevé",
    "transfer": "Virement",
    "transfer-reversed": "Virement repris",
    "sepa-sent": "Virement SEPA remis à la banque",
    "sepa-settled": "Virement SEPA exécuté",
    "sepa-rejected": "Virement SEPA rejeté",
    "sepa-returned": "Virement SEPA renvoyé",
    "sepa-corrected": "Virement SEPA rectifié",
}

# Whose sub-accounts an account has. They are called by their ids: names are personal data that the law wants
# erased on demand, while the books are kept for 10 years (code de commerce, art. L. 123-22).
AUXILIARIES: dict[str, str] = {"401": "Technicien", "4081": "Technicien", "411": "Client"}


@dataclass(frozen=True)
class Account:
    """An account's number and, of a sub-account (`411:{client}` in the ledger), whose it is."""

    number: str
    auxiliary: str | None = None

    @property
    def label(self) -> str:
        """That of the account, or else of the nearest one it is a subdivision of."""
        for length in range(len(self.number), 1, -1):
            if label := ACCOUNTS.get(self.number[:length]):
                return label
        return f"Compte {self.number}"

    @property
    def auxiliary_label(self) -> str | None:
        if self.auxiliary is None:
            return None
        return f"{AUXILIARIES.get(self.number, 'Tiers')} {self.auxiliary}"


def account_of(name: str) -> Account:
    number, _, auxiliary = name.partition(":")
    return Account(number, auxiliary or None)


def kind_of(key: str) -> str:
    """The first part of a posting's key: what kind of event it is of."""
    return key.partition(":")[0].replace("_", "-")


def kind_label(kind: str) -> str:
    return KINDS.get(kind) or KINDS.get(kind.partition("-")[0]) or "Écriture"


class Journal(StrEnum):
    SALES = "VE"
    BANK = "BQ"
    PURCHASES = "AC"
    MISCELLANEOUS = "OD"


JOURNALS: dict[Journal, str] = {
    Journal.SALES: "Ventes",
    Journal.BANK: "Banque et Stripe",
    Journal.PURCHASES: "Achats et sous-traitance",
    Journal.MISCELLANEOUS: "Opérations diverses",
}


def journal_of(numbers: Collection[str]) -> Journal:
    """Told by the accounts that a posting touches, so that a kind of event that is new has its journal too:
    money that moved, else a sale or what is taken back of one, else a purchase."""
    for journal, beginnings in (
        (Journal.BANK, ("51", "58")),
        (Journal.SALES, ("70",)),
        (Journal.PURCHASES, ("611", "401", "408", "44566")),
    ):
        if any(number.startswith(beginnings) for number in numbers):
            return journal
    return Journal.MISCELLANEOUS
