"""The accounts at a terminal: what finance reads over HTTP, as text."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import BinaryIO

from sqlalchemy.ext.asyncio import AsyncSession

from db.askers import COMMAND_LINE, asked_sessions
from db.engine import create_engine
from db.reads.ledger import moves_between
from db.reads.ledger_entries import fec_of_year
from db.reads.month_close import ClosedMonth, closed_month
from deploy.amounts import euros
from deploy.settings import Settings
from domain.chart_of_accounts import account_of, kind_label
from domain.errors import Refusal, Refused
from domain.month_close import Roll
from domain.opening_hours import PARIS
from domain.payouts import Month, parse_month

WIDTH = 14
NAME_WIDTH = 50


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[AsyncSession]:
    engine = create_engine(settings.database_url.get_secret_value(), pool_size=1)
    try:
        async with asked_sessions(engine, COMMAND_LINE)() as session:
            yield session
    finally:
        await engine.dispose()


async def write_journal(settings: Settings, year: int, output: BinaryIO) -> None:
    """The year's file, byte for byte what the API answers. Raises `Refused(FUTURE_YEAR)`."""
    if datetime.now(UTC) < Month(year, 1).start:
        raise Refused(Refusal.FUTURE_YEAR)
    async with reading(settings) as session:
        async for part in fec_of_year(session, year):
            output.write(part)
    output.flush()


async def trial_balance(settings: Settings) -> list[str]:
    async with reading(settings) as session:
        moves = await moves_between(session, None, datetime.now(UTC))
    rows = [(account_of(move.account), move) for move in moves]
    lines = [f"{'compte':<{NAME_WIDTH}}{'débit':>{WIDTH}}{'crédit':>{WIDTH}}{'solde':>{WIDTH}}"]
    for account, move in rows:
        name = f"{account.number:<7}{account.auxiliary or account.label}"
        amounts = (move.debit_cents, move.credit_cents, move.balance_cents)
        lines.append(
            f"{name[: NAME_WIDTH - 1]:<{NAME_WIDTH}}"
            + "".join(f"{euros(cents):>{WIDTH}}" for cents in amounts)
        )
    debit, credit = (sum(move.debit_cents for move in moves), sum(move.credit_cents for move in moves))
    amounts = (debit, credit, debit - credit)
    lines.append(f"{'total':<{NAME_WIDTH}}" + "".join(f"{euros(cents):>{WIDTH}}" for cents in amounts))
    return lines


async def month_close(settings: Settings, month: str) -> list[str]:
    """Raises `Refused(INVALID_MONTH)` or `Refused(FUTURE_MONTH)`."""
    wanted = parse_month(month)
    async with reading(settings) as session:
        return _month(await closed_month(session, wanted, datetime.now(UTC)))


def _month(month: ClosedMonth) -> list[str]:
    close, left = month.close, month.receivables
    until = close.until.astimezone(PARIS)
    state = f"provisoire, au {until:%d/%m/%Y %H:%M}" if close.provisional else "clos"
    lines = [f"mois {close.month} ({state})", ""]
    for label, price in (("facturé", close.billed), ("avoirs", close.credited)):
        lines.append(
            f"{label:<34}{euros(price.ttc_cents):>{WIDTH}} TTC = {euros(price.ht_cents)} HT "
            f"+ {euros(price.vat_cents)} de TVA"
        )
    for label, cents in (
        ("encaissé", close.collected_cents),
        ("remboursé", close.refunded_cents),
        ("contesté auprès des banques", close.charged_back_cents),
        ("  gagné", close.chargebacks_won_cents),
        ("  perdu", close.chargebacks_lost_cents),
        ("passé en perte", close.written_off_cents),
        ("frais bancaires", close.fees_cents),
        ("gains des techniciens", close.gains_cents),
        ("marge (ventes - gains - frais), HT", close.margin_cents),
    ):
        lines.append(f"{label:<34}{euros(cents):>{WIDTH}}")
    for label, roll in (
        ("clients (411)", close.clients),
        ("TVA en attente (44574)", close.vat_pending),
        ("TVA due (44571)", close.vat_due),
        ("dû aux techniciens (4081 et 401)", close.technicians),
        ("chez Stripe (5112)", close.stripe),
    ):
        lines += ["", *_roll(label, roll)]
    lines += ["", "factures impayées"]
    lines += [
        f"  {_age(one.over_days, one.up_to_days):<32}{euros(one.cents):>{WIDTH}}  ({one.invoices})"
        for one in left.unpaid
    ]
    for label, cents in (
        ("  à rendre à des clients", left.owed_to_clients_cents),
        ("  sans facture nommée", left.unattributed_cents),
    ):
        lines.append(f"{label:<34}{euros(cents):>{WIDTH}}")
    held, suspended = month.held, month.suspended
    return [
        *lines,
        "",
        f"{'gains retenus':<34}{euros(held.cents):>{WIDTH}}  ({held.gains})",
        f"{'demandes suspendues, au plus':<34}{euros(suspended.would_bring_ttc_cents):>{WIDTH}}  "
        f"({suspended.tickets}, dont {suspended.without_report} sans compte rendu)",
    ]


def _roll(label: str, roll: Roll) -> list[str]:
    rows = [
        ("au début", roll.opening_cents),
        *((kind_label(kind).lower(), cents) for kind, cents in roll.changes.items()),
        ("à la fin", roll.closing_cents),
    ]
    return [label, *(f"  {name:<32}{euros(cents):>{WIDTH}}" for name, cents in rows)]


def _age(over: int | None, up_to: int | None) -> str:
    if over is None:
        return f"jusqu'à {up_to} jours"
    return f"de {over + 1} à {up_to} jours" if up_to is not None else f"plus de {over} jours"
