"""`omea check` names what is not true and fails for it; `omea webhooks retry` ends a parking."""

import asyncio
import subprocess
import sys

import pytest

from deploy.settings import process_environment
from tests.control.conftest import Control
from tests.deploy.conftest import sandbox_environment as sandbox_environment  # a fixture
from tests.support.stripe_sandbox import API_KEY


@pytest.fixture
def surroundings(control: Control, sandbox_environment: dict[str, str]) -> dict[str, str]:
    client = control.office.environment.client
    return sandbox_environment | {
        "DATABASE_URL": control.office.database.url("omea_worker"),
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": client.namespace,
        "TASK_QUEUE": control.office.task_queue,
        "STRIPE_API_KEY": API_KEY,
        "STRIPE_API_BASE": control.office.stripe.url,
    }


async def omea(surroundings: dict[str, str], *arguments: str) -> tuple[int, list[str]]:
    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "deploy.cli", *arguments],
            env=process_environment() | surroundings,
            capture_output=True,
            text=True,
            check=False,
        )

    done = await asyncio.to_thread(run)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


async def test_a_paid_tickets_books_are_true_to_the_last_cent(
    control: Control, surroundings: dict[str, str]
) -> None:
    ticket = await control.office.a_ticket()
    await ticket.reach_review()
    await ticket.act("review", ticket.satisfied())
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"
    code, lines = await omea(surroundings, "check", "--at-rest")
    assert (code, [line for line in lines if not line.startswith("vrai  ")]) == (0, [])
    assert control.office.database.rows("SELECT kind, net_cents FROM provider_entries") == [("charge", 2930)]

    # Somebody at Stripe's dashboard sends a euro back.
    [(intent,)] = control.office.database.rows("SELECT intent FROM payments")
    await control.office.payments._stripe.refunds.create_async({"payment_intent": intent, "amount": 100})
    code, lines = await omea(surroundings, "check", "--at-rest")
    invoice = f"F{ticket.request.start.year}-000001"
    wrong = lines.index("FAUX  Le compte 5112 est la somme des mouvements chez Stripe")
    assert (code, lines[wrong + 1].replace("\N{NO-BREAK SPACE}", " ")) == (
        1,
        f"        référence : {invoice}, nature : remboursement, "
        "au grand livre : 0,00 €, chez Stripe : −1,00 €",
    )
    assert [line for line in lines if line.startswith("FAUX")] == [lines[wrong]]
    # It may be under way, for all we know.
    assert (await omea(surroundings, "check"))[0] == 0


async def test_what_is_parked_is_put_back_into_the_queue(
    control: Control, surroundings: dict[str, str]
) -> None:
    for event in ("evt_1", "evt_2"):
        control.office.database.execute(
            "INSERT INTO webhook_events (id, type, subject, state) VALUES (%s, 'new.kind', '{}', 'parked')",
            event,
        )

    def states() -> list[tuple[object, ...]]:
        return control.office.database.rows("SELECT state FROM webhook_events ORDER BY id")

    assert await omea(surroundings, "webhooks", "retry", "evt_9") == (1, ["annonces remises en file : 0"])
    assert await omea(surroundings, "webhooks", "retry", "evt_2") == (0, ["annonces remises en file : 1"])
    assert states() == [("parked",), ("pending",)]
    assert await omea(surroundings, "webhooks", "retry") == (0, ["annonces remises en file : 1"])
    assert states() == [("pending",), ("pending",)]
