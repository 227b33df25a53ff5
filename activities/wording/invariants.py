"""What the checks found, as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain import french
from domain.ids import format_ticket_number
from domain.invariants import COLUMNS, EXPLANATIONS, VALUES, Change, Invariant, Row


@dataclass(frozen=True)
class InvariantNews:
    """What is told of one invariant; `name` may be one of an earlier version's."""

    name: str
    change: Change
    total: int
    rows: tuple[Row, ...]

    @property
    def explanation(self) -> str:
        return explanation(self.name)

    @property
    def lines(self) -> list[str]:
        return lines(self.rows, self.total)


# One, and several.
COUNTED = {
    Change.BEGAN: ("anomalie nouvelle", "anomalies nouvelles"),
    Change.LASTS: ("anomalie qui dure", "anomalies qui durent"),
    Change.OVER: ("anomalie terminée", "anomalies terminées"),
}


def summary(news: Sequence[InvariantNews]) -> str:
    """`2 anomalies nouvelles, 1 anomalie terminée`."""
    counts = [(sum(one.change is change for one in news), *words) for change, words in COUNTED.items()]
    return ", ".join(
        f"{count}{french.NBSP}{one if count == 1 else several}" for count, one, several in counts if count
    )


def explanation(name: str) -> str:
    return EXPLANATIONS[Invariant(name)] if name in set(Invariant) else name


def lines(rows: tuple[Row, ...], total: int) -> list[str]:
    """One for each offending row, and one for those that are not shown."""
    shown = [
        ", ".join(f"{COLUMNS[column]} : {_value(column, row[column])}" for column in COLUMNS if column in row)
        for row in rows
    ]
    left = total - len(rows)
    return [*shown, *([f"et {left} autre{'s' if left > 1 else ''}"] if left else [])]


def _value(column: str, value: str | int) -> str:
    if column.endswith("_cents"):
        return french.euros(int(value))
    if column == "ticket":
        return format_ticket_number(str(value))
    return VALUES.get(str(value), str(value))
