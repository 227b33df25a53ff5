"""Every route, asked by everybody, against the one table of who may do what: `permissions.txt`, beside this.

A route is asked for something valid, of a world in which there is one of everything. What the table says is
what was answered: 2xx and 3xx, a 409 of the rules (whoever gets one was let in), 401, 403, or 404 for what is
somebody else's.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import unified_diff
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import ROUTERS, create_app
from api.codes import ApiCode
from api.desks import live
from api.documentation import roles_of
from db.askers import asked_sessions
from db.engine import create_engine
from domain.tickets import COMMAND_ROLES, Role
from tests.api.frontend import Frontend, open_frontend
from tests.api.issuers import a_provider
from tests.api.matrix.asking import COMMANDS, Route, ask, asked_of, path_with, places_in
from tests.api.matrix.callers import CALLERS, OTHERS, STRANGER
from tests.api.matrix.obliging import BlankPapers, Obliging
from tests.api.matrix.world import World, a_world
from tests.support.postgres import Cluster

COMMITTED = Path(__file__).parent / "permissions.txt"
WHAT_TO_DO = """
Who may do what has changed, or a route has come or gone. If it is meant: `make matrix` writes the table anew;
look at its diff line by line before you commit it. A new route that is answered 400 or 422 needs a valid
request in `ASKED` of tests/api/matrix/asking.py; what its path names, it finds in tests/api/matrix/world.py.
"""
ROUTES: dict[Route, APIRoute] = {
    (method, route.path): route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
}
# They begin a transaction of their own kind, which cannot be within another one. They change nothing.
SNAPSHOTS = {
    *("/v1/ledger/trial-balance", "/v1/ledger/journal.csv", "/v1/ledger/months/{month}"),
    "/comptabilite/{month}/cloture",
}
# Whoever was not sent there first is refused: tests/api/test_signing_in_with.py.
ONLY_WHEN_SENT = {("GET", "/v1/sign-in/with/{issuer}/back")}
# Everybody's: all else that a path names is somebody's.
TIMES = {"month", "year"}
USUAL = {ApiCode.NOT_SIGNED_IN, ApiCode.ROLE_NOT_ALLOWED}
WIDTHS = [max(12, len(caller) + 2) for caller in CALLERS]
# Every route, as everybody, on whatever machine.
pytestmark = pytest.mark.timeout(400)
LET_IN = {200, 201, 202, 204, 303, 409}
# A longer path moves its own line only.
FIRST = 70


@dataclass(frozen=True)
class Cell:
    """`code` is that of a refusal. `hidden` tells whether a 404 is the answer to what does not exist."""

    status: int
    code: str | None
    hidden: bool = True


Matrix = dict[Route, dict[str, Cell]]


class Asking:
    """One application on one world. What would change it is undone: no answer depends on another."""

    def __init__(self, api: Frontend, app: FastAPI, engine: AsyncEngine, world: World) -> None:
        self._api, self._app, self._engine, self._world = api, app, engine, world
        self._given = app.state.dependencies

    async def everybody(self, route: Route) -> dict[str, Cell]:
        return {caller: await self._cell(route, caller) for caller in CALLERS}

    async def _cell(self, route: Route, caller: str) -> Cell:
        status, code, body = await self._answered(route, caller, self._world)
        if status != 404:
            return Cell(status, code)
        places = places_in(route[1], self._world)
        # Whose ticket it is finds the ticket, and does not find what is kept from them of it.
        gone = places if caller in OTHERS else places[-1:]
        without = self._world.without(gone)
        # Or it would be compared with itself.
        assert path_with(route, without) != path_with(route, self._world), f"{route}: `nothing` lacks {gone}"
        nothing = await self._answered(route, caller, without)
        return Cell(status, code, hidden=nothing == (status, code, body))

    async def _answered(self, route: Route, caller: str, world: World) -> tuple[int, str | None, bytes]:
        """As `ask` tells it."""
        asked, path = asked_of(route, ROUTES[route], world, caller), path_with(route, world)
        if route[1] in SNAPSHOTS:
            return await ask(self._api, route, path, asked, world, caller)
        async with self._engine.connect() as connection:
            undone = await connection.begin()
            within = asked_sessions(self._engine)
            within.configure(bind=connection, join_transaction_mode="create_savepoint")
            self._app.state.dependencies = replace(self._given, sessions=within)
            try:
                return await ask(self._api, route, path, asked, world, caller)
            finally:
                self._app.state.dependencies = self._given
                await undone.rollback()


@pytest.fixture(scope="module")
async def matrix(cluster: Cluster) -> AsyncIterator[Matrix]:
    with cluster.new_database() as database, pytest.MonkeyPatch.context() as patched:
        # Live events go on for as long as a page is open; who may ask for them is told by their first word.
        patched.setattr(live, "LASTS", timedelta(0))
        world, engine = a_world(database), create_engine(database.url("omea_api"))
        async with open_frontend(database) as api:
            issuer, _ = a_provider(world.things["{issuer}"], api.clock, tuple(Role))
            providers = {issuer.issuer.key: issuer}
            app = create_app(replace(api.given, yearly_papers=BlankPapers(), providers=providers))
            app.state.workflows = Obliging(api.given)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="https://omea.example") as http:
                asking = Asking(replace(api, http=http), app, engine, world)
                yield {route: await asking.everybody(route) for route in in_order(ROUTES)}
        await engine.dispose()


def in_order(routes: dict[Route, APIRoute]) -> list[Route]:
    return sorted(routes, key=lambda route: (route[1], route[0]))


def test_the_matrix_is_the_committed_one(matrix: Matrix, request: pytest.FixtureRequest) -> None:
    said = as_text(matrix)
    if request.config.getoption("--record-matrix"):
        COMMITTED.write_text(said)
    lines = COMMITTED.read_text().splitlines(), said.splitlines()
    changed = "\n".join(unified_diff(*lines, "committed", "today", n=0, lineterm=""))
    assert not changed, f"{WHAT_TO_DO}\n{changed}"


def as_text(matrix: Matrix) -> str:
    """A line for each route, in order of their paths. At its end are the codes of its refusals, but for those
    of 401 and 403, of which there is one each; where a status has two, with the callers of the second."""
    lines = [_line("", CALLERS)]
    for (method, path), cells in matrix.items():
        statuses = [str(cells[caller].status) for caller in CALLERS]
        lines.append(_line(f"{method:7}{path}", statuses, _codes(cells)))
    return "\n".join(lines) + "\n"


def _codes(cells: dict[str, Cell]) -> str:
    told: dict[tuple[int, str], list[str]] = {}
    for caller, cell in cells.items():
        if cell.code is not None and cell.code not in USUAL:
            told.setdefault((cell.status, cell.code), []).append(caller)
    first = dict(reversed(told))
    return ", ".join(
        f"{status} {code}" if first[status] == code else f"{status} {code}: {', '.join(callers)}"
        for (status, code), callers in told.items()
    )


def _line(first: str, cells: Sequence[str], last: str = "") -> str:
    middle = "".join(f"{cell:{width}}" for cell, width in zip(cells, WIDTHS, strict=True))
    return f"{first:{FIRST}} {middle}{last}".rstrip()


def test_every_request_was_a_valid_one_that_somebody_may_make(matrix: Matrix) -> None:
    """A refusal for another reason than who asks would hide who may."""
    for route, cells in matrix.items():
        statuses = {cell.status for cell in cells.values()}
        assert statuses <= LET_IN | {401, 403, 404}, route
        assert statuses & LET_IN or route in ONLY_WHEN_SENT, route


def test_a_role_enters_where_the_route_names_it_and_nowhere_else(matrix: Matrix) -> None:
    for route, cells in matrix.items():
        roles = roles_of(ROUTES[route])
        if roles is None:
            continue
        for caller, cell in cells.items():
            if caller == STRANGER:
                assert (cell.status, cell.code) == (401, ApiCode.NOT_SIGNED_IN), route
            else:
                role = Role(caller.removeprefix("other ").replace(" ", "_"))
                is_refused = (cell.status, cell.code) == (403, ApiCode.ROLE_NOT_ALLOWED)
                assert is_refused == (role not in roles), (route, caller)


def test_what_is_somebody_elses_looks_like_what_does_not_exist(matrix: Matrix) -> None:
    for route, cells in matrix.items():
        assert all(cell.hidden for cell in cells.values()), route
        names = set(re.findall(r"\{(\w+)\}", route[1])) - TIMES
        if names and roles_of(ROUTES[route]):
            assert {cells[caller].status for caller in OTHERS} <= {403, 404}, route


def test_a_command_is_of_the_same_roles_on_its_route_and_in_its_workflow() -> None:
    for route, command in COMMANDS.items():
        assert set(roles_of(ROUTES[route]) or ()) == COMMAND_ROLES[command], route
