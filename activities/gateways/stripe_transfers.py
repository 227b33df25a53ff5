"""What technicians are paid, and what is taken back of it; see `stripe_payments` for how keys are made."""

import stripe

from activities.gateways.payments import ReversalRefused, TransferRefused, TransferSent
from activities.gateways.stripe_client import LONGEST_PAGE, StripePart, breakdowns
from activities.gateways.stripe_reversals import take_back, transfers_of
from domain import ids
from domain.reversals import SentTransfer


class StripeTransfers(StripePart):
    """Transfers and their reversals."""

    async def transfer(
        self, *, payout: str, attempt: int, account: str, amount_cents: int
    ) -> TransferSent | TransferRefused:
        with breakdowns():
            if (known := await self._transfer_of(payout, amount_cents)) is not None:
                return known
            try:
                transfer = await self._stripe.transfers.create_async(
                    {
                        "amount": amount_cents,
                        "currency": "eur",
                        "destination": account,
                        "transfer_group": payout,
                        "metadata": {"payout": payout},
                    },
                    {"idempotency_key": f"{payout}:{attempt}"},
                )
            except (stripe.InvalidRequestError, stripe.PermissionError) as error:
                return TransferRefused(error.code or "transfer_refused")
            except stripe.IdempotencyError:
                # Sent with other words before, and not found above: for people to look into.
                return TransferRefused("idempotency_key_reused")
        return TransferSent(transfer.id)

    async def known_transfer(
        self, *, payout: str, amount_cents: int
    ) -> TransferSent | TransferRefused | None:
        with breakdowns():
            return await self._transfer_of(payout, amount_cents)

    async def _transfer_of(self, payout: str, amount_cents: int) -> TransferSent | TransferRefused | None:
        """The transfer that already pays this payout, to whichever account: a technician who has changed
        theirs since is not paid twice. One taken back pays nothing. One of another amount is for people."""
        known = await self._stripe.transfers.list_async({"transfer_group": payout, "limit": LONGEST_PAGE})
        standing = [transfer for transfer in known.data if not transfer.reversed]
        if any(transfer.amount != amount_cents for transfer in standing):
            return TransferRefused("transfer_of_another_amount")
        return TransferSent(standing[0].id) if standing else None

    async def transfers_of(self, payout: str) -> list[SentTransfer]:
        return await transfers_of(self.connection, payout)

    async def take_back(self, *, transfer: str, payout: str, attempt: int, n: int) -> ReversalRefused | None:
        return await take_back(self.connection, transfer, payout, ids.reversal_key(payout, attempt, n))
