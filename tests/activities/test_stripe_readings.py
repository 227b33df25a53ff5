"""Reading on at Stripe: all pages, oldest first, reduced to ids. Where the sandbox lacks something, a server
answers as Stripe's documentation says that it does."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from activities.gateways.payments import PaymentsBroken, ProviderEntry
from activities.gateways.stripe_payments import StripePayments
from tests.activities.conftest import Stripe

MADE = 1_790_000_000
AT = datetime.fromtimestamp(MADE, UTC)


@contextmanager
def answering(*pages: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A server that answers with these, one after the other, and the queries that it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(pages[len(asked)]).encode()
            asked.append(parse_qs(urlsplit(self.path).query))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def a_page(*entries: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {
        "object": "list",
        "url": "/v1/balance_transactions",
        "has_more": more,
        "data": list(entries),
    }


def an_entry(
    name: str, kind: str, amount: int, source: Any, fee: int = 0, category: str | None = None
) -> dict[str, Any]:
    return {
        "id": name,
        "object": "balance_transaction",
        "type": kind,
        "reporting_category": category or kind,
        "amount": amount,
        "fee": fee,
        "net": amount - fee,
        "currency": "eur",
        "created": MADE,
        "source": source,
    }


async def test_what_the_provider_does_by_itself_keeps_its_reference_and_nothing_else() -> None:
    bank = {"id": "po_1", "object": "payout", "metadata": {}, "destination": "ba_1", "arrival_date": MADE}
    dispute = {"id": "du_1", "object": "dispute", "charge": "ch_1", "payment_intent": "pi_1", "metadata": {}}
    reversal = {"id": "trr_1", "object": "transfer_reversal", "transfer": "tr_1", "metadata": {}}
    pages = (
        a_page(
            an_entry("txn_4", "stripe_fee", -200, None), an_entry("txn_3", "payout", -500, bank), more=True
        ),
        a_page(
            an_entry("txn_2", "adjustment", -3000, dispute, 1500, "dispute"),
            an_entry("txn_1", "transfer_refund", 800, reversal),
        ),
    )
    with answering(*pages) as (url, asked):
        payments = StripePayments("sk_test_readings", url)
        found = await payments.entries_since(AT - timedelta(days=1))
        await payments.close()
    assert found == [
        ProviderEntry("txn_1", "transfer_refund", 800, 0, 800, {"object": "trr_1", "transfer": "tr_1"}, AT),
        ProviderEntry(
            "txn_2",
            "dispute",
            -3000,
            1500,
            -4500,
            {"object": "du_1", "intent": "pi_1", "charge": "ch_1"},
            AT,
        ),
        ProviderEntry("txn_3", "payout", -500, 0, -500, {"object": "po_1"}, AT),
        ProviderEntry("txn_4", "stripe_fee", -200, 0, -200, {}, AT),
    ]
    assert asked[0] == {
        "currency": ["eur"],
        "expand[0]": ["data.source"],
        "limit": ["100"],
        "created[gte]": [str(MADE - 86_400)],
    }
    assert asked[1]["starting_after"] == ["txn_3"]


async def test_every_page_is_read_and_the_oldest_comes_first(
    payments: StripePayments, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.gateways.stripe_readings.LONGEST_PAGE", 2)
    began = datetime.now(UTC) - timedelta(seconds=5)
    customer = await payments.open_customer(stripe.client)
    invoices = [f"{stripe.invoice}-{n}" for n in range(5)]
    for invoice in invoices:
        intent = await payments.prepare_charge(
            invoice=invoice, ticket="00000017", amount_cents=3000, customer=customer, card=""
        )
        await payments.charge(intent=intent, invoice=invoice, attempt=1, card="pm_card_visa")
    entries = await payments.entries_since(began)
    assert [one.subject.get("invoice") for one in entries][-5:] == invoices
    assert [(one.kind, one.amount_cents, one.fee_cents, one.net_cents) for one in entries[-5:]] == [
        ("charge", 3000, 70, 2930)
    ] * 5
    events = await payments.events_since(began, ["payment_intent.succeeded", "transfer.created"])
    assert [one.event.subject.get("invoice") for one in events][-5:] == invoices
    assert {one.event.type for one in events[-5:]} == {"payment_intent.succeeded"}
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert await payments.events_since(later, ["payment_intent.succeeded"]) == []
    assert await payments.entries_since(later) == []


async def test_the_balance_is_the_sum_of_its_entries_whether_available_or_not(
    payments: StripePayments, stripe: Stripe
) -> None:
    customer = await payments.open_customer(stripe.client)
    stripe.switch(settlement_delay_seconds=3600)
    intent = await payments.prepare_charge(
        invoice=stripe.invoice, ticket="00000017", amount_cents=3000, customer=customer, card=""
    )
    await payments.charge(intent=intent, invoice=stripe.invoice, attempt=1, card="pm_card_visa")
    stripe.switch(settlement_delay_seconds=0)
    entries = await payments.entries_since(None)
    assert await payments.balance_cents() == sum(one.net_cents for one in entries)


async def test_a_provider_that_is_away_is_a_breakdown() -> None:
    payments = StripePayments("sk_test_readings", "http://127.0.0.1:9")
    for asking in (payments.balance_cents(), payments.entries_since(None), payments.events_since(AT, ["x"])):
        with pytest.raises(PaymentsBroken):
            await asking
    await payments.close()


async def test_the_intent_of_an_invoice_is_the_first_one_that_names_it() -> None:
    def an_intent(name: str, **metadata: str) -> dict[str, Any]:
        return {"id": name, "object": "payment_intent", "metadata": metadata}

    newest = a_page(an_intent("pi_4", invoice="F2026-000002"), an_intent("pi_3"), more=True)
    oldest = a_page(
        an_intent("pi_2", invoice="F2026-000001", ticket="48291573"),
        an_intent("pi_1", invoice="F2026-000002"),
    )
    with answering(*(page | {"url": "/v1/payment_intents"} for page in (newest, oldest))) as (url, asked):
        payments = StripePayments("sk_test_readings", url)
        found = await payments.intents_since(AT)
        await payments.close()
    assert found == {"F2026-000001": "pi_2", "F2026-000002": "pi_1"}
    assert asked == [
        {"created[gte]": [str(MADE)], "limit": ["100"]},
        {"created[gte]": [str(MADE)], "limit": ["100"], "starting_after": ["pi_3"]},
    ]
