"""One whole stack, watched, on which demonstrations are played; and the table of an undisturbed one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import main as demo
from deploy.settings import read_stack_settings
from deploy.stack import Stack, running_stack
from tests.kill.points import Point, Points
from tests.kill.settling import settled
from tests.kill.table import Table, added, read_table


@dataclass(frozen=True)
class Demonstration:
    """How one ended: its status, what it wrote, what it added to the stores, and whether nothing is left
    under way."""

    status: int
    result: dict[str, Any]
    settled: bool
    table: Table


async def play(stack: Stack, *points: Point) -> Demonstration:
    """Play the demonstration, with these points armed."""
    before, written = read_table(stack), stack.var / "demo.json"
    written.unlink(missing_ok=True)
    armed = Points(stack.var)
    armed.arm(*points)
    try:
        status = await demo.run(stack, written)
    finally:
        armed.disarm()
    done = await settled(stack)
    return Demonstration(status, json.loads(written.read_text()), done, added(read_table(stack), before))


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    var: Path = tmp_path_factory.mktemp("kill")
    watched = {name: (f"tests.kill.{module}", str(var)) for name, module in MODULES.items()}
    given = read_stack_settings({})
    with running_stack(var, any_ports=True, durable=False, given=given, modules=watched) as running:
        yield running


MODULES = {"worker": "worker", "api": "server"}


@pytest.fixture(scope="package")
async def undisturbed(stack: Stack) -> Demonstration:
    """Cards are saved by the first demonstration, so that one has played before."""
    return await play(stack)
