"""What the journal of accesses says, and something of each kind to read."""

from typing import Any

import httpx

from tests.api.frontend import Frontend
from tests.api.rows import a_gain, a_ticket, an_invoice
from tests.api.test_reading_money import a_statement
from tests.api.test_who_sees_images import Illustrated
from tests.support.people import a_person

Line = tuple[str, str, str | None, str | None]


def entries(api: Frontend) -> list[Line]:
    """Who, what, of what and which part of it, oldest first."""
    rows = api.database.rows("SELECT person_id::text, kind, subject, part FROM accesses ORDER BY id")
    return [(who, kind, subject, part) for who, kind, subject, part in rows]


async def look(api: Frontend, who: str, **query: Any) -> httpx.Response:
    return await api.http.get("/v1/accesses", params=query, headers=api.signed_in(who))


class Told:
    """A suspended ticket with images and an invoice, its gain on a statement, and the two who may look."""

    def __init__(self, api: Frontend) -> None:
        self.api = api
        self.team, self.finance = (a_person(api.database, role) for role in ("back_office", "finance"))
        self.file = Illustrated(api)

    async def fill(self) -> None:
        await self.file.fill()
        database, at = self.api.database, self.api.clock()
        closed = a_ticket(database, self.client, self.technician, status="closed")
        an_invoice(database, closed, self.client, "F2026-000123", at)
        gain = a_gain(database, closed, self.technician, at)
        a_statement(database, self.technician, [gain], "failed", cents=1600)
        self.closed = closed
        [(self.statement,)] = database.rows("SELECT number FROM statements")

    @property
    def client(self) -> str:
        return self.file.client

    @property
    def technician(self) -> str:
        return self.file.technician
