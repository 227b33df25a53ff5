"""A month's close as finance reads it."""

from typing import Any

from pydantic import ConfigDict

from api.shapes.common import Labelled, Moment, Shape
from db.reads.month_close import ClosedMonth
from domain.chart_of_accounts import kind_label
from domain.money import Price
from domain.month_close import Roll


class Split(Shape):
    ht_cents: int
    vat_cents: int
    ttc_cents: int


class Change(Shape):
    """`kind` is the kind of posting that made it."""

    kind: Labelled
    cents: int


class AccountRoll(Shape):
    """closing = opening + the changes."""

    opening_cents: int
    changes: list[Change]
    closing_cents: int


class UnpaidByAge(Shape):
    """Invoices issued more than `over_days` and at most `up_to_days` before."""

    over_days: int | None
    up_to_days: int | None
    invoices: int
    cents: int


class HeldGains(Shape):
    gains: int
    cents: int


class SuspendedTickets(Shape):
    """`would_bring_ttc_cents` is what their reports would bill; `without_report` have none."""

    tickets: int
    without_report: int
    would_bring_ttc_cents: int


ROLL_EXAMPLE: dict[str, Any] = {
    "opening_cents": 0,
    "changes": [
        {"kind": {"code": "invoice", "label": "Facture"}, "cents": 3000},
        {"kind": {"code": "paid", "label": "Encaissement"}, "cents": -3000},
    ],
    "closing_cents": 0,
}
SPLIT_EXAMPLE: dict[str, Any] = {"ht_cents": 2500, "vat_cents": 500, "ttc_cents": 3000}


class MonthCloseView(Shape):
    """Cents; each figure is a sum of the ledger, or of rows at the month's end. Provisional until it is over.

    `clients`, `vat_pending`, `vat_due`, `technicians` and `stripe` are accounts from the month's beginning to
    its end (411, 44574, 44571, 4081 with 401, 5112), positive for what we are owed, owe, owe, owe and have.
    The unpaid invoices, less `owed_to_clients_cents`, with `unattributed_cents`, come to what clients owe.
    `margin_cents` is billed less credited, gains and fees, all without VAT.
    """

    month: str
    until: Moment
    provisional: bool
    billed: Split
    credited: Split
    collected_cents: int
    refunded_cents: int
    charged_back_cents: int
    chargebacks_won_cents: int
    chargebacks_lost_cents: int
    written_off_cents: int
    fees_cents: int
    gains_cents: int
    margin_cents: int
    clients: AccountRoll
    vat_pending: AccountRoll
    vat_due: AccountRoll
    technicians: AccountRoll
    stripe: AccountRoll
    unpaid: list[UnpaidByAge]
    owed_to_clients_cents: int
    unattributed_cents: int
    held: HeldGains
    suspended: SuspendedTickets

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "until": "2026-12-01T00:00:00+01:00",
                    "provisional": False,
                    "billed": SPLIT_EXAMPLE,
                    "credited": {"ht_cents": 0, "vat_cents": 0, "ttc_cents": 0},
                    "collected_cents": 3000,
                    "refunded_cents": 0,
                    "charged_back_cents": 0,
                    "chargebacks_won_cents": 0,
                    "chargebacks_lost_cents": 0,
                    "written_off_cents": 0,
                    "fees_cents": 70,
                    "gains_cents": 1600,
                    "margin_cents": 830,
                    "clients": ROLL_EXAMPLE,
                    "vat_pending": ROLL_EXAMPLE,
                    "vat_due": ROLL_EXAMPLE,
                    "technicians": ROLL_EXAMPLE,
                    "stripe": ROLL_EXAMPLE,
                    "unpaid": [{"over_days": None, "up_to_days": 7, "invoices": 0, "cents": 0}],
                    "owed_to_clients_cents": 0,
                    "unattributed_cents": 0,
                    "held": {"gains": 0, "cents": 0},
                    "suspended": {"tickets": 1, "without_report": 0, "would_bring_ttc_cents": 1500},
                }
            ]
        }
    )


def month_close_view(month: ClosedMonth) -> MonthCloseView:
    close, left = month.close, month.receivables
    return MonthCloseView(
        month=str(close.month),
        until=close.until,
        provisional=close.provisional,
        billed=_split(close.billed),
        credited=_split(close.credited),
        collected_cents=close.collected_cents,
        refunded_cents=close.refunded_cents,
        charged_back_cents=close.charged_back_cents,
        chargebacks_won_cents=close.chargebacks_won_cents,
        chargebacks_lost_cents=close.chargebacks_lost_cents,
        written_off_cents=close.written_off_cents,
        fees_cents=close.fees_cents,
        gains_cents=close.gains_cents,
        margin_cents=close.margin_cents,
        clients=_roll(close.clients),
        vat_pending=_roll(close.vat_pending),
        vat_due=_roll(close.vat_due),
        technicians=_roll(close.technicians),
        stripe=_roll(close.stripe),
        unpaid=[
            UnpaidByAge(
                over_days=one.over_days, up_to_days=one.up_to_days, invoices=one.invoices, cents=one.cents
            )
            for one in left.unpaid
        ],
        owed_to_clients_cents=left.owed_to_clients_cents,
        unattributed_cents=left.unattributed_cents,
        held=HeldGains(gains=month.held.gains, cents=month.held.cents),
        suspended=SuspendedTickets(
            tickets=month.suspended.tickets,
            without_report=month.suspended.without_report,
            would_bring_ttc_cents=month.suspended.would_bring_ttc_cents,
        ),
    )


def _split(price: Price) -> Split:
    return Split(ht_cents=price.ht_cents, vat_cents=price.vat_cents, ttc_cents=price.ttc_cents)


def _roll(roll: Roll) -> AccountRoll:
    return AccountRoll(
        opening_cents=roll.opening_cents,
        changes=[
            Change(kind=Labelled(code=kind, label=kind_label(kind)), cents=cents)
            for kind, cents in roll.changes.items()
        ],
        closing_cents=roll.closing_cents,
    )
