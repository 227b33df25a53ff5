"""The accountant's file: its columns, its journals, and how each kind of posting is written in it."""

from datetime import UTC, datetime

import pytest

from domain import bank_orders, ledger
from domain.bank_orders import Order, OrderState, Told
from domain.chart_of_accounts import (
    ACCOUNTS,
    Account,
    Journal,
    account_of,
    journal_of,
    kind_label,
    kind_of,
)
from domain.fec import COLUMNS, ENCODING, LedgerEntry, Piece, file_name, header, piece_of, record
from domain.ledger import Posting
from domain.money import Price

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
PRICE = Price(3000, 2500, 500)

# Those of article A. 47 A-1, VII, in its order.
NAMES = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef "
    "PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
)


def test_the_columns_are_the_eighteen_of_the_article() -> None:
    assert header() == NAMES.replace(" ", "\t").encode() + b"\r\n"
    assert len(COLUMNS) == 18


def test_the_file_is_named_by_the_company_and_the_end_of_its_year() -> None:
    assert file_name(2026, "732829320") == "732829320FEC20261231.txt"
    assert file_name(2026, None) == "FEC20261231.txt"


ORDER = Order("payout:2026-11:t:1", 2, "t", 1600)
POSTINGS: list[tuple[Posting, Journal, str]] = [
    (ledger.invoice_issued("F2026-000001", "c", PRICE), Journal.SALES, "Facture"),
    (ledger.credit_note_issued("A2026-000001", "c", PRICE), Journal.SALES, "Avoir"),
    (ledger.invoice_paid("F2026-000001", "c", 3000, PRICE), Journal.BANK, "Encaissement"),
    (ledger.refund_sent("refund:F2026-000001:1:1", "c", 1500), Journal.BANK, "Remboursement"),
    (ledger.stripe_fee("F2026-000001", 70), Journal.BANK, "Frais Stripe"),
    (ledger.gain_earned("00000420:1", "t", 1600), Journal.PURCHASES, "Gain"),
    (ledger.statement_issued("payout:2026-11:t:1", "t", 1600), Journal.PURCHASES, "Relevé"),
    (ledger.transfer_sent("payout:2026-11:t:1", "tr_1", "t", 1600), Journal.BANK, "Virement"),
    (ledger.transfer_reversed("payout:2026-11:t:1", "trr_1", "t", 1600), Journal.BANK, "Virement repris"),
    (bank_orders.ordered(ORDER), Journal.BANK, "Virement SEPA remis à la banque"),
    *(
        (posting, Journal.BANK, label)
        for posting, label in zip(
            bank_orders.postings(ORDER, OrderState.ORDERED, Told(OrderState.RETURNED)),
            ("Virement SEPA exécuté", "Virement SEPA renvoyé"),
            strict=True,
        )
    ),
    # Those of facts that are entered nowhere yet have their place by their accounts.
    (
        Posting("credit:A2026-000002", (("709", 2500), ("44571", 500), ("411:c", -3000))),
        Journal.SALES,
        "Avoir",
    ),
    (
        Posting("written-off:F2026-000001", (("654", 2500), ("44574", 500), ("411:c", -3000))),
        Journal.MISCELLANEOUS,
        "Passage en perte",
    ),
    (
        Posting("chargeback:dp_1", (("411:c", 3000), ("5112", -3000))),
        Journal.BANK,
        "Contestation bancaire",
    ),
    (
        Posting("chargeback_lost:dp_1", (("654", 3000), ("411:c", -3000))),
        Journal.MISCELLANEOUS,
        "Contestation perdue",
    ),
    (
        Posting("vat:payout:2026-11:t:1", (("44566", 320), ("401:t", -320))),
        Journal.PURCHASES,
        "Écriture",
    ),
    (Posting("bank:po_1", (("512", 3000), ("5112", -3000))), Journal.BANK, "Virement de Stripe à la banque"),
    (Posting("sent:batch", (("401:t", 3000), ("580", -3000))), Journal.BANK, "Écriture"),
]


@pytest.mark.parametrize(("posting", "journal", "label"), POSTINGS, ids=lambda one: getattr(one, "key", ""))
def test_each_posting_has_its_journal_and_its_words(posting: Posting, journal: Journal, label: str) -> None:
    assert journal_of({account_of(account).number for account, _ in posting.lines}) is journal
    assert kind_label(kind_of(posting.key)) == label


def test_every_account_of_every_posting_has_its_label() -> None:
    used = {account_of(account).number for posting, _, _ in POSTINGS for account, _ in posting.lines}
    assert used == set(ACCOUNTS)
    assert account_of("411:c") == Account("411", "c")
    assert account_of("411:c").auxiliary_label == "Client c"
    assert (account_of("706").auxiliary, account_of("706").auxiliary_label) == (None, None)
    # One that is opened later has the name of what it is a part of.
    assert (Account("70611").label, Account("999").label) == ("Prestations de services", "Compte 999")


def test_a_line_is_written_as_the_article_says() -> None:
    entry = LedgerEntry(
        number=12,
        key="paid:F2026-000123",
        # The last minute of the year in Paris, and a day later at the recording.
        at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC),
        recorded_at=datetime(2026, 12, 31, 23, 1, tzinfo=UTC),
        account="411:019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11",
        cents=-123_405,
        numbers=frozenset({"5112", "411", "44574", "44571"}),
        piece="F2026-000123",
        piece_at=AT,
    )
    assert record(entry).decode(ENCODING).removesuffix("\r\n").split("\t") == [
        "BQ",
        "Banque et Stripe",
        "12",
        "20261231",
        "411",
        "Clients",
        "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11",
        "Client 019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11",
        "F2026-000123",
        "20261124",
        "Encaissement F2026-000123",
        "0,00",
        "1234,05",
        "",
        "",
        "20270101",
        "",
        "",
    ]


def test_every_label_is_written_without_loss() -> None:
    """Only typography is made plainer: what the character set lacks would be a question mark."""
    for account in ACCOUNTS:
        entry = LedgerEntry(
            1, "credit:A2026-000001", AT, AT, account, 1, frozenset({"706"}), "A2026-000001", AT
        )
        written = record(entry).decode(ENCODING)
        assert "?" not in written
        assert Account(account).label.replace("’", "'") in written


def test_the_piece_of_a_transfer_by_bank_is_the_statement_whichever_the_attempt() -> None:
    key = "payout:2026-11:t:1"
    assert piece_of(bank_orders.ordered(ORDER).key) == Piece(key, f"statement:{key}")
    assert piece_of(ledger.transfer_sent(key, "tr_1", "t", 1600).key) == Piece(key, f"statement:{key}")
