"""Everything is stopped and started again on the same data: what waited goes on waiting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from temporalio.client import WorkflowExecutionStatus

from deploy.demo.frontend import Frontend
from deploy.demo.play import Player
from deploy.demo.scenes import read_scenes
from deploy.demo.traces.after import Secrets
from deploy.demo_tokens import tokens_of
from deploy.settings import Pace, read_stack_settings
from deploy.stack import Stack, running_stack
from deploy.temporal import connect
from deploy.wiring import deadlines_of
from domain.ids import ticket_workflow_id

SCENE = read_scenes()[0]


class Waiting(NamedTuple):
    """A ticket as its client sees it, and the workflow that keeps it."""

    view: dict[str, Any]
    run_id: str | None
    status: WorkflowExecutionStatus | None


@asynccontextmanager
async def a_day(var: Path) -> AsyncIterator[tuple[Stack, Player]]:
    """The stack, with the deadlines of production, from its start to its stop."""
    given = read_stack_settings({})
    with running_stack(var, pace=Pace.PRODUCTION, any_ports=True, given=given) as stack:
        settings = stack.settings()
        tokens = await tokens_of(settings, [SCENE.client, SCENE.technician])
        async with httpx.AsyncClient(base_url=stack.url("api"), timeout=15) as http:
            yield (
                stack,
                Player(
                    scene=SCENE,
                    client=Frontend(http, tokens[SCENE.client]),
                    technician=Frontend(http, tokens[SCENE.technician]),
                    key="night",
                    minute=deadlines_of(settings).minute,
                    tell=lambda line: None,
                    secrets=Secrets(),
                ),
            )


async def look(stack: Stack, player: Player, number: str) -> Waiting:
    handle = (await connect(stack.settings())).get_workflow_handle(ticket_workflow_id(number))
    description = await handle.describe()
    view = await player.client.get(f"/v1/tickets/{number}")
    return Waiting(view, description.run_id, description.status)


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_a_ticket_that_waited_yesterday_goes_on_waiting_today(tmp_path: Path) -> None:
    async with a_day(tmp_path) as (stack, player):
        await player._save_card()
        number = str((await player._ask_for_help())["number"])
        yesterday = await look(stack, player, number)
    async with a_day(tmp_path) as (stack, player):
        today = await look(stack, player, number)
        await player._act(player.technician, number, "acknowledge")
        acted = await look(stack, player, number)
    assert yesterday.view["status"]["code"] == "scheduled"
    assert yesterday.status is WorkflowExecutionStatus.RUNNING
    assert today == yesterday
    acknowledged = {name: acted.view[name] for name in ("acknowledged_at", "next")}
    assert acted == yesterday._replace(view=yesterday.view | acknowledged)
    assert acted.view["acknowledged_at"] is not None
    assert acted.view["next"] != yesterday.view["next"]
