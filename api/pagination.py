"""Cursors: the place after the last line of a page, in a form that callers hand back unread."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Query
from fastapi.exceptions import RequestValidationError

from domain.errors import Refused
from domain.ids import parse_ticket_number

LONGEST_PAGE = 100

Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many lines at most.")]
Cursor = Annotated[
    str | None, Query(max_length=200, description="The `next` of the page before; none for the first.")
]


def cursor_of(instant: datetime, number: str) -> str:
    return base64.urlsafe_b64encode(f"{instant.isoformat()} {number}".encode()).decode()


def place_of(
    cursor: str | None, parse: Callable[[str], str] = parse_ticket_number
) -> tuple[datetime, str] | None:
    """`parse` answers the number or id that comes after the instant, or raises `ValueError` or `Refused`.
    Raises the validation error of the `cursor` field when it is not one of ours."""
    if cursor is None:
        return None
    try:
        instant, _, number = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        place = datetime.fromisoformat(instant), parse(number)
    except (ValueError, binascii.Error, Refused):
        raise _not_a_cursor() from None
    if place[0].tzinfo is None:
        raise _not_a_cursor()
    return place


def _not_a_cursor() -> RequestValidationError:
    return RequestValidationError([{"type": "not_a_cursor", "loc": ("query", "cursor")}])
