"""Stripe, behind our port. Its SDK is known by the `stripe_…` files of this folder and by nothing else.

Idempotency: Stripe answers a repeated key with its first answer, refusals included, for at least a day.
So every key is made of business ids, a new attempt has a new key, and what may be older than a day (an
outage, a stopped worker) is read from Stripe before it is sent again.

Retries belong to Temporal: none here. Nothing is marked as not worth a retry either. A request that Stripe
does not understand, or a revoked key, is a fault of ours that a release or a new setting mends while the
step waits; giving up would end a ticket over it. Only a transfer says no for good to anything that Stripe
has examined and refused: no money moved, finance reads the code, and a rerun is the next attempt.
"""

from activities.gateways.stripe_charges import StripeCharges
from activities.gateways.stripe_client import StripeConnection
from activities.gateways.stripe_connected_accounts import StripeConnectedAccounts
from activities.gateways.stripe_readings import StripeReadings
from activities.gateways.stripe_transfers import StripeTransfers


class StripePayments(StripeCharges, StripeTransfers, StripeConnectedAccounts, StripeReadings):
    """`api_base` is another server that speaks as Stripe does; None is Stripe itself."""

    def __init__(self, api_key: str, api_base: str | None = None) -> None:
        super().__init__(StripeConnection(api_key, api_base))

    async def close(self) -> None:
        await self.connection.close()
