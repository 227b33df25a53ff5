"""The worker is killed around the mail that tells a technician of a gain, and another one goes on: it is told
once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.api.rows import a_gain, a_ticket
from tests.kill.executioner import gated
from tests.kill.gated_worker import Place
from tests.kill.verdicts import AtPoints, Point
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database
from tests.support.temporal import replay_history_of, running_environment
from workflows.control.earnings import EarningsToldWorkflow

TASK_TIMEOUT = timedelta(seconds=1)
AROUND = tuple(
    Point(moment) for moment in ("earnings_to_tell done", "tell_of_earnings begun", "tell_of_earnings done")
)
IN_BETWEEN = (Point("mail accepted"),)


@pytest.fixture(scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with running_environment() as running:
        yield running


@pytest.mark.parametrize(
    ("points", "times"), [(AROUND, 1), (IN_BETWEEN, 2)], ids=["around", "its yes not recorded"]
)
async def test_a_gain_is_told_once_though_the_worker_dies(
    environment: WorkflowEnvironment, database: Database, points: tuple[Point, ...], times: int
) -> None:
    """Killed between the mail server's yes and our record, it goes out again under the same name, by which
    it is known."""
    client, technician = a_client(database), a_technician(database)
    earned = datetime.now(UTC) - timedelta(hours=1)
    gain = a_gain(
        database, a_ticket(database, client, technician, status="closed", start=earned), technician, earned
    )
    verdict, queue = AtPoints(points), f"earnings-{times}"
    with TemporaryDirectory(prefix="omea-kill-") as directory:
        place = Place(
            address=environment.client.service_client.config.target_host,
            namespace=environment.client.namespace,
            task_queue=queue,
            database_url=database.url("omea_worker"),
            stripe_url="http://localhost",
            gate=Path(directory) / "gate",
            mailbox=Path(directory) / "mailbox",
            remembering=False,
        )
        found = []
        async with gated(environment.client, queue, place, verdict) as executioner:
            # The same morning, and the next one.
            for _ in range(2):
                handle = await environment.client.start_workflow(
                    EarningsToldWorkflow.run, id=queue, task_queue=queue, task_timeout=TASK_TIMEOUT
                )
                await environment.fast_forward(handle)
                found.append(await handle.result())
                await replay_history_of(handle)
        mails = place.mailbox.read_text().split()
    assert (verdict.left, len({kill.pid for kill in executioner.kills})) == ([], len(points))
    assert found == [1, 0]
    [(told, message)] = database.rows(
        "SELECT key, message_id FROM notifications WHERE kind = 'gain_earned' AND sent_at IS NOT NULL"
    )
    assert told == f"gain_earned:{technician}:{gain}"
    assert mails == [message] * times
    assert database.rows("SELECT count(*) FROM notifications") == [(1,)]
