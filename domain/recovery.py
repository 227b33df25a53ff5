"""What may disagree once the database, or Temporal, was restored to an earlier point than the other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """`*_lost`, `*_unknown` and `*_behind` are what the database has forgotten, `process_*` what Temporal
    has."""

    DATABASE_OLDER = "database_older"
    NUMBER_BEHIND = "number_behind"
    PERSON_UNKNOWN = "person_unknown"
    TICKET_UNKNOWN = "ticket_unknown"
    TEXT_LOST = "text_lost"
    STEP_LOST = "step_lost"
    NOTICE_LOST = "notice_lost"
    INTENT_UNKNOWN = "intent_unknown"
    INVOICE_UNKNOWN = "invoice_unknown"
    TRANSFER_UNKNOWN = "transfer_unknown"
    TEMPORAL_OLDER = "temporal_older"
    PAYOUT_BEHIND = "payout_behind"
    PROCESS_MISSING = "process_missing"
    PROCESS_BEHIND = "process_behind"
    PROCESS_LEFT = "process_left"
    OTHER_PROCESS_MISSING = "other_process_missing"
    SCHEDULE_MISSING = "schedule_missing"
    EVENT_UNHEARD = "event_unheard"
    TECHNICIAN_AWAY = "technician_away"


@dataclass(frozen=True, order=True)
class Difference:
    """`subject` and `detail` are ids, numbers and names of steps: nothing that leads to a person."""

    kind: Kind
    subject: str
    detail: str = ""


@dataclass
class Highest:
    """The highest numbers that were ever given, as far as somebody remembers: of invoices and credit notes
    by year, of statements by the technician's series, of tickets by the database's sequence."""

    invoices: dict[int, int] = field(default_factory=dict)
    credit_notes: dict[int, int] = field(default_factory=dict)
    statements: dict[int, int] = field(default_factory=dict)
    tickets: int = 0


_YEARLY = re.compile(r"([FA])([0-9]{4})-([0-9]{6,})")
_STATEMENT = re.compile(r"AF([0-9]{4,})-([0-9]{5,})")
_TICKET = re.compile(r"[0-9]{8}")


def highest(numbers: Iterable[str]) -> Highest:
    """Of numbers as they are written. What is written as none of ours is left out."""
    found = Highest()
    for number in numbers:
        if yearly := _YEARLY.fullmatch(number):
            series = found.invoices if yearly[1] == "F" else found.credit_notes
            _raise(series, int(yearly[2]), int(yearly[3]))
        elif statement := _STATEMENT.fullmatch(number):
            _raise(found.statements, int(statement[1]), int(statement[2]))
        elif _TICKET.fullmatch(number):
            # The last digit is the check digit.
            found.tickets = max(found.tickets, int(number[:7]))
    return found


def _raise(series: dict[int, int], of: int, number: int) -> None:
    series[of] = max(series.get(of, 0), number)
