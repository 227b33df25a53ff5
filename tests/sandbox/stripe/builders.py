"""What most tests begin with: a customer, a saved card, a technician's account, money in the balance."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
import stripe

from tests.sandbox.stripe.running import submit, visit

T = TypeVar("T")

IBAN = "FR1420041010050500013M02606"
PAGE = "https://shop.test/retour"


async def a_customer(client: stripe.StripeClient) -> str:
    customer = await client.v1.customers.create_async({"email": "claire@exemple.fr"})
    return customer.id


async def a_saved_card(client: stripe.StripeClient, customer: str, card: str = "pm_card_visa") -> str:
    method = await client.v1.payment_methods.attach_async(card, {"customer": customer})
    return method.id


async def an_intent(client: stripe.StripeClient, customer: str, amount: int = 4500) -> str:
    intent = await client.v1.payment_intents.create_async(
        {"amount": amount, "currency": "eur", "customer": customer}
    )
    return intent.id


async def a_payment(
    client: stripe.StripeClient, amount: int = 4500, card: str = "pm_card_visa"
) -> stripe.PaymentIntent:
    customer = await a_customer(client)
    method = await a_saved_card(client, customer, card)
    return await client.v1.payment_intents.create_async(
        {
            "amount": amount,
            "currency": "eur",
            "customer": customer,
            "payment_method": method,
            "off_session": True,
            "confirm": True,
        }
    )


async def balance_of(client: stripe.StripeClient) -> tuple[int, int]:
    """(available, pending) in cents."""
    balance = await client.v1.balance.retrieve_async()
    return balance.available[0].amount, balance.pending[0].amount


async def until(read: Callable[[], Awaitable[T]], done: Callable[[T], bool], seconds: float = 10) -> T:
    """What is read once it is as awaited: banks answer in their own time."""
    deadline = time.monotonic() + seconds
    while not done(value := await read()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not happen in time; last: {value}")
        await asyncio.sleep(0.02)
    return value


def account_parameters(**changes: Any) -> Any:
    complete = {
        "type": "custom",
        "country": "FR",
        "business_type": "individual",
        "individual": {"first_name": "Théo", "last_name": "Martin"},
        "capabilities": {"transfers": {"requested": True}},
        "tos_acceptance": {"date": 1_700_000_000, "ip": "192.0.2.1"},
        "external_account": {
            "object": "bank_account",
            "country": "FR",
            "currency": "eur",
            "account_number": IBAN,
        },
    }
    return {name: value for name, value in (complete | changes).items() if value is not None}


async def an_account(client: stripe.StripeClient) -> str:
    account = await client.v1.accounts.create_async(account_parameters())
    return account.id


def complete_account(url: str, **typed: str) -> str:
    """Follows the link and sends in what is typed besides a bank account and the terms. Answers where the
    page leads then."""
    form = {"iban": IBAN, "terms": "accepted", "act": "send"} | typed
    answer = submit(url, data={"visit": visit_of(visit(url))} | form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def visit_of(shown: httpx.Response) -> str:
    """What the form of a page carries to show that its link was followed."""
    found = re.search(r'name="visit" value="(\w+)"', shown.text)
    assert found is not None
    return found[1]


async def a_card_page(client: stripe.StripeClient, customer: str | None = None) -> stripe.checkout.Session:
    return await client.v1.checkout.sessions.create_async(
        {
            "mode": "setup",
            "currency": "eur",
            "customer": customer or await a_customer(client),
            "success_url": PAGE + "?session={CHECKOUT_SESSION_ID}",
        }
    )


def typed(number: str) -> dict[str, str]:
    return {"card_number": number, "expiry": "12/40", "cvc": "123"}


async def event_types(client: stripe.StripeClient) -> list[str]:
    """Oldest first."""
    events = await client.v1.events.list_async({"limit": 100})
    return [event.type for event in reversed(events.data)]


def error_of(error: stripe.StripeError) -> dict[str, Any]:
    """The body of a refusal, without what varies."""
    body = error.json_body
    assert isinstance(body, dict)
    kept = {"type", "code", "param", "decline_code"}
    return {name: value for name, value in body["error"].items() if name in kept}
