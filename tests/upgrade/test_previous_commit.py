"""The release itself: a worker of the commit before and one of this share the queue while a demonstration is
played, on tables that this commit has migrated."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from deploy import releases
from deploy.demo import main as demo
from deploy.demo.main import Open, Stage
from deploy.stack import Stack
from domain.ids import payout_run_workflow_id, ticket_workflow_id
from domain.opening_hours import paris_month
from tests.control.test_two_builds import builds_of
from tests.kill.table import rows
from tests.support.commits import NEEDS_HISTORY, check_out, previous_commit
from tests.upgrade.conftest import eventually, slow_stripe
from tests.upgrade.test_graceful_stop import a_player
from tests.upgrade.workers import a_worker

OLD, NEW = "before", "this"
WAIVED = {"kind": "waive", "reason": "Rien n’a été réparé.", "gains": [{"session": 1, "kind": "none"}]}


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The code of the newest commit before this one whose workers have a build."""
    return check_out(previous_commit(having="deploy/releases.py"), tmp_path)


def tickets(stack: Stack) -> dict[str, str]:
    """The status of each."""
    return dict(rows(stack, "SELECT number, status FROM tickets"))


async def a_run(stage: Stage, month: str, key: str) -> None:
    finance = (await stage.readers()).finance
    headers = {"Authorization": f"Bearer {finance.token}", "Idempotency-Key": key}
    answer = await finance.http.post(
        f"/v1/payouts/{month}/runs", headers=headers, json={"reason": "Fin du mois."}
    )
    assert answer.status_code == 202, answer.text


@pytest.mark.soak
@NEEDS_HISTORY
@pytest.mark.timeout(500)
async def test_every_ticket_finishes_and_a_payout_run_ends_with_the_worker_that_began_it(
    stack: Stack, client: Client, before: Path
) -> None:
    queue, month = stack.settings("worker").task_queue, paris_month(datetime.now(UTC))
    run = client.get_workflow_handle(payout_run_workflow_id(month))
    async with Open() as opened:
        stage = await opened.stage(stack)
        with a_worker(stack, OLD, code=before):
            await releases.make_current(client, queue, OLD)
            # A gain to pay.
            await a_player(stage, "before", lambda _: None).play()
            with a_worker(stack, NEW):
                async with slow_stripe(stage, 15):
                    await a_run(stage, month, "before")
                    await releases.make_current(client, queue, NEW)
                    assert (await run.describe()).status is WorkflowExecutionStatus.RUNNING
                    await run.result()
            assert await builds_of(run) == [OLD]
            assert set(rows(stack, "SELECT status FROM payouts")) == {("paid",)}

            # Back to the old one, for a demonstration that both play.
            await releases.make_current(client, queue, OLD)
            earlier = tickets(stack).keys()

            async def status_of_all() -> Counter[str]:
                now = await asyncio.to_thread(tickets, stack)
                return Counter(status for number, status in now.items() if number not in earlier)

            async def all_asked_for() -> bool:
                return (await status_of_all()).total() == 3

            async def one_in_session() -> bool:
                return (await status_of_all())["in_session"] > 0

            playing = asyncio.create_task(demo.run(stack))
            await eventually(all_asked_for)
            with a_worker(stack, NEW):
                await releases.ramp(client, queue, NEW, 50)
                await eventually(one_in_session)
                await releases.make_current(client, queue, NEW)
                assert await playing == 0
                [disputed] = [number for number, status in tickets(stack).items() if status == "suspended"]
                back_office = (await stage.readers()).back_office
                await back_office.post(f"/v1/tickets/{disputed}/ruling", "before-ruling", WAIVED)
                played = [
                    client.get_workflow_handle(ticket_workflow_id(number))
                    for number in tickets(stack).keys() - earlier
                ]
                await asyncio.gather(*(one.result() for one in played))
    assert await status_of_all() == Counter(closed=3)
    for one in played:
        builds = await builds_of(one)
        assert (builds[0], builds[-1]) == (OLD, NEW)
