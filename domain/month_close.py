"""A month as the accounts close it: every figure is a sum of the ledger, by account and by kind of posting.

Nothing here knows the list of kinds: one that comes later finds its place by the beginning of its name and by
the accounts it touches, and is among the changes of each account in any case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ledger import BANK_FEES, SALES, STRIPE, SUBCONTRACTING, VAT_DUE, VAT_PENDING
from domain.money import Price
from domain.payouts import Month, cut_off

CLIENTS = "411"
ACCRUED, PAYABLE = "4081", "401"
ALLOWANCES = "709"
LOSSES = "654"


@dataclass(frozen=True)
class Movement:
    """What postings of one kind did to one account: `before_cents` before the month (debit positive),
    `debit_cents` and `credit_cents` within it, both positive."""

    kind: str
    account: str
    before_cents: int
    debit_cents: int
    credit_cents: int

    @property
    def change_cents(self) -> int:
        return self.debit_cents - self.credit_cents


@dataclass(frozen=True)
class Roll:
    """From an account's balance at the beginning of the month to that at its end: `changes` by kind of
    posting. All in the account's usual direction: what we are owed, owe or have is positive."""

    opening_cents: int
    changes: dict[str, int]

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + sum(self.changes.values())


@dataclass(frozen=True)
class MonthClose:
    """Cents. `provisional` while the month is not over: the figures are then those up to `until`.

    `refunded_cents` is what went back to clients less what came back of it; of the chargebacks, what banks
    took, gave back, and kept for good. The margin is sales less credits, gains and provider's fees, without
    VAT; losses are not in it.
    """

    month: Month
    until: datetime
    provisional: bool
    billed: Price
    credited: Price
    collected_cents: int
    refunded_cents: int
    charged_back_cents: int
    chargebacks_won_cents: int
    chargebacks_lost_cents: int
    written_off_cents: int
    fees_cents: int
    gains_cents: int
    margin_cents: int
    clients: Roll
    vat_pending: Roll
    vat_due: Roll
    technicians: Roll
    stripe: Roll


def closes_at(month: Month, now: datetime) -> tuple[datetime, bool]:
    """Up to when the month's figures go, and whether they are provisional. Raises `Refused(FUTURE_MONTH)`."""
    until = cut_off(month, now)
    return until, until < month.next().start


def close(month: Month, until: datetime, provisional: bool, movements: Sequence[Movement]) -> MonthClose:
    books = _Books(movements)
    return MonthClose(
        month=month,
        until=until,
        provisional=provisional,
        billed=Price(
            ttc_cents=books.change("invoice", CLIENTS),
            ht_cents=-books.change("invoice", SALES),
            vat_cents=-books.change("invoice", VAT_PENDING),
        ),
        credited=Price(
            ttc_cents=-books.change("credit", CLIENTS),
            ht_cents=books.change("credit", SALES, ALLOWANCES),
            vat_cents=books.change("credit", VAT_PENDING, VAT_DUE),
        ),
        collected_cents=-books.change("paid", CLIENTS),
        refunded_cents=books.change("refund", CLIENTS),
        charged_back_cents=books.debit("chargeback", CLIENTS),
        chargebacks_won_cents=books.debit("chargeback", STRIPE),
        chargebacks_lost_cents=books.change("chargeback", LOSSES),
        written_off_cents=-books.change("written-off", CLIENTS),
        fees_cents=books.change("", BANK_FEES),
        gains_cents=books.change("", SUBCONTRACTING),
        margin_cents=-books.change("", SALES, ALLOWANCES, SUBCONTRACTING, BANK_FEES),
        clients=books.roll(1, CLIENTS),
        vat_pending=books.roll(-1, VAT_PENDING),
        vat_due=books.roll(-1, VAT_DUE),
        technicians=books.roll(-1, ACCRUED, PAYABLE),
        stripe=books.roll(1, STRIPE),
    )


@dataclass(frozen=True)
class Figures:
    """What was billed, collected and sent back to clients, cents, all told as `MonthClose` tells it."""

    billed_cents: int = 0
    collected_cents: int = 0
    refunded_cents: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.billed_cents + other.billed_cents,
            self.collected_cents + other.collected_cents,
            self.refunded_cents + other.refunded_cents,
        )


def figures(movements: Sequence[Movement]) -> Figures:
    """Of what moved on the clients' account in one day, or any other time."""
    books = _Books(movements)
    return Figures(
        books.change("invoice", CLIENTS), -books.change("paid", CLIENTS), books.change("refund", CLIENTS)
    )


class _Books:
    def __init__(self, movements: Sequence[Movement]) -> None:
        self._movements = movements

    def _of(self, kind: str, accounts: tuple[str, ...]) -> list[Movement]:
        """Those of a kind, or of those whose name goes on from it (`refund`, `refund-failed`)."""
        return [
            one
            for one in self._movements
            if one.account in accounts and (not kind or one.kind == kind or one.kind.startswith(f"{kind}-"))
        ]

    def change(self, kind: str, *accounts: str) -> int:
        return sum(one.change_cents for one in self._of(kind, accounts))

    def debit(self, kind: str, *accounts: str) -> int:
        return sum(one.debit_cents for one in self._of(kind, accounts))

    def roll(self, sign: int, *accounts: str) -> Roll:
        changes: dict[str, int] = {}
        for one in sorted(self._of("", accounts), key=lambda one: one.kind):
            changes[one.kind] = changes.get(one.kind, 0) + sign * one.change_cents
        return Roll(
            opening_cents=sign * sum(one.before_cents for one in self._of("", accounts)),
            changes={kind: cents for kind, cents in changes.items() if cents},
        )


# The days since its issue that an unpaid invoice is counted under: the retries of its card end on the 7th.
AGES = (7, 30, 90)


@dataclass(frozen=True)
class Unpaid:
    """Invoices that are not settled, of one age: from more than `over_days` up to `up_to_days` (None without
    an end) since their issue."""

    over_days: int | None
    up_to_days: int | None
    invoices: int
    cents: int


@dataclass(frozen=True)
class OpenInvoice:
    """What is left of an invoice, positive while the client owes it, negative while we do."""

    issued_at: datetime
    left_cents: int


def by_age(invoices: Sequence[OpenInvoice], until: datetime) -> list[Unpaid]:
    """Those that clients owe, the youngest first; every age is there."""
    bounds = zip((None, *AGES), (*AGES, None), strict=True)
    owed = [one for one in invoices if one.left_cents > 0]
    return [_of_age(owed, until, over, up_to) for over, up_to in bounds]


def _of_age(owed: Sequence[OpenInvoice], until: datetime, over: int | None, up_to: int | None) -> Unpaid:
    mine = [
        one
        for one in owed
        if (over is None or until - one.issued_at > timedelta(days=over))
        and (up_to is None or until - one.issued_at <= timedelta(days=up_to))
    ]
    return Unpaid(over, up_to, len(mine), sum(one.left_cents for one in mine))
