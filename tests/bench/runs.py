"""A month's run with a real worker, server and provider: its rate, its memory, its histories."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from temporalio.client import Client

from activities.gateways.stripe_payments import StripePayments
from domain.payouts import PayoutRunRequest
from tests.bench.data import MONTH, SLICE_CENTS, fill
from tests.bench.worker import Place
from tests.payouts.conftest import DETAILS
from tests.support.postgres import Cluster, Database
from tests.support.stripe_sandbox import API_KEY, running_stripe
from tests.support.temporal import running_environment
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options

ACCOUNTS_AT_ONCE = 8
# A charge of a million euros is refused.
CHARGE_CENTS = 50_000_000


@dataclass(frozen=True)
class Ran:
    """`seconds` from the first transfer to the last. Memory is the worker's, in MiB, after the first tenth of
    the statements and at the end; events those of the run's histories and of the longest technician's."""

    technicians: int
    gains_each: int
    seconds: float
    asked_rate: float
    memory: tuple[float, float]
    run_events: tuple[int, ...]
    technician_events: int

    @property
    def rate(self) -> float:
        return (self.technicians - 1) / self.seconds

    def __str__(self) -> str:
        before, after = self.memory
        return (
            f"  {self.technicians:5} technicians: {self.seconds:6.1f} s, {self.rate:.2f} transfers a second "
            f"({self.rate / self.asked_rate:.0%} of the rate), worker {before:.0f} then {after:.0f} MiB, "
            f"events {'+'.join(map(str, self.run_events))}, at most {self.technician_events} a technician"
        )


async def measure(cluster: Cluster, technicians: int, gains_each: int, per_second: float) -> Ran:
    with (
        cluster.new_database() as database,
        tempfile.TemporaryDirectory(prefix="omea-bench-stripe-") as directory,
        running_stripe(Path(directory)) as stripe,
    ):
        fill(database, technicians, gains_each)
        await _prepare(database, stripe.url, technicians * gains_each * SLICE_CENTS)
        async with running_environment() as environment:
            client = environment.client
            place = Place(
                address=client.service_client.config.target_host,
                namespace=client.namespace,
                task_queue="bench",
                database_url=database.url("omea_worker"),
                stripe_url=stripe.url,
                per_second=per_second,
            )
            with _working(place) as worker:
                memory = await _run(client, database, worker, technicians)
            run_events = await _events_of_the_run(client)
            technician_events = await _events_of_a_technician(client)
        [(first, last)] = database.rows("SELECT min(paid_at), max(paid_at) FROM payouts")
    seconds = (last - first).total_seconds()
    return Ran(technicians, gains_each, seconds, per_second, memory, run_events, technician_events)


async def _prepare(database: Database, stripe_url: str, cents: int) -> None:
    """Accounts to pay into, and money to pay from."""
    payments = StripePayments(API_KEY, stripe_url)
    waiting = [technician for (technician,) in database.rows("SELECT id::text FROM technicians")]

    async def open_accounts() -> None:
        while waiting:
            technician = waiting.pop()
            reference = await payments.open_account(technician, DETAILS)
            database.execute(
                "UPDATE technicians SET account_reference = %s WHERE id = %s", reference, technician
            )

    await asyncio.gather(*(open_accounts() for _ in range(ACCOUNTS_AT_ONCE)))
    customer = await payments.open_customer("client")
    for n in range(2 * cents // CHARGE_CENTS + 1):
        intent = await payments.prepare_charge(
            invoice=f"F-{n}", ticket="00000000", amount_cents=CHARGE_CENTS, customer=customer, card=""
        )
        await payments.charge(intent=intent, invoice=f"F-{n}", attempt=1, card="pm_card_bypassPending")
    await payments.close()


@contextmanager
def _working(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    worker = subprocess.Popen([sys.executable, "-m", "tests.bench.worker", json.dumps(asdict(place))])
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(30)


async def _run(
    client: Client, database: Database, worker: subprocess.Popen[bytes], technicians: int
) -> tuple[float, float]:
    """The worker's memory once every part of it has worked for a while, and at the end."""
    request = PayoutRunRequest(month=MONTH, key="bench", actor_id="bench")
    handle = await client.start_workflow(
        PayoutRunWorkflow.run, request, task_queue="bench", **start_options(request)
    )
    ending = asyncio.create_task(handle.result())
    while _documented(database) < technicians // 10 and not ending.done():  # noqa: ASYNC110  # nobody tells
        await asyncio.sleep(0.2)
    early = _resident(worker.pid)
    result = await ending
    assert len(result.technicians) == technicians
    assert not [one for one in result.technicians if one.failure]
    return early, _resident(worker.pid)


def _documented(database: Database) -> int:
    [(count,)] = database.rows("SELECT count(*) FROM documents")
    return int(count)


def _resident(pid: int) -> float:
    """MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the worker is gone")


async def _events_of_the_run(client: Client) -> tuple[int, ...]:
    """Of each of its histories, the first one first."""
    query = f"WorkflowId = 'payouts/{MONTH}'"
    return tuple(reversed([one.history_length async for one in client.list_workflows(query)]))


async def _events_of_a_technician(client: Client) -> int:
    lengths = [one.history_length async for one in client.list_workflows("WorkflowType = 'TechnicianPayout'")]
    return max(lengths)
