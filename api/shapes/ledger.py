"""The ledger's balances, as finance reads them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ConfigDict

from api.shapes.common import Moment, Shape
from db.reads.ledger import AccountMoves
from domain.chart_of_accounts import account_of

LINE_EXAMPLE: dict[str, Any] = {
    "account": "411",
    "label": "Clients",
    "auxiliary": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11",
    "opening_cents": 0,
    "debit_cents": 3000,
    "credit_cents": 3000,
    "balance_cents": 0,
}


class TrialBalanceLine(Shape):
    """`auxiliary` is the id of the client or technician whose sub-account it is, null for an account without.
    `opening_cents` and `balance_cents` are debit positive; debit and credit are of the period alone, and
    balance = opening + debit − credit."""

    account: str
    label: str
    auxiliary: str | None
    opening_cents: int
    debit_cents: int
    credit_cents: int
    balance_cents: int


class PeriodBalance(Shape):
    """Debit and credit of all accounts come to the same, and the balances to 0, or something is wrong."""

    start: Moment | None
    until: Moment
    lines: list[TrialBalanceLine]
    debit_cents: int
    credit_cents: int
    balance_cents: int

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "start": "2026-11-01T00:00:00+01:00",
                    "until": "2026-12-01T00:00:00+01:00",
                    "lines": [
                        LINE_EXAMPLE,
                        LINE_EXAMPLE
                        | {
                            "account": "5112",
                            "label": "Valeurs à l’encaissement - Stripe",
                            "auxiliary": None,
                            "credit_cents": 0,
                            "balance_cents": 3000,
                        },
                        LINE_EXAMPLE
                        | {
                            "account": "706",
                            "label": "Prestations de services",
                            "auxiliary": None,
                            "debit_cents": 0,
                            "balance_cents": -3000,
                        },
                    ],
                    "debit_cents": 6000,
                    "credit_cents": 6000,
                    "balance_cents": 0,
                }
            ]
        }
    )


def period_balance(moves: Sequence[AccountMoves], start: datetime | None, until: datetime) -> PeriodBalance:
    return PeriodBalance(
        start=start,
        until=until,
        lines=[_line(one) for one in moves],
        debit_cents=sum(one.debit_cents for one in moves),
        credit_cents=sum(one.credit_cents for one in moves),
        balance_cents=sum(one.balance_cents for one in moves),
    )


def _line(moves: AccountMoves) -> TrialBalanceLine:
    account = account_of(moves.account)
    return TrialBalanceLine(
        account=account.number,
        label=account.label,
        auxiliary=account.auxiliary,
        opening_cents=moves.opening_cents,
        debit_cents=moves.debit_cents,
        credit_cents=moves.credit_cents,
        balance_cents=moves.balance_cents,
    )
