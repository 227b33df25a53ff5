"""What must always be true of the money and of the tickets, each looked at every quarter of an hour.

Nothing here is repaired by itself: people look. `EXPLANATIONS` is what they read, in mails, at the API and on
the command line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Invariant(StrEnum):
    TRANSACTIONS_BALANCED = "transactions_balanced"
    LEDGER_BALANCED = "ledger_balanced"
    GAINS_ACCOUNTED = "gains_accounted"
    TECHNICIAN_ACCOUNTS = "technician_accounts"
    TRANSFERS_WHOLE = "transfers_whole"
    BANK_TRANSFERS = "bank_transfers"
    BANK_DEBITS = "bank_debits"
    BANK_ANSWERS = "bank_answers"
    INVOICES_OWED = "invoices_owed"
    CLIENT_ACCOUNTS = "client_accounts"
    VAT_PENDING = "vat_pending"
    VAT_DUE = "vat_due"
    SALES = "sales"
    INVOICES_ACCEPTED = "invoices_accepted"
    SUSPENDED_UNTOUCHED = "suspended_untouched"
    PAID_TICKETS = "paid_tickets"
    ONE_INVOICE = "one_invoice"
    INVOICE_NUMBERS = "invoice_numbers"
    CREDIT_NOTE_NUMBERS = "credit_note_numbers"
    STATEMENT_NUMBERS = "statement_numbers"
    PROVIDER_ENTRIES = "provider_entries"
    PROVIDER_KINDS = "provider_kinds"
    PROVIDER_BALANCE = "provider_balance"
    PROVIDER_READ = "provider_read"
    TICKETS_RUNNING = "tickets_running"
    WEBHOOKS_PARKED = "webhooks_parked"
    WEBHOOKS_PENDING = "webhooks_pending"
    WEBHOOKS_LOST = "webhooks_lost"
    PAYOUTS_SENT = "payouts_sent"
    CONTESTS_ANSWERED = "contests_answered"


EXPLANATIONS: dict[Invariant, str] = {
    Invariant.TRANSACTIONS_BALANCED: "Chaque écriture du grand livre est équilibrée",
    Invariant.LEDGER_BALANCED: "Le grand livre est équilibré",
    Invariant.GAINS_ACCOUNTED: "Les gains de chaque technicien sont virés, relevés, retenus ou à payer",
    Invariant.TECHNICIAN_ACCOUNTS: "Les comptes 4081 et 401 sont ce qui est dû à chaque technicien",
    Invariant.TRANSFERS_WHOLE: "Aucun virement à un technicien n’est repris en partie seulement",
    Invariant.BANK_TRANSFERS: "Le compte 580 est ce que la banque doit encore virer à chaque technicien",
    Invariant.BANK_DEBITS: "Le débit d’un fichier de virements est la somme de ceux qui ont été faits",
    Invariant.BANK_ANSWERS: "Chaque virement est remis à la banque dans l’heure, et elle répond sous 7 jours",
    Invariant.INVOICES_OWED: "Le compte 411 de chaque facture est son total moins avoirs et paiement",
    Invariant.CLIENT_ACCOUNTS: "Le compte 411 de chaque client est la somme de ses factures dues",
    Invariant.VAT_PENDING: "La TVA en attente (44574) est celle des factures émises et impayées",
    Invariant.VAT_DUE: "La TVA exigible (44571) est celle des factures payées",
    Invariant.SALES: "Les ventes (706 et 709) sont les factures moins les avoirs",
    Invariant.INVOICES_ACCEPTED: "Chaque facture suit une acceptation ou une décision",
    Invariant.SUSPENDED_UNTOUCHED: "Rien n’est facturé, débité ni relevé pour une demande suspendue",
    Invariant.PAID_TICKETS: "Chaque demande close payée a son paiement, et chaque paiement sa demande close",
    Invariant.ONE_INVOICE: "Chaque demande a au plus une facture",
    Invariant.INVOICE_NUMBERS: "Les numéros de facture se suivent",
    Invariant.CREDIT_NOTE_NUMBERS: "Les numéros d’avoir se suivent",
    Invariant.STATEMENT_NUMBERS: "Les numéros de relevé de chaque technicien se suivent",
    Invariant.PROVIDER_ENTRIES: "Le compte 5112 est la somme des mouvements chez Stripe",
    Invariant.PROVIDER_KINDS: "Chaque mouvement chez Stripe est d’un genre connu",
    Invariant.PROVIDER_BALANCE: "Le solde affiché par Stripe est la somme de ses mouvements",
    Invariant.PROVIDER_READ: "Stripe a été relu depuis moins d’une heure",
    Invariant.TICKETS_RUNNING: "Chaque demande ouverte a son processus, chaque processus sa demande ouverte",
    Invariant.WEBHOOKS_PARKED: "Aucune annonce de Stripe n’est mise de côté",
    Invariant.WEBHOOKS_PENDING: "Aucune annonce de Stripe n’attend depuis plus d’une heure",
    Invariant.WEBHOOKS_LOST: "Aucune annonce de Stripe ne s’est perdue depuis 24 heures",
    Invariant.PAYOUTS_SENT: "Chaque relevé est viré sous 7 jours, et son virement n’est pas repris",
    Invariant.CONTESTS_ANSWERED: "Chaque contestation d’un relevé a sa réponse sous 7 jours",
}

# The columns of offending rows, in the order in which people read them: ids, enums and cents. Those in cents
# end in `_cents`.
COLUMNS: dict[str, str] = {
    "ticket": "demande",
    "invoice": "facture",
    "technician": "technicien",
    "number": "numéro",
    "transaction": "écriture",
    "account": "compte",
    "entry": "mouvement",
    "event": "annonce",
    "kind": "genre",
    "reading": "lecture",
    "fault": "anomalie",
    "reference": "référence",
    "sort": "nature",
    "ledger_cents": "au grand livre",
    "expected_cents": "attendu",
    "provider_cents": "chez Stripe",
    "reversed_cents": "repris",
    "bank_cents": "à la banque",
    "difference_cents": "écart",
}
# Their values that are words of the code.
VALUES: dict[str, str] = {
    "missing": "manquant",
    "out_of_series": "hors série",
    "invoice_issued": "facture émise",
    "card_charged": "carte débitée",
    "payment_entered": "paiement enregistré",
    "gain_born": "gain acquis",
    "gain_claimed": "gain relevé",
    "payment_missing": "sans paiement",
    "still_open": "payée mais ouverte",
    "process_missing": "sans processus",
    "ticket_missing": "processus sans demande",
    "still_running": "close, processus en cours",
    "not_handed_in": "dans aucun fichier",
    "not_answered": "sans réponse de la banque",
    "not_ordered": "sans ordre à la banque",
    "ordered_besides": "ordre en trop à la banque",
    "not_sent": "à virer, relancer le mois",
    "taken_back": "virement repris, à virer de nouveau ou à retenir",
    "contest_open": "contestation sans réponse",
    "not_checked": "contrôle impossible",
    "charge": "encaissement",
    "refund": "remboursement",
    "chargeback": "contestation bancaire",
    "chargeback_answer": "frais de réponse à une contestation",
    "transfer": "virement à un technicien",
    "transfer_reversal": "reprise d’un virement à un technicien",
    "bank": "virement à notre banque",
    "fee": "frais",
    "provider_fee": "frais hors paiement",
    "events": "annonces",
    "entries": "mouvements",
}

Row = dict[str, str | int]

# The row of an invariant that could not be looked at: nobody knows whether it is true.
NOT_CHECKED: Row = {"fault": "not_checked"}
# A check shows so many of the offending rows, and how many there are in all.
MOST_ROWS = 20
# A violation that lasts is told again after that.
TOLD_AGAIN = timedelta(hours=24)


@dataclass(frozen=True)
class Patience:
    """How long what has just happened may still be under way, and is no violation yet.

    `money`: a payment is looked at ten minutes after its card was accepted, if its notice is lost. `listing`:
    the provider may list an entry a little after it has moved the money. `process`:
    a workflow begins before its ticket is committed, and visibility lags behind both. `farewell`: a closed
    ticket's workflow sends its last mails for three days.
    """

    money: timedelta = timedelta(minutes=30)
    listing: timedelta = timedelta(minutes=5)
    process: timedelta = timedelta(minutes=15)
    farewell: timedelta = timedelta(days=3, minutes=15)


@dataclass(frozen=True)
class Found:
    """What one look at an invariant has found: the first of `total` offending rows."""

    name: Invariant
    total: int
    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        return self.total == 0


class Change(StrEnum):
    """What the team is told: a violation is new (or has new rows), goes on, or is over."""

    BEGAN = "began"
    LASTS = "lasts"
    OVER = "over"


@dataclass(frozen=True)
class Told:
    """What the team was told of an invariant last."""

    at: datetime
    change: Change
    total: int
    rows: Sequence[Row]


def change_of(found: Found, told: Told | None, at: datetime) -> Change | None:
    """What to tell now of what was found; None when nothing is new. The same rows are not told again before
    a day has passed."""
    was_told = told is not None and told.change is not Change.OVER
    if found.ok:
        return Change.OVER if was_told else None
    if told is None or not was_told:
        return Change.BEGAN
    if found.total > told.total or any(row not in told.rows for row in found.rows):
        return Change.BEGAN
    return Change.LASTS if at - told.at >= TOLD_AGAIN else None


@dataclass(frozen=True)
class Look:
    """Look at every invariant. `at` is the business time."""

    at: datetime


@dataclass(frozen=True)
class Looked:
    """How many invariants are not true; `news` when the team is to be told of any."""

    violated: tuple[Invariant, ...]
    news: bool
