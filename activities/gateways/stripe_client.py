"""The connection to Stripe that its adapters share."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import stripe
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from stripe._base_address import BaseAddresses

from activities.gateways.payments import PaymentsBroken

TIMEOUT_SECONDS = 20
# Of a list; Stripe gives no more at once.
LONGEST_PAGE = 100
WORD = re.compile(r"[a-z_]+")


@contextmanager
def breakdowns() -> Iterator[None]:
    """Let no type of Stripe's out, nor its messages: they quote what was sent, people's details included."""
    try:
        yield
    except stripe.StripeError as error:
        raise PaymentsBroken(
            f"{type(error).__name__} status={error.http_status} code={error.code} request={error.request_id}"
        ) from None


class _SeenRequests(stripe.HTTPXClient):
    """Each request is a span. By its kind: the number of a card page, which is in its address, opens it."""

    async def request_async(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: Any = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        name = f"Stripe {method.upper()} {_kind_of(url)}"
        with trace.get_tracer(__name__).start_as_current_span(name, kind=SpanKind.CLIENT) as span:
            body, status, told = await super().request_async(method, url, headers, post_data)
            span.set_attribute("http.response.status_code", status)
            span.set_attribute("stripe.request_id", told.get("request-id", ""))
            if status >= 500:
                span.set_status(StatusCode.ERROR)
            return body, status, told


def _kind_of(url: str) -> str:
    """Its path without anybody's number: words of small letters are Stripe's own."""
    _, version, *parts = urlsplit(url).path.split("/")
    return "/".join(["", version, *(part if WORD.fullmatch(part) else "{id}" for part in parts)])


class StripeConnection:
    """`api_base` is another server that speaks as Stripe does; None is Stripe itself. Retries belong to
    Temporal: none here."""

    def __init__(self, api_key: str, api_base: str | None = None) -> None:
        self._http = _SeenRequests(timeout=TIMEOUT_SECONDS)
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
