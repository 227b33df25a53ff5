"""The real payment adapter, through the real SDK and real HTTP, to one Stripe sandbox: each test has its own
client, invoice and technician there, named by its number. And a desk, from which mails go out."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
import pytest_asyncio

from activities.gateways.stripe_payments import StripePayments
from tests.activities.desk import Desk, a_desk
from tests.support.outside import outside
from tests.support.postgres import Database
from tests.support.stripe_sandbox import API_KEY, running_stripe

TESTS = count(1)


@dataclass(frozen=True)
class Stripe:
    """The sandbox as one test looks at it, beside the adapter."""

    url: str
    test: int

    @property
    def client(self) -> str:
        return f"client-{self.test}"

    @property
    def technician(self) -> str:
        return f"technician-{self.test}"

    @property
    def invoice(self) -> str:
        return f"F2026-{self.test:06d}"

    @property
    def payout(self) -> str:
        return f"payout:2026-10:{self.technician}:1"

    def get(self, path: str, **parameters: Any) -> Any:
        return self._answer(outside.get(f"{self.url}{path}", params=parameters, headers=self._headers))

    def switch(self, **switches: float) -> None:
        """`lose_answers`, `idempotency_lifetime_seconds`, `settlement_delay_seconds`…"""
        self._answer(outside.post(f"{self.url}/_sandbox/settings", json=switches, headers=self._headers))

    def attach(self, card: str, customer: str) -> str:
        """What the hosted page leads to: the id of the saved card."""
        return str(self.post(f"/v1/payment_methods/{card}/attach", customer=customer)["id"])

    def post(self, path: str, **parameters: str) -> Any:
        return self._answer(outside.post(f"{self.url}{path}", data=parameters, headers=self._headers))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {API_KEY}"}

    @staticmethod
    def _answer(answer: httpx.Response) -> Any:
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="package")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_stripe(tmp_path_factory.mktemp("stripe")) as sandbox:
        yield sandbox.url


@pytest.fixture
def stripe(sandbox_url: str) -> Iterator[Stripe]:
    looking = Stripe(sandbox_url, next(TESTS))
    yield looking
    looking.switch(lose_answers=0, idempotency_lifetime_seconds=86_400)


@pytest.fixture
async def payments(stripe: Stripe) -> AsyncIterator[StripePayments]:
    adapter = StripePayments(API_KEY, stripe.url)
    yield adapter
    await adapter.close()


@pytest_asyncio.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    async with a_desk(database) as opened:
        yield opened
