"""Histories of every process as earlier code left them: today's code must go the same way.

A difference here is a change that running workflows would not survive: make it conditional with
`workflow.patched`, then record what is new with `make histories`. From the first release on nothing is taken
out of the folder.
"""

from pathlib import Path

import pytest
from temporalio import workflow

from deploy.wiring import WORKFLOWS
from tests.support.temporal import read_history, replay

HISTORIES = sorted((Path(__file__).parents[1] / "histories").glob("*.json.gz"))


def test_there_are_histories_of_every_kind() -> None:
    kinds = {
        read_history(path).events[0].workflow_execution_started_event_attributes.workflow_type.name
        for path in HISTORIES
    }
    assert kinds == {workflow._Definition.must_from_class(one).name for one in WORKFLOWS}


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.name.removesuffix(".json.gz"))
async def test_a_recorded_history_is_replayed_to_the_same_commands(path: Path) -> None:
    await replay(read_history(path))
