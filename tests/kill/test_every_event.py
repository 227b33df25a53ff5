"""The worker is killed after an event of a long ticket's history, and another one goes on: in the end nobody
can tell from what the ticket has left behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.gateways.stripe_payments import StripePayments
from tests.kill.executioner import Kill, Verdict, gated
from tests.kill.gated_worker import Place
from tests.kill.verdicts import BEGUN, DONE, AtPoints, EveryNth, Never, Point
from tests.support.long_ticket import Answered, play
from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Cluster, Database
from tests.support.stripe_sandbox import API_KEY, StripeSandbox, running_stripe
from tests.support.temporal import replay_history_of, running_environment
from tests.support.ticket_table import Table, read_table
from tests.support.tickets import PlayedTicket, a_ticket

# How Temporal learns that a worker has died while it thought about what comes next; its least.
TASK_TIMEOUT = timedelta(seconds=1)
# What was being done when a worker died is tried again within seconds.
PACE = timedelta(seconds=5)
ACT_SECONDS, TIMES_ASKED = 20, 3

TELLING = (
    Point("task", "WORKFLOW_EXECUTION_STARTED"),
    Point("suspend done", "WORKFLOW_EXECUTION_UPDATE_ACCEPTED"),
    Point("accept done"),
    Point("charge_invoice done"),
    Point("check_payment done"),
)
# In the long search: each ticket is disturbed after every so many events, beginning with another one.
STRIDE = 12
AT_A_TIME = 3


@dataclass(frozen=True)
class Played:
    table: Table
    answers: list[tuple[str, object]]
    kills: list[Kill]
    last_length: int


@dataclass(frozen=True)
class Stage:
    cluster: Cluster
    environment: WorkflowEnvironment
    stripe: StripeSandbox

    async def play(self, number: int, verdict: Verdict) -> Played:
        """A long ticket with a worker, a database and people of its own. `number` must differ each time: all
        share one Temporal and one Stripe, which know a ticket for ever."""
        with self.cluster.new_database() as database, TemporaryDirectory(prefix="omea-kill-") as directory:
            return await self._play(Path(directory), database, number, verdict)

    async def _play(self, directory: Path, database: Database, number: int, verdict: Verdict) -> Played:
        database.rows("SELECT setval('ticket_sequence', %s)", number)
        for year in (2026, 2027):
            database.execute("INSERT INTO invoice_counters VALUES (%s, %s)", year, number)
        config = self.environment.client.service_client.config
        place = Place(
            address=config.target_host,
            namespace=self.environment.client.namespace,
            task_queue=f"killed-{number}",
            database_url=database.url("omea_worker"),
            stripe_url=self.stripe.url,
            gate=directory / "gate",
            mailbox=directory / "mailbox",
            # Who is never killed need not be asked.
            remembering=isinstance(verdict, Never),
        )
        client = a_client(database)
        await self._save_card(database, client)
        technician = a_technician(database, "internet", name="Thomas Leroy")
        other = a_technician(database, "internet", name="Nadia Benali")
        ticket = await a_ticket(
            self.environment,
            database,
            place.task_queue,
            client=client,
            technician=technician,
            back_office=a_person(database, "back_office", "Sophie Roux"),
            wait=False,
            task_timeout=TASK_TIMEOUT,
        )
        patient = Patient(ticket)
        async with gated(self.environment.client, ticket.handle.id, place, verdict) as executioner:
            await play(ticket, other, patient.through)
        await replay_history_of(ticket.handle)
        check_mails(database, place.mailbox.read_text().split())
        return Played(
            read_table(database, ticket.number),
            patient.answers,
            executioner.kills,
            executioner.last_length,
        )

    async def _save_card(self, database: Database, client: str) -> None:
        payments = StripePayments(API_KEY, self.stripe.url)
        try:
            customer = await payments.open_customer(client)
            method = await payments._stripe.payment_methods.attach_async(
                "pm_card_visa", {"customer": customer}
            )
        finally:
            await payments.close()
        database.execute(
            "INSERT INTO cards (client_id, customer_reference, card_reference, label, saved_at) "
            "VALUES (%s, %s, %s, 'visa 4242', now())",
            client,
            customer,
            method.id,
        )


@dataclass
class Patient:
    """People who ask again, under the same key, when nobody answered."""

    ticket: PlayedTicket
    answers: list[tuple[str, object]] = field(default_factory=list)

    async def through(
        self, step: str, act: Callable[[], Awaitable[Answered]], passing: timedelta = timedelta(0)
    ) -> Answered:
        answer = await self._ask(step, act)
        await self.ticket.settle_by(PACE)
        self.answers.append((step, answer))
        return answer

    async def _ask(self, step: str, act: Callable[[], Awaitable[Answered]]) -> Answered:
        for _ in range(TIMES_ASKED):
            with suppress(TimeoutError, RPCError, WorkflowUpdateRPCTimeoutOrCancelledError):
                return await asyncio.wait_for(act(), ACT_SECONDS)
        raise AssertionError(f"nobody answers {step}")


def check_mails(database: Database, arrived: list[str]) -> None:
    """What was recorded as sent has arrived; what is sent twice has the same name, by which it is known."""
    recorded = database.rows("SELECT message_id FROM notifications WHERE sent_at IS NOT NULL")
    assert set(arrived) == {identity for (identity,) in recorded}


@pytest.fixture(scope="module")
async def stage(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with running_environment() as environment:
        with running_stripe(tmp_path_factory.mktemp("stripe")) as stripe:
            yield Stage(cluster, environment, stripe)


@pytest.fixture(scope="module")
async def undisturbed(stage: Stage) -> Played:
    return await stage.play(1000, Never())


@pytest.mark.timeout(240)
async def test_the_worker_killed_after_telling_events_changes_nothing_in_the_end(
    stage: Stage, undisturbed: Played
) -> None:
    verdict = AtPoints(TELLING)
    played = await stage.play(2000, verdict)
    assert verdict.left == []
    assert_killed(played, len(TELLING))
    assert_same(played, undisturbed)


@pytest.mark.soak
@pytest.mark.timeout(3000)
async def test_the_worker_killed_after_every_single_event_changes_nothing_in_the_end(
    stage: Stage, undisturbed: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    places = asyncio.Semaphore(AT_A_TIME)

    async def disturbed(first: int) -> Played:
        async with places:
            steps = BEGUN if first % 2 else DONE
            return await stage.play(2000 + 100 * first, EveryNth(first, STRIDE, steps))

    everyone = await asyncio.gather(*(disturbed(first) for first in range(1, STRIDE + 1)))
    for first, played in enumerate(everyone, start=1):
        # After the last thing that the worker was about to say, it has nothing to say any more.
        expected = len(range(first, played.last_length + 1, STRIDE))
        assert_killed(played, expected)
        assert_same(played, undisturbed)
    kills = [kill for played in everyone for kill in played.kills]
    shortest = min(played.last_length for played in everyone)
    assert set(range(1, shortest + 1)) <= {kill.after for kill in kills}
    exact = sum(kill.is_exact for kill in kills)
    farthest = max(kill.length - kill.after for kill in kills)
    with capsys.disabled():
        print(  # noqa: T201  # the report that whoever runs this for minutes waits for
            f"\n{len(kills)} workers killed, after every event from 1 to {shortest}: {exact} had said "
            f"nothing after it, the others little; at most {farthest} events later"
        )


def assert_killed(played: Played, times: int) -> None:
    """That often, each time another process; where two steps end together one may have said a word more."""
    assert (len(played.kills), len({kill.pid for kill in played.kills})) == (times, times)
    late = [kill for kill in played.kills if not kill.is_exact]
    assert len(late) <= max(1, times // 10), late


def assert_same(played: Played, undisturbed: Played) -> None:
    assert played.answers == undisturbed.answers
    assert played.table == undisturbed.table
