"""The fichier des écritures comptables (FEC): what the tax office, and any accountant's program, reads.

Source: livre des procédures fiscales, art. A. 47 A-1 (arrêté du 29 juillet 2013), commented in
BOI-CF-IOR-60-40-20. One line a posting's line, in the order of validation; 18 columns of these names in this
order, separated by one character (a tabulation), records by CR LF; ASCII, ISO 8859-15 or EBCDIC; dates
YYYYMMDD; amounts with a decimal comma. The file is called `{SIREN}FEC{YYYYMMDD}.txt` by the day on which the
financial year ends; ours is the calendar year, Paris time.

Opening balances and closing entries are not in it: they follow from decisions that are not taken here, and
are the accountant's to add.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from domain.chart_of_accounts import JOURNALS, account_of, journal_of, kind_label, kind_of
from domain.opening_hours import PARIS

COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
ENCODING = "iso-8859-15"
SEPARATOR = "\t"
# What French typography has and the character set has not.
PLAINER = str.maketrans({"’": "'"})


# Of an invoice or a credit note, wherever in a posting's key.
DOCUMENT = re.compile(r"[FA][0-9]{4}-[0-9]{6,}")
# A statement's own key; what follows it (an attempt to pay it) is not the piece.
STATEMENT = re.compile(r"payout:[0-9]{4}-[0-9]{2}:[^:]+:[0-9]+")


@dataclass(frozen=True)
class Piece:
    """What proves a posting, and the key of the posting that entered it when it was made."""

    reference: str
    entered_as: str


def piece_of(key: str) -> Piece:
    """The invoice or credit note that the key names, or else all of the key but its kind: a statement's own
    key, or the session that a gain is of."""
    document = DOCUMENT.search(key)
    if document is None:
        statement = STATEMENT.search(key)
        reference = statement.group() if statement else key.partition(":")[2]
        return Piece(reference, f"statement:{reference}")
    number = document.group()
    return Piece(number, f"invoice:{number}" if number.startswith("F") else f"credit:{number}")


@dataclass(frozen=True)
class LedgerEntry:
    """One line of a posting. `number` counts the postings of the year in the order of recording; `numbers`
    are all accounts that the posting touches; `piece` is what proves it (an invoice, a credit note, a
    statement), made at `piece_at`. `cents` is positive in debit, negative in credit."""

    number: int
    key: str
    at: datetime
    recorded_at: datetime
    account: str
    cents: int
    numbers: frozenset[str]
    piece: str
    piece_at: datetime


def file_name(year: int, siren: str | None) -> str:
    """Without a SIREN, the name lacks it."""
    return f"{siren or ''}FEC{year:04d}1231.txt"


def header() -> bytes:
    return _record(COLUMNS)


def record(entry: LedgerEntry) -> bytes:
    journal, account = journal_of(entry.numbers), account_of(entry.account)
    return _record(
        (
            journal.value,
            JOURNALS[journal],
            str(entry.number),
            _date(entry.at),
            account.number,
            account.label,
            account.auxiliary or "",
            account.auxiliary_label or "",
            entry.piece,
            _date(entry.piece_at),
            f"{kind_label(kind_of(entry.key))} {entry.piece}",
            _amount(max(entry.cents, 0)),
            _amount(max(-entry.cents, 0)),
            # Not matched here, and never in another currency than the euro.
            "",
            "",
            _date(entry.recorded_at),
            "",
            "",
        )
    )


def _record(fields: tuple[str, ...]) -> bytes:
    """Labels are ours, and keys are made of ids: none has a separator in it."""
    line = SEPARATOR.join(fields).translate(PLAINER) + "\r\n"
    return line.encode(ENCODING, "replace")


def _date(instant: datetime) -> str:
    return instant.astimezone(PARIS).strftime("%Y%m%d")


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"
