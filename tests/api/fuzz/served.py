"""The application on the matrix's world, asked by anybody. What a request changed is undone."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import requests
import schemathesis
from fastapi import FastAPI
from schemathesis.core.result import Ok

from api.app import create_app
from tests.api.browsers import HOST, OURS, SIGN_IN
from tests.api.frontend import Frontend, open_frontend
from tests.api.fuzz.cases import Generated, Operation, Sent, Valid, generated_of
from tests.api.fuzz.opening import Openable, Opening
from tests.api.matrix.asking import Route, asked_of, path_with
from tests.api.matrix.callers import STRANGER
from tests.api.matrix.obliging import BlankPapers
from tests.api.matrix.test_permissions import ROUTES, SNAPSHOTS
from tests.api.matrix.world import World, a_world
from tests.api.undoing import undone
from tests.support.postgres import Cluster

# Who signs in is ours to choose, not to be made up.
AS_WHO_ASKS = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
BASE = f"https://{HOST}"


# Whatever fails names it, and a world is long.
@dataclass(frozen=True, repr=False)
class Served:
    """`generated` is what schemathesis makes of each of the `operations`."""

    api: Frontend
    world: World
    openable: Openable
    operations: dict[Route, Operation]
    generated: dict[Route, Generated]

    def valid(self, route: Route, caller: str) -> Valid:
        usual = Valid(asked_of(route, ROUTES[route], self.world, caller), _names_in(route, self.world))
        return self.openable.valid(route, caller, usual)

    async def answer(self, route: Route, sent: Sent) -> httpx.Response:
        request = self._request(sent)
        self.api.http.cookies.clear()
        if route[1] in SNAPSHOTS:
            return await self._apart(request)
        async with undone(self.api):
            return await self._apart(request)

    async def _apart(self, request: httpx.Request) -> httpx.Response:
        """A task has a context of its own: what is noted there of who asks is not left to the next one."""
        return await asyncio.create_task(self.api.http.send(request))

    def _request(self, sent: Sent) -> httpx.Request:
        """Byte by byte what schemathesis would send, signed by who asks."""
        written = requests.Request(**sent.case.as_transport_kwargs(base_url=BASE)).prepare()
        headers = {name.lower(): value for name, value in written.headers.items()}
        cookies = dict(sent.cookies)
        if sent.caller != STRANGER:
            credentials = self.world.signed_in[sent.caller]
            if sent.by_cookie:
                cookies[SIGN_IN] = credentials.cookie
            else:
                headers["authorization"] = f"Bearer {self.api.bearer(credentials.sign_in)}"
        if cookies:
            headers |= {name.lower(): value for name, value in OURS.items()}
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        body = written.body or b""
        assert isinstance(body, str | bytes)
        return httpx.Request(
            str(written.method),
            str(written.url),
            headers={name.encode(): _as_bytes(value, "latin-1") for name, value in headers.items()},
            content=_as_bytes(body, "utf-8"),
        )


def _as_bytes(value: str | bytes, encoding: str) -> bytes:
    return value.encode(encoding) if isinstance(value, str) else value


def _names_in(route: Route, world: World) -> dict[str, str]:
    """What the path of a valid request names."""
    template = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(route[1]))
    found = re.fullmatch(template, path_with(route, world))
    assert found is not None, route
    return found.groupdict()


def _operations(app: FastAPI) -> dict[Route, Operation]:
    found = schemathesis.openapi.from_dict(app.openapi(), config=AS_WHO_ASKS).get_all_operations()
    operations: list[Operation] = [one.ok() for one in found if isinstance(one, Ok)]
    return {(one.method.upper(), one.path): one for one in operations}


@asynccontextmanager
async def open_served(cluster: Cluster) -> AsyncIterator[Served]:
    with cluster.new_database() as database:
        world = a_world(database)
        openable = Openable(world)
        async with open_frontend(database) as api:
            app = create_app(replace(api.given, yearly_papers=BlankPapers()))
            app.state.workflows = Opening(api.given)
            operations = _operations(app)
            generated = {route: generated_of(one) for route, one in operations.items()}
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
                yield Served(replace(api, http=http), world, openable, operations, generated)
