"""What the processes write that a request opens: without it, the API would find nothing to answer.

And the rest of the world that such a request needs. In the matrix's world the rules refuse it, which is all
the same there.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from api.dependencies import Dependencies
from domain.contests import ContestRequest
from domain.messages import TicketRequest
from domain.refunds import RefundRequest
from tests.api.frontend import MORNING
from tests.api.fuzz.cases import Valid
from tests.api.matrix.asking import Asked, Route
from tests.api.matrix.callers import BACK_OFFICE, CLIENT, OTHER_CLIENT, STRANGER, TECHNICIAN
from tests.api.matrix.obliging import Obliging
from tests.api.matrix.world import World
from tests.api.matrix.world_people import an_identity
from tests.api.rows import a_card, a_gain, a_ticket, an_invoice, insert
from tests.api.test_reading_money import a_statement
from tests.support.postgres import Database

# The key of what was asked before.
AGAIN = "asked before"

# The API's role may not write these tables, and what the worker's wrote would not be undone with the request.
AS_WORKER = """
CREATE FUNCTION write_as_worker(name text, said jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    columns text := (SELECT string_agg(quote_ident(key), ', ') FROM jsonb_object_keys(said) AS key);
BEGIN
    EXECUTE 'INSERT INTO ' || quote_ident(name) || ' (' || columns || ') SELECT ' || columns
        || ' FROM jsonb_populate_record(NULL::' || quote_ident(name) || ', $1)' USING said;
END $$
"""


class Opening(Obliging):
    def __init__(self, given: Dependencies) -> None:
        super().__init__(given)
        self._sessions = given.sessions

    async def open_ticket(self, request: TicketRequest, *_: Any) -> None:
        await self._write(
            "tickets",
            number=request.number,
            client_id=request.client_id,
            skill=request.skill,
            status="to_assign",
            appointment_start=request.start,
            appointment_end=request.end,
            ceiling_minutes=request.ceiling_minutes,
            required_level=1,
            tariff_version="2026-01",
            request_id=request.submission_id,
            assignment={},
            sequence=0,
            flexible=True,
            wrong_codes=0,
            opened_at=MORNING,
        )

    async def open_refund(self, request: RefundRequest, *_: Any) -> None:
        await self._write(
            "refund_cases",
            invoice=request.invoice,
            n=request.n,
            ticket=request.ticket,
            status="open",
            submission_id=request.submission_id,
            opened_by=request.actor.id,
            opened_at=MORNING,
        )

    async def open_contest(self, request: ContestRequest, *_: Any) -> None:
        await self._write(
            "statement_contests",
            statement=request.statement,
            submission_id=request.submission_id,
            tickets=list(request.tickets),
            asked_at=request.at,
        )

    async def _write(self, table: str, **columns: Any) -> None:
        said = {"table": table, "row": json.dumps(columns, default=str)}
        async with self._sessions.begin() as session:
            await session.execute(text("SELECT write_as_worker(:table, CAST(:row AS jsonb))"), said)


class Openable:
    """Cards, a ticket that was paid and of which nothing was asked back, and its statement, not contested."""

    def __init__(self, world: World) -> None:
        database, people = world.database, world.people
        client, technician = people[CLIENT], people[TECHNICIAN]
        database.execute(AS_WORKER)
        for caller in (CLIENT, OTHER_CLIENT):
            a_card(database, people[caller])
        for caller, erased in ((CLIENT, CLIENT), (TECHNICIAN, TECHNICIAN), (BACK_OFFICE, CLIENT)):
            command = f"erasure_withdrawal {erased}"
            again = {"key": AGAIN, "command": command, "body_hash": hashlib.sha256(b"null").hexdigest()}
            insert(database, "requests", actor_id=people[caller], **again)
        held = MORNING - timedelta(days=2)
        self._world = world
        self._identities = {caller: an_identity(database, people[caller], caller) for caller in people}
        self._ticket = a_ticket(database, client, technician, status="closed", start=held, opened_at=held)
        _paid(database, client, self._ticket, "F2026-000125")
        gain = a_gain(database, self._ticket, technician, MORNING)
        paid: dict[str, Any] = {"rail": "stripe", "transfer": "tr_2", "paid_at": MORNING}
        key = a_statement(database, technician, [gain], "paid", cents=1600, n=2, **paid)
        [(self._statement,)] = database.rows("SELECT number FROM statements WHERE key = %s", key)

    def valid(self, route: Route, caller: str, usual: Valid) -> Valid:
        """The request by which `caller` is given what the route is for, where the `usual` one is refused."""
        match route:
            case ("POST", "/v1/tickets/{number}/refunds"):
                return Valid(usual.asked, {"number": self._ticket})
            case ("POST", "/v1/statements/{number}/contest"):
                body = {**usual.asked.body, "tickets": [self._ticket]}
                return Valid(Asked(body=body), {"number": self._statement})
            case ("POST", "/v1/me/erasure/withdrawal" | "/v1/people/{person}/erasure/withdrawal"):
                # Which was withdrawn already, by this very request.
                return Valid(Asked(headers={"Idempotency-Key": AGAIN}), usual.names)
            case ("DELETE", "/v1/me/identities/{identity}") if caller in self._identities:
                return Valid(usual.asked, {"identity": self._identities[caller]})
            case ("DELETE", "/v1/me/sign-ins/{sign_in}") if caller != STRANGER:
                return Valid(usual.asked, {"sign_in": self._world.signed_in[caller].sign_in})
            case _:
                return usual


def _paid(database: Database, client: str, ticket: str, invoice: str) -> None:
    an_invoice(database, ticket, client, invoice, MORNING)
    insert(
        database,
        "payments",
        invoice=invoice,
        intent="pi_2",
        status="paid",
        collected_cents=3000,
        paid_at=MORNING,
    )
