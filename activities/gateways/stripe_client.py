"""The connection to Stripe that its adapters share."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe
from stripe._base_address import BaseAddresses

from activities.gateways.payments import PaymentsBroken

TIMEOUT_SECONDS = 20
# Of a list; Stripe gives no more at once.
LONGEST_PAGE = 100


@contextmanager
def breakdowns() -> Iterator[None]:
    """Let no type of Stripe's out, nor its messages: they quote what was sent, people's details included."""
    try:
        yield
    except stripe.StripeError as error:
        raise PaymentsBroken(
            f"{type(error).__name__} status={error.http_status} code={error.code} request={error.request_id}"
        ) from None


class StripeConnection:
    """`api_base` is another server that speaks as Stripe does; None is Stripe itself. Retries belong to
    Temporal: none here."""

    def __init__(self, api_key: str, api_base: str | None = None) -> None:
        self._http = stripe.HTTPXClient(timeout=TIMEOUT_SECONDS)
        self.v1 = stripe.StripeClient(
            api_key,
            base_addresses=_addresses(api_base) if api_base else None,
            max_network_retries=0,
            http_client=self._http,
        ).v1

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]


class StripePart:
    """A part of what is asked of Stripe, over a connection that all parts share."""

    def __init__(self, connection: StripeConnection) -> None:
        self.connection = connection
        self._stripe = connection.v1


def _addresses(base: str) -> BaseAddresses:
    """All of them: one left out would send a sandbox's requests to Stripe."""
    return {"api": base, "connect": base, "files": base, "meter_events": base}
