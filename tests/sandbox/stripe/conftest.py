from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from tests.sandbox.stripe.receiver import Receiver, receiver_of_webhooks
from tests.sandbox.stripe.running import Running, sandbox_in_a_thread


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiver_of_webhooks() as receiving:
        yield receiving


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    with sandbox_in_a_thread(tmp_path / "stripe.sqlite") as running:
        yield running


@pytest.fixture
def client(sandbox: Running) -> stripe.StripeClient:
    return sandbox.client()
