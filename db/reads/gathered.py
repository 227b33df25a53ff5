"""Rows of many tables in one statement, for a page that shows a little of each: Postgres answers them as
JSON, of which they are made again. One round trip costs more than that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, DateTime, Enum, LargeBinary, Time, func, inspect, select
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, Range, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

Row = TypeVar("Row", bound=DeclarativeBase)


@dataclass(frozen=True)
class Wanted:
    """The rows of `model` for which `where` is true, in that order, without the columns `without`."""

    model: type[DeclarativeBase]
    where: ColumnElement[bool]
    order: tuple[Any, ...]
    without: frozenset[str] = frozenset()

    def columns(self) -> list[Any]:
        return [
            one
            for one in inspect(self.model).column_attrs
            if not one.deferred and one.key not in self.without
        ]


@dataclass(frozen=True)
class Found:
    """The rows of each model, as objects that no session knows: they are for reading."""

    _rows: dict[type[DeclarativeBase], list[Any]]

    def of(self, model: type[Row]) -> list[Row]:
        return self._rows[model]

    def last(self, model: type[Row]) -> Row | None:
        return next(reversed(self.of(model)), None)


async def gather(session: AsyncSession, *wanted: Wanted) -> Found:
    """One model once. What is deferred is left out."""
    row = (await session.execute(select(*(_as_json(one) for one in wanted)))).one()
    return Found(
        {
            one.model: [_made(one, values) for values in found or ()]
            for one, found in zip(wanted, row, strict=True)
        }
    )


def _as_json(wanted: Wanted) -> Any:
    values = func.jsonb_build_array(*(getattr(wanted.model, one.key) for one in wanted.columns()))
    ordered = aggregate_order_by(values, *wanted.order)
    return select(func.jsonb_agg(ordered, type_=JSONB)).where(wanted.where).scalar_subquery()


def _made(wanted: Wanted, values: list[Any]) -> Any:
    return wanted.model(
        **{
            one.key: None if value is None else _reader(one.columns[0].type)(value)
            for one, value in zip(wanted.columns(), values, strict=True)
        }
    )


def _reader(kind: Any) -> Callable[[Any], Any]:
    """From JSON to what the column holds; text, numbers, truth and JSON are what they are."""
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Time):
        return time.fromisoformat
    if isinstance(kind, TSTZRANGE):
        return _bounded_range
    if isinstance(kind, LargeBinary):
        raise TypeError(f"a {kind} is not read from JSON")
    return _as_it_is


def _bounded_range(text: str) -> Range[datetime]:
    """Of instants, with two ends, the second not within, as all of ours are:
    `["2026-11-24 09:00:00+01","2026-11-25 00:00:00+01")`."""
    lower, upper = text[1:-1].replace('"', "").split(",")
    return Range(datetime.fromisoformat(lower), datetime.fromisoformat(upper), bounds="[)")


def _as_it_is(value: Any) -> Any:
    return value
