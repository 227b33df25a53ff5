"""What a route shows or does of others, said on the route, and entered before its answer is given.

A reading is entered once the route has an answer, and before a byte of it leaves: where the entry cannot be
written, nothing is shown. A refused request leaves none. An act is entered by `remember`, in the transaction
that keeps its key, so that none is done without its entry.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Request

from api.dependencies import Given
from db.reads.people import KnownPerson
from db.stores.accesses import record_once
from domain.accesses import STAFF, Act, Entry, Reading
from domain.errors import Refused
from domain.ids import parse_ticket_number

LONGEST_ID = 80


@dataclass
class Declared:
    """`subject` and `part` are those that the path or the query names; a route may say what it has found."""

    kind: Reading | Act
    at: datetime
    subject: str | None = None
    part: str | None = None

    def entry(self, person: KnownPerson, request: str | None = None) -> Entry | None:
        """None for those whom the journal is not about."""
        if person.role not in STAFF:
            return None
        return Entry(self.at, person.id, person.role, self.kind, self.subject, self.part, request)


class Recorded:
    """The dependency by which a route declares its kind; read by the tests too."""

    def __init__(self, kind: Reading | Act, about: str | None, part: str | None) -> None:
        self.kind = kind
        self._about = about
        self._part = part

    async def __call__(self, request: Request, given: Given) -> AsyncIterator[Declared]:
        declared = Declared(
            self.kind, given.clock(), _named(request, self._about), _named(request, self._part)
        )
        request.state.declared = declared
        yield declared
        # Reached only by a request that has an answer.
        entry = declared.entry(request.state.person) if isinstance(self.kind, Reading) else None
        if entry is not None:
            async with given.sessions.begin() as session:
                await record_once(session, entry)


def recorded(kind: Reading | Act, about: str | None = None, part: str | None = None) -> Any:
    """`about` and `part` are the names of parameters, of the path or else of the query."""
    return Depends(Recorded(kind, about, part), scope="function")


def declared_act(request: Request) -> Declared | None:
    """What the route does, if it is an act."""
    declared: Declared | None = getattr(request.state, "declared", None)
    return declared if declared is not None and isinstance(declared.kind, Act) else None


def _named(request: Request, parameter: str | None) -> str | None:
    """An id in the one form in which it is kept, however it was spelled. It is not validated yet: it may be
    anything. What the path names, a query cannot rename."""
    if parameter is None:
        return None
    named: dict[str, str] = dict(request.query_params) | request.path_params
    text = named.get(parameter)
    if text is None:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        pass
    try:
        return parse_ticket_number(text)
    except Refused:
        # A year may be spelled with any number of zeros before it.
        return (text.lstrip("0") if text.isdecimal() else text)[:LONGEST_ID]
