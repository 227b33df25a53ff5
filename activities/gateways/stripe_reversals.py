"""Transfers at Stripe that are taken back: what was, and taking one back."""

import stripe

from activities.gateways.payments import ReversalRefused
from activities.gateways.stripe_client import LONGEST_PAGE, StripeConnection, breakdowns
from domain.reversals import Reversal, SentTransfer


async def transfers_of(connection: StripeConnection, payout: str) -> list[SentTransfer]:
    with breakdowns():
        newest = await connection.v1.transfers.list_async({"transfer_group": payout, "limit": LONGEST_PAGE})
        found = [
            SentTransfer(one.id, one.amount, await _reversals_of(connection, one))
            async for one in newest.auto_paging_iter()
        ]
    return found[::-1]


async def _reversals_of(connection: StripeConnection, transfer: stripe.Transfer) -> tuple[Reversal, ...]:
    """The transfer itself shows the ten latest only."""
    if transfer.amount_reversed == 0:
        return ()
    newest = await connection.v1.transfers.reversals.list_async(transfer.id, {"limit": LONGEST_PAGE})
    found = [Reversal(one.id, one.amount) async for one in newest.auto_paging_iter()]
    return tuple(found[::-1])


async def take_back(
    connection: StripeConnection, transfer: str, payout: str, key: str
) -> ReversalRefused | None:
    with breakdowns():
        if await _is_taken_back(connection, transfer):
            return None
        try:
            # Without an amount it is all that is left, so that the same key always asks for the same.
            await connection.v1.transfers.reversals.create_async(
                transfer, {"metadata": {"payout": payout}}, {"idempotency_key": key}
            )
        except (stripe.InvalidRequestError, stripe.PermissionError) as error:
            # Somebody else may have taken it back meanwhile.
            if await _is_taken_back(connection, transfer):
                return None
            return ReversalRefused(error.code or "reversal_refused")
    return None


async def _is_taken_back(connection: StripeConnection, transfer: str) -> bool:
    return (await connection.v1.transfers.retrieve_async(transfer)).reversed
