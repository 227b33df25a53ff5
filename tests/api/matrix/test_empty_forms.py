"""Forms that cannot be done, sent to every page that takes one, by somebody who may: each comes back with
what is wrong, or there is a page that says what to do, and that takes few questions."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from fastapi import FastAPI
from lxml import html
from temporalio.client import Client

from api.codes import ApiCode
from api.error_pages import error_page
from api.errors import Problem
from domain.tickets import Role
from tests.api.browsers import OURS, SIGN_IN
from tests.api.desks.visitor import ACCEPTS, MOST_QUERIES, Visitor, counted_queries, looks_right
from tests.api.frontend import Frontend, open_frontend
from tests.api.issuers import a_provider
from tests.api.matrix.asking import Route, asked_of, path_with
from tests.api.matrix.callers import CALLERS, CLIENT, STRANGER, TECHNICIAN
from tests.api.matrix.obliging import Obliging
from tests.api.matrix.test_permissions import COMMITTED, LET_IN, ROUTES
from tests.api.matrix.world import World, a_world
from tests.api.undoing import undone
from tests.scenes import scene
from tests.scenes.test_every_page import a_crowd
from tests.support.postgres import Database

FORMS = [route for route, found in ROUTES.items() if route[0] == "POST" and "pages" in found.tags]
KEY = {"key": "a key"}
# As the world is, nothing is to be filled in there, and the page where the form would be says what is wrong.
WITHOUT_A_FORM = {
    "/compte/textes",
    "/dossier/mandat",
    "/files/courriels/{person}",
    "/interventions/{number}/commencer",
    "/virements/{month}/lancer",
}
# As it is, they could not be done at any time.
NOT_NOW = {
    "/v1/payments/{token}",
    "/interventions/{number}/appel",
    "/interventions/{number}/commencer",
    "/dossiers/{number}/remboursements/{case}/relance",
    "/virements/{month}/lancer",
}
WHO_ASKS = "who asks"


@dataclass(frozen=True)
class Answered:
    """`said` is what the page has against the form, `again` whether the form is on it, `queries` how many it
    took."""

    page: Visitor
    said: str
    again: bool
    queries: int

    @property
    def status(self) -> int:
        return self.page.answer.status_code

    @property
    def is_clear(self) -> bool:
        """Whether people know what to do now: they are led on, it is done, or they are told what is wrong in
        words that are theirs."""
        if self.status == 303:
            return True
        is_explained = self.said != "" or self.page.title != VAGUE
        return self.status < 500 and is_explained and "Idempotency" not in self.page.text


def _title_of(code: ApiCode) -> str:
    return str(html.document_fromstring(bytes(error_page(Problem(code)).body)).xpath("string(//h1)"))


# That something is wrong, and not what.
VAGUE = _title_of(ApiCode.INVALID_INPUT)


# Whatever fails names it, and a world is long.
@dataclass(frozen=True, repr=False)
class Sender:
    """`asked` are the questions to Postgres of the form being sent."""

    api: Frontend
    app: FastAPI
    world: World
    may: Mapping[Route, str]
    asked: list[str]

    async def send(self, route: Route, fields: dict[str, str]) -> Answered:
        path, caller = path_with(route, self.world), self.may[route]
        cookies = dict(asked_of(route, ROUTES[route], self.world, caller).cookies)
        if caller != STRANGER:
            cookies[SIGN_IN] = self.world.signed_in[caller].cookie
        headers = {"Accept": ACCEPTS, **OURS, "Cookie": "; ".join(f"{n}={v}" for n, v in cookies.items())}
        self.api.http.cookies.clear()
        self.asked.clear()
        async with undone(self.api):
            answer = await self.api.http.post(path, data=fields, headers=headers)
        page = Visitor(self.api, None, answer)
        if answer.status_code == 303:
            return Answered(page, "", again=False, queries=len(self.asked))
        looks_right(answer)
        found = html.document_fromstring(answer.text)
        said = " ".join(one.text_content() for one in found.xpath("//*[@role='alert'] | //*[@class='wrong']"))
        again = any(one.endswith(path) for one in page.actions())
        return Answered(page, said.strip(), again=again, queries=len(self.asked))

    async def send_all(self, fields: dict[str, str]) -> dict[str, Answered]:
        return {route[1]: await self.send(route, fields) for route in FORMS}


def _who_may() -> dict[Route, str]:
    """Somebody whom the table of permissions lets in: a stranger, if possible."""
    may = {}
    for line in COMMITTED.read_text().splitlines()[1:]:
        method, path, *statuses = line.split()
        let_in = zip(CALLERS, statuses, strict=False)
        may[method, path] = next((one for one, status in let_in if int(status) in LET_IN), STRANGER)
    return may


@asynccontextmanager
async def a_sender(database: Database) -> AsyncIterator[Sender]:
    """Temporal is away. What was asked until that was found out is the act's: of it, only who asks counts."""
    asked: list[str] = []

    async def away() -> Client:
        if WHO_ASKS not in asked:
            asked[:] = [WHO_ASKS]
        raise RuntimeError("connection refused")

    world = a_world(database)
    async with open_frontend(database, away) as api:
        issuer, _ = a_provider(world.things["{issuer}"], api.clock, tuple(Role))
        app: FastAPI = api.http._transport.app  # type: ignore[attr-defined]
        app.state.dependencies = replace(api.given, providers={issuer.issuer.key: issuer})
        with counted_queries(api, asked):
            yield Sender(api, app, world, _who_may(), asked)


async def test_an_empty_form_comes_back_with_what_it_lacks(database: Database) -> None:
    async with a_sender(database) as sender:
        sender.app.state.workflows = Obliging(sender.api.given)
        # Without its key as well, as no browser sends it.
        unread = await sender.send_all({})
        assert {path: one.page.title for path, one in unread.items() if not one.is_clear} == {}
        empty = await sender.send_all(KEY)
        assert {path: one.page.title for path, one in empty.items() if not one.is_clear} == {}
        lacking = {path: one for path, one in empty.items() if one.status == 422}
        assert len(lacking) > 30
        assert {path for path, one in lacking.items() if not (one.said and one.again)} == WITHOUT_A_FORM
        few = {path: one.queries for path, one in lacking.items()}
        assert {path: many for path, many in few.items() if many > MOST_QUERIES} == {}
        people = sender.world.people
        a_crowd(database, {scene.CLIENT: people[CLIENT], scene.TECHNICIAN: people[TECHNICIAN]})
        assert {path: (await sender.send(("POST", path), KEY)).queries for path in few} == few


async def test_a_form_that_cannot_be_done_now_comes_back_to_be_sent_again_as_it_is(
    database: Database,
) -> None:
    async with a_sender(database) as sender:
        waiting = {}
        for route in FORMS:
            filled = asked_of(route, ROUTES[route], sender.world, sender.may[route]).form or {}
            one = await sender.send(route, filled | KEY)
            if one.status == 503:
                waiting[route] = one
        assert len(waiting) > 50
        assert {route[1] for route, one in waiting.items() if not (one.said and one.again)} == NOT_NOW
        kept = {
            route[1]: one.page.form(path_with(route, sender.world)).get("key")
            for route, one in waiting.items()
            if one.again and not route[1].startswith("/v1/")
        }
        assert kept == dict.fromkeys(kept, KEY["key"])
        many = {route[1]: one.queries for route, one in waiting.items() if one.queries > MOST_QUERIES}
        assert many == {}
