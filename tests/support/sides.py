"""A client and a technician, and again another two: who of them, and of the team, sees which row."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

from domain.ids import ticket_number
from tests.support.postgres import Database
from tests.support.pristine import Connection

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CLIENT, TECHNICIAN, BACK_OFFICE, FINANCE, LINK = "client", "technician", "back_office", "finance", "link"
TEAM = (BACK_OFFICE, FINANCE)

Row = tuple[str, str]
"""A table, and where in it."""


@dataclass
class TwoSides:
    database: Database
    crossing: bool = True
    """Whether each client has a ticket that has gone to the other side's technician."""
    people: dict[str, str] = field(default_factory=dict)
    """By « side role » and, for the team, by role."""
    tickets: dict[str, str] = field(default_factory=dict)
    seen: dict[str, set[Row]] = field(default_factory=dict)

    def sees(self, who: str, row: Row) -> None:
        self.seen.setdefault(who, set()).add(row)

    def add(self, connection: Connection, table: str, *who: str, **columns: Any) -> None:
        values = [Jsonb(value) if isinstance(value, dict) else value for value in columns.values()]
        places = ", ".join(["%s"] * len(values))
        row = connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) RETURNING ctid::text".encode(),
            values,
        ).fetchone()
        assert row is not None
        for one in who:
            self.sees(one, (table, row[0]))


@dataclass
class Side:
    """Of whom the rows are that are added; `number` makes the keys of theirs."""

    world: TwoSides
    connection: Connection
    name: str
    number: int

    def __post_init__(self) -> None:
        self.client = self.world.people[f"{self.name} client"]
        self.technician = self.world.people[f"{self.name} technician"]
        self.ticket, self.lost = ticket_number(2 * self.number), ticket_number(2 * self.number + 1)
        self.world.tickets[self.name] = self.ticket
        self.invoice, self.statement = f"F2026-00000{self.number}", f"payout:2026-10:{self.number}:1"

    def add(self, table: str, *who: str, **columns: Any) -> None:
        named = (one if one in TEAM else f"{self.name} {one}" for one in who)
        self.world.add(self.connection, table, *named, **columns)

    def text(self, *who: str, author: str, kind: str) -> str:
        """Seen by its author besides, and by the back office. Its id."""
        row = self.connection.execute("SELECT uuidv7()::text").fetchone()
        assert row is not None
        said = ("text", "description", "reason", "comment", "anydesk_id", "phone")
        body = dict.fromkeys(said, f"{kind} {self.name}")
        writer = {self.client: (CLIENT,), self.technician: (TECHNICIAN,)}.get(author, ())
        viewers = {*who, *writer, BACK_OFFICE}
        self.add("submissions", *viewers, id=row[0], author_id=author, kind=kind, body=body)
        return str(row[0])
