"""Everything is stopped and started again on the same data: what waited goes on waiting."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from temporalio.client import WorkflowExecutionStatus

from deploy.demo.main import Open
from deploy.demo.play import Player
from deploy.demo.scenes import read_scenes
from deploy.settings import Pace, read_stack_settings
from deploy.stack import Stack, running_stack
from deploy.temporal import connect
from deploy.wiring import deadlines_of
from domain.ids import ticket_workflow_id


class Waiting(NamedTuple):
    """A ticket as its client sees it, and the workflow that keeps it."""

    view: dict[str, Any]
    run_id: str | None
    status: WorkflowExecutionStatus | None


async def look(stack: Stack, player: Player, number: str) -> Waiting:
    handle = (await connect(stack.settings("api"))).get_workflow_handle(ticket_workflow_id(number))
    description = await handle.describe()
    view = await player.client.get(f"/v1/tickets/{number}")
    return Waiting(view, description.run_id, description.status)


@pytest.mark.timeout(300)
async def test_a_ticket_that_waited_yesterday_goes_on_waiting_today(tmp_path: Path) -> None:
    [scene, *_] = read_scenes()
    seen: list[Waiting] = []
    number = ""
    for day in ("yesterday", "today"):
        given = read_stack_settings({})
        with running_stack(tmp_path, pace=Pace.PRODUCTION, any_ports=True, given=given) as stack:
            async with Open() as opened:
                stage = await opened.stage(stack)
                player = Player(
                    scene=scene,
                    client=stage.people[scene.client],
                    technician=stage.people[scene.technician],
                    key=day,
                    minute=deadlines_of(stack.settings()).minute,
                    tell=lambda line: None,
                )
                if day == "yesterday":
                    await player._save_card()
                    number = str((await player._ask_for_help())["number"])
                seen.append(await look(stack, player, number))
                if day == "today":
                    await player._act(player.technician, number, "acknowledge")
                    seen.append(await look(stack, player, number))
    yesterday, today, acted = seen
    assert (yesterday.view["status"]["code"], yesterday.status) == (
        "scheduled",
        WorkflowExecutionStatus.RUNNING,
    )
    assert today == yesterday
    acknowledged = {"acknowledged_at": acted.view["acknowledged_at"], "actions": acted.view["actions"]}
    assert acted == yesterday._replace(view=yesterday.view | acknowledged)
    assert acted.view["acknowledged_at"] is not None
