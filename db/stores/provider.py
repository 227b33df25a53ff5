"""What was read at the provider: entries of our balance, each once, and how far the reading has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Payment
from db.models.provider import ProviderEntry, ProviderReading, Reading
from db.stores.money.ledger import post
from domain.provider_entries import own_postings


@dataclass(frozen=True)
class NewEntry:
    """As the provider says it. `subject` has the ids of what moved: `object`, and those that it names."""

    id: str
    kind: str
    amount_cents: int
    fee_cents: int
    net_cents: int
    subject: dict[str, str]
    created_at: datetime


async def last_reading(session: AsyncSession, reading: Reading) -> ProviderReading:
    return await session.get_one(ProviderReading, reading)


async def record_reading(
    session: AsyncSession,
    last: ProviderReading,
    newest_at: datetime | None,
    balance_cents: int | None = None,
) -> None:
    """All there was has been read, from where `last` had come. It never goes back: of two at once one may
    have read less, and the balance is that of the one which began from the other's end."""
    await session.execute(
        update(ProviderReading)
        .where(ProviderReading.reading == last.reading)
        .values(
            newest_at=func.greatest(ProviderReading.newest_at, newest_at),
            balance_cents=case(
                (ProviderReading.read_at == last.read_at, balance_cents), else_=ProviderReading.balance_cents
            ),
            read_at=func.now(),
        )
        .execution_options(synchronize_session=False)
    )


async def keep_entries(session: AsyncSession, entries: Sequence[NewEntry]) -> int:
    """Enter those that are new, and post those that only the provider knows of. Answers how many were new."""
    if not entries:
        return 0
    invoices = await _invoices_of(session, entries)
    payouts = await _payouts_of(session, entries)
    inserted = await session.scalars(
        insert(ProviderEntry)
        .values(
            [
                {
                    "id": entry.id,
                    "kind": entry.kind,
                    "amount_cents": entry.amount_cents,
                    "fee_cents": entry.fee_cents,
                    "net_cents": entry.net_cents,
                    "source": entry.subject.get("object"),
                    "invoice": entry.subject.get("invoice") or invoices.get(entry.subject.get("intent", "")),
                    "payout": entry.subject.get("payout") or payouts.get(entry.subject.get("transfer", "")),
                    "created_at": entry.created_at,
                }
                for entry in entries
            ]
        )
        .on_conflict_do_nothing()
        .returning(ProviderEntry.id)
    )
    new = set(inserted)
    for entry in entries:
        if entry.id in new:
            source = entry.subject.get("object")
            for posting in own_postings(entry.kind, entry.id, source, entry.amount_cents, entry.fee_cents):
                await post(session, posting, entry.created_at)
    return len(new)


async def _invoices_of(session: AsyncSession, entries: Sequence[NewEntry]) -> dict[str, str]:
    """By the intent: a dispute's entry names that, and none of what we wrote on the payment."""
    intents = {entry.subject["intent"] for entry in entries if "intent" in entry.subject}
    rows = await session.execute(select(Payment.intent, Payment.invoice).where(Payment.intent.in_(intents)))
    return {str(intent): invoice for intent, invoice in rows}


async def _payouts_of(session: AsyncSession, entries: Sequence[NewEntry]) -> dict[str, str]:
    """By the transfer, which the entry of a reversal names: the transfer's own entry, among these or an older
    one, has the payout's key. Ours may know of it later, or no longer."""
    transfers = {entry.subject["transfer"] for entry in entries if "transfer" in entry.subject}
    if not transfers:
        return {}
    rows = await session.execute(
        select(ProviderEntry.source, ProviderEntry.payout).where(
            ProviderEntry.source.in_(transfers), ProviderEntry.payout.is_not(None)
        )
    )
    found = {str(transfer): str(payout) for transfer, payout in rows}
    return found | {
        entry.subject["object"]: entry.subject["payout"]
        for entry in entries
        if "payout" in entry.subject and entry.subject.get("object") in transfers
    }
