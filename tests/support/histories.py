"""Histories that are kept for later versions to replay, for ever: a folder for each release that has any."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter

HISTORIES = Path(__file__).parents[1] / "histories"

# What a workflow asked for, and which fields its messages had.
Shape = tuple[tuple[str, ...], frozenset[str]]


def kept_histories(directory: Path = HISTORIES) -> list[Path]:
    return sorted(directory.rglob("*.json.gz"))


def read_history(path: Path) -> WorkflowHistory:
    kept = json.loads(gzip.decompress(path.read_bytes()))
    return WorkflowHistory.from_json(kept["id"], kept["history"])


@dataclass
class Recording:
    """Where `pytest --record-histories` keeps the histories that its tests have replayed: those that differ
    from all that are kept, in what is asked for or in what the messages are made of."""

    directory: Path | None = None
    beside: Path = HISTORIES
    test: str = ""
    _known: set[Shape] | None = field(default=None, repr=False)

    async def keep(self, history: WorkflowHistory, converter: DataConverter) -> None:
        if self.directory is None:
            return
        if self._known is None:
            kept = {*kept_histories(self.beside), *kept_histories(self.directory)}
            self._known = {await shape_of(read_history(path), converter) for path in kept}
        shape = await shape_of(history, converter)
        if shape in self._known:
            return
        self._known.add(shape)
        self.directory.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"id": history.workflow_id, "history": json.loads(history.to_json())})
        # Never over what is there.
        with self._free_name(self.directory).open("xb") as file:
            file.write(gzip.compress(text.encode(), mtime=0))

    def _free_name(self, directory: Path) -> Path:
        number = 1
        while (path := directory / f"{self.test}-{number}.json.gz").exists():
            number += 1
        return path


recording = Recording()


async def shape_of(history: WorkflowHistory, converter: DataConverter) -> Shape:
    sealed = [json_format.ParseDict(found, Payload()) for found in _payloads(history.to_json_dict())]
    fields: set[str] = set()
    for payload in await converter.payload_codec.decode(sealed) if converter.payload_codec else sealed:
        if payload.metadata.get("encoding") == b"json/plain":
            fields.update(_fields(json.loads(payload.data)))
    return tuple(commands_of(history)), frozenset(fields)


def _payloads(value: Any) -> Iterator[dict[str, Any]]:
    match value:
        case {"metadata": {"encoding": _}, **rest} if rest.keys() <= {"data"}:
            yield value
        case dict():
            for inner in value.values():
                yield from _payloads(inner)
        case list():
            for inner in value:
                yield from _payloads(inner)


def _fields(value: Any, where: str = "") -> Iterator[str]:
    """The names on the way to each value, without those values."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from _fields(inner, f"{where}.{name}")
        case list():
            for inner in value:
                yield from _fields(inner, f"{where}[]")
        case _:
            yield where


def commands_of(history: WorkflowHistory) -> list[str]:
    """What the workflow asked for, in order, in the words of the code: what a change of code may alter for
    tickets that are under way. Times and contents are left out, and so are the updates: when one is taken
    depends on when it is asked."""
    return [line for event in history.events if (line := _command(event)) is not None]


def _command(event: HistoryEvent) -> str | None:
    match event.event_type:
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            return f"start {event.workflow_execution_started_event_attributes.workflow_type.name}"
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            return f"activity {event.activity_task_scheduled_event_attributes.activity_type.name}"
        case EventType.EVENT_TYPE_TIMER_STARTED:
            return "timer"
        case EventType.EVENT_TYPE_TIMER_CANCELED:
            return "timer cancelled"
        case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
            fields = event.upsert_workflow_search_attributes_event_attributes.search_attributes
            return f"show {', '.join(sorted(fields.indexed_fields))}"
        case EventType.EVENT_TYPE_MARKER_RECORDED:
            return f"marker {event.marker_recorded_event_attributes.marker_name}"
        case EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
            child = event.start_child_workflow_execution_initiated_event_attributes
            return f"child {child.workflow_type.name}"
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
            return "complete"
        case _:
            return None
