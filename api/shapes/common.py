"""What all answers share: times with their offset, values with their French label, people by name."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from domain.opening_hours import PARIS


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


def in_paris(instant: datetime) -> str:
    """ISO 8601 with the offset of that day in France: what people there read on their clocks."""
    return instant.astimezone(PARIS).isoformat()


Moment = Annotated[
    datetime,
    PlainSerializer(in_paris, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-24T10:00:00+01:00"]}),
]


class Labelled(Shape):
    """A stable code, and what people read."""

    code: str
    label: str


class Named(Shape):
    id: str
    name: str
