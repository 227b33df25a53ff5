"""What Stripe tells of itself: its events, the entries of our balance, and the balance."""

from collections.abc import Sequence
from datetime import UTC, datetime

from stripe.params import BalanceTransactionListParams

from activities.gateways.payments import DatedEvent, ProviderEntry
from activities.gateways.stripe_client import LONGEST_PAGE, StripePart, breakdowns
from activities.gateways.stripe_ids import entry_of, event_of, ids_of


class StripeReadings(StripePart):
    """All of a kind since a moment, the oldest first."""

    async def events_since(self, since: datetime, kinds: Sequence[str]) -> list[DatedEvent]:
        with breakdowns():
            newest = await self._stripe.events.list_async(
                {"created": {"gte": int(since.timestamp())}, "types": list(kinds), "limit": LONGEST_PAGE}
            )
            found = [
                DatedEvent(event_of(event.to_dict()), datetime.fromtimestamp(event.created, UTC))
                async for event in newest.auto_paging_iter()
            ]
        return found[::-1]

    async def intents_since(self, since: datetime) -> dict[str, str]:
        with breakdowns():
            newest = await self._stripe.payment_intents.list_async(
                {"created": {"gte": int(since.timestamp())}, "limit": LONGEST_PAGE}
            )
            found = [intent async for intent in newest.auto_paging_iter()]
        named = ((ids_of(intent.to_dict()).get("invoice"), intent.id) for intent in found)
        # The oldest wins: one invoice has one intent, and another one would be a mistake of somebody's.
        return {invoice: intent for invoice, intent in named if invoice is not None}

    async def entries_since(self, since: datetime | None) -> list[ProviderEntry]:
        parameters: BalanceTransactionListParams = {
            "currency": "eur",
            "expand": ["data.source"],
            "limit": LONGEST_PAGE,
        }
        if since is not None:
            parameters["created"] = {"gte": int(since.timestamp())}
        with breakdowns():
            newest = await self._stripe.balance_transactions.list_async(parameters)
            found = [entry_of(one.to_dict()) async for one in newest.auto_paging_iter()]
        return found[::-1]

    async def balance_cents(self) -> int:
        with breakdowns():
            balance = await self._stripe.balance.retrieve_async()
        available = sum(part.amount for part in balance.available if part.currency == "eur")
        return available + sum(part.amount for part in balance.pending if part.currency == "eur")
