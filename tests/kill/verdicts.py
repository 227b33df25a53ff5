"""After which event of a ticket's history its worker is killed."""

from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from tests.kill.executioner import ANSWERS

BEGUN, DONE, TASK = "begun", "done", "task"


@dataclass(frozen=True)
class Point:
    """A moment, and the type of an event that has come since the worker's last answer, or else any."""

    moment: str
    event: str | None = None

    def reached(self, moment: str, events: Sequence[HistoryEvent]) -> int | None:
        """The number of that event, the last one of its type."""
        if moment != self.moment:
            return None
        if self.event is None:
            return events[-1].event_id
        wanted = EventType.Value(f"EVENT_TYPE_{self.event}")
        last_answer = max((one.event_id for one in events if one.event_type in ANSWERS), default=0)
        return max(
            (one.event_id for one in events if one.event_id >= last_answer and one.event_type == wanted),
            default=None,
        )


class AtPoints:
    """Each point once, whenever it first comes."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.left = list(points)

    def concerns(self, moment: str) -> bool:
        return any(point.moment == moment for point in self.left)

    def event(self, moment: str, events: list[HistoryEvent]) -> int | None:
        for point in self.left:
            after = point.reached(moment, events)
            if after is not None:
                self.left.remove(point)
                return after
        return None


class EveryNth:
    """After the events `first`, `first + stride`, …, at the first moment that may be one: when a step begins
    or when it is done, and when it is thought about what comes next."""

    def __init__(self, first: int, stride: int, steps: str) -> None:
        self.next = first
        self._stride = stride
        self._steps = steps

    def concerns(self, moment: str) -> bool:
        return moment == TASK or moment.endswith(self._steps)

    def event(self, _moment: str, events: list[HistoryEvent]) -> int | None:
        if len(events) < self.next:
            return None
        after, self.next = self.next, self.next + self._stride
        return after


class Never:
    def concerns(self, _moment: str) -> bool:
        return False

    def event(self, _moment: str, _events: list[HistoryEvent]) -> int | None:
        return None
