"""Histories of every process as each release left them: today's code must go the same way.

A difference here is a change that running workflows would not survive: make it conditional with
`workflow.patched`, then record what is new with `make histories`. `workflows/CHANGING.md` is the rule.
"""

from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory

from deploy.wiring import WORKFLOWS
from tests.support.commits import NEEDS_HISTORY, changed_since, previous_commit
from tests.support.histories import HISTORIES, Recording, kept_histories, read_history
from tests.support.temporal import CONVERTER, replay


def test_there_are_histories_of_every_kind() -> None:
    kinds = {
        read_history(path).events[0].workflow_execution_started_event_attributes.workflow_type.name
        for path in kept_histories()
    }
    assert kinds == {workflow._Definition.must_from_class(one).name for one in WORKFLOWS}


def name_of(path: Path) -> str:
    return str(path.relative_to(HISTORIES)).removesuffix(".json.gz")


@pytest.mark.parametrize("path", kept_histories(), ids=name_of)
async def test_a_recorded_history_is_replayed_to_the_same_commands(path: Path) -> None:
    await replay(read_history(path))


@NEEDS_HISTORY
def test_no_history_is_ever_taken_out_or_written_over() -> None:
    """Each commit looks at the one before, so that none of all commits does it."""
    assert changed_since(previous_commit(), HISTORIES, "MD") == []


async def test_what_is_recorded_is_what_is_new_beside_what_there_is(tmp_path: Path) -> None:
    history, later = read_history(kept_histories()[0]), tmp_path / "later"

    async def recorded(*histories: WorkflowHistory, **more: Any) -> list[str]:
        recording = Recording(directory=later, test="a_test", **more)
        for one in histories:
            await recording.keep(one, CONVERTER)
        return sorted(path.name for path in kept_histories(later))

    assert await recorded(history) == []
    shorter = WorkflowHistory(history.workflow_id, history.events[:-1])
    assert await recorded(history, shorter, history, shorter, beside=later) == [
        "a_test-1.json.gz",
        "a_test-2.json.gz",
    ]
    first = (later / "a_test-1.json.gz").read_bytes()
    assert await recorded(history, beside=later) == ["a_test-1.json.gz", "a_test-2.json.gz"]
    assert (later / "a_test-1.json.gz").read_bytes() == first
