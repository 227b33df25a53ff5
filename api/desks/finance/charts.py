"""Charts as they are drawn: where each bar is, from a baseline of zero, and what stands on the axes.

Lengths are in units of the drawing, which is as wide as its place on the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.french import NARROW_NBSP, NBSP

WIDTH, HEIGHT = 480, 250
LEFT, RIGHT, TOP, BOTTOM = 78, 6, 12, 30
# Of a group's place, what its bars take.
FILLED = 0.8
MOST_TICKS = 5
MOST_NAMED = 12
ROWS_WIDTH, ROW, ROW_TOP, ROW_BAR = 360, 54, 26, 16


@dataclass(frozen=True)
class Bar:
    """`series` counts from 0."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True)
class Mark:
    """A word on an axis, and where along it."""

    at: float
    label: str


@dataclass(frozen=True)
class Columns:
    """Upright bars in groups, from left to right. `zero` is where the baseline is."""

    bars: Sequence[Bar]
    ticks: Sequence[Mark]
    names: Sequence[Mark]
    zero: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - 8


@dataclass(frozen=True)
class Row:
    """A lying bar under its own name and figure."""

    label: str
    said: str
    bar: Bar
    at: int


@dataclass(frozen=True)
class Rows:
    rows: Sequence[Row]
    zero: float
    width: int
    height: int


def columns(groups: Sequence[tuple[str, Sequence[int]]], named: Sequence[int] | None = None) -> Columns:
    """`groups` are names with the cents of each series; `named` the places of those named on the axis."""
    values = [cents for _, series in groups for cents in series]
    low, high, step = scale(values)

    def y(cents: float) -> float:
        return round(TOP + (high - cents) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    place = (WIDTH - LEFT - RIGHT) / max(1, len(groups))
    bars = []
    for number, (_, series) in enumerate(groups):
        width = place * FILLED / len(series)
        for order, cents in enumerate(series):
            x = LEFT + place * (number + (1 - FILLED) / 2) + order * width
            bars.append(
                Bar(
                    round(x, 1),
                    y(max(cents, 0)),
                    round(width, 1),
                    round(abs(y(cents) - y(0)), 1),
                    order,
                )
            )
    shown = range(len(groups)) if named is None else named
    return Columns(
        bars=bars,
        ticks=[Mark(y(cents), whole_euros(cents)) for cents in range(low, high + 1, step)],
        names=[Mark(round(LEFT + place * (number + 0.5), 1), groups[number][0]) for number in shown],
        zero=y(0),
    )


def rows(figures: Sequence[tuple[str, str, int]]) -> Rows:
    """Of each: its name, its figure in words, its cents."""
    low = min(0, *(cents for *_, cents in figures))
    high = max(0, *(cents for *_, cents in figures))
    length = (high - low) or 1

    def x(cents: int) -> float:
        return round((cents - low) / length * ROWS_WIDTH, 1)

    return Rows(
        rows=[
            Row(
                label,
                said,
                Bar(
                    x(min(cents, 0)), ROW * number + ROW_TOP, round(abs(x(cents) - x(0)), 1), ROW_BAR, number
                ),
                ROW * number + 17,
            )
            for number, (label, said, cents) in enumerate(figures)
        ],
        zero=x(0),
        width=ROWS_WIDTH,
        height=ROW * len(figures),
    )


def scale(values: Sequence[int]) -> tuple[int, int, int]:
    """From where to where an axis goes, zero included, and its step; cents, whole euros."""
    low, high = min([0, *values]), max([0, *values])
    wanted = max(100, (high - low) / (MOST_TICKS - 1))
    power = 100
    while power * 10 <= wanted:
        power *= 10
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= wanted)
    return low // step * step, max(step, -(-high // step) * step), step


def whole_euros(cents: int) -> str:
    """`1 500 €`."""
    grouped = f"{abs(cents) // 100:,}".replace(",", NARROW_NBSP)
    return f"{'−' if cents < 0 else ''}{grouped}{NBSP}€"
