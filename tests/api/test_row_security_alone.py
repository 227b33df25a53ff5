"""With the API's own checks switched off, row-level security alone shows nobody else's data: whoever asks is
let through everywhere, and is taken for the team."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from fastapi import Request
from fastapi.routing import APIRoute
from pypdf import PdfReader
from sqlalchemy import true

from api import recording, ticket_reading
from api.app import ROUTERS
from api.auth import Allowed, CurrentSignIn
from api.desks import live
from db.reads import export, payouts, tickets
from db.reads.people import KnownPerson
from domain.tickets import Role
from tests.api.frontend import Frontend
from tests.support.sides import CLIENT, FINANCE, TEAM, TECHNICIAN, TwoSides
from tests.support.two_sides import two_sides

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"
# Whoever has such a link may see what it leads to; and what stands outside of the database.
OTHER_WAYS_IN = (
    *("/v1/reviews", "/v1/payments/", "/v1/sign-in", "/v1/sign-up", "/healthz", "/readyz"),
    *("/avis/", "/static/", "/aide", "/agenda/flux/"),
)


@pytest.fixture
def world(api: Frontend) -> TwoSides:
    return two_sides(api.database, crossing=False)


def let_through(monkeypatch: pytest.MonkeyPatch, as_if: Role | None) -> None:
    """As if a check had been forgotten on every route, and every reading filtered for somebody else."""

    async def allowed(_: Allowed, request: Request, found: CurrentSignIn) -> KnownPerson:
        person = found.person if as_if is None else replace(found.person, role=as_if)
        request.state.person = person
        return person

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(Allowed, "__call__", allowed)
    monkeypatch.setattr(live, "LASTS", timedelta(0))
    for module in (tickets, export, payouts):
        for name in ("tickets_of", "statements_of"):
            monkeypatch.setattr(module, name, lambda _: true(), raising=False)
    # Those who are not of the team could not even enter what they have read.
    monkeypatch.setattr(recording, "record_once", nothing)
    monkeypatch.setattr(ticket_reading, "record_once", nothing)


def paths(world: TwoSides, side: str) -> list[tuple[str, dict[str, str]]]:
    """Every page there is, of that side's things."""
    number = {"a": 1, "b": 2}[side]
    images = [
        image
        for (image,) in world.database.rows(
            "SELECT id::text FROM attachments WHERE submission_id IS NOT NULL OR author_id = %s",
            world.people[f"{side} client"],
        )
    ]
    # Of somebody who is on neither side.
    [(application,)] = world.database.rows("SELECT coalesce(min(id::text), %s) FROM applications", NOBODY)
    found = []
    for route in (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)):
        if "GET" not in (route.methods or ()) or route.path.startswith(OTHER_WAYS_IN):
            continue
        named = {
            "number": f"AF-{number}"
            if "statements" in route.path or "releves/" in route.path
            else world.tickets[side],
            "account": "411",
            "case": "1",
            "reference": "du_1",
            "technician": world.people[f"{side} technician"],
            "person": world.people[f"{side} client"],
            "month": "2026-10",
            "year": "2026",
            "credit_note": f"A{number}",
            "message_id": "m",
            "application": application,
        }
        query = {"skill": "internet", "minutes": "60", "month": "2026-10", "year": "2026"}
        query["competence"] = query["skill"]
        asked = {one.alias: query[one.alias] for one in route.dependant.query_params if one.alias in query}
        for image in images if "{attachment_id}" in route.path else [""]:
            found.append((route.path.format(**named, attachment_id=image), asked))
    return found


async def walk(api: Frontend, world: TwoSides, who: str, side: str) -> list[httpx.Response]:
    headers = api.signed_in(world.people[who])
    return [await api.http.get(path, params=query, headers=headers) for path, query in paths(world, side)]


def told(answers: list[httpx.Response], world: TwoSides, side: str) -> set[str]:
    """What the answers say of that side's people."""
    number = {"a": 1, "b": 2}[side]
    words = {
        *(world.people[f"{side} {role}"] for role in (CLIENT, TECHNICIAN)),
        *(f"{role} {side}" for role in (CLIENT, TECHNICIAN)),
        world.tickets[side],
        f"F2026-00000{number}",
        f"AF-{number}",
        *(f"{kind} {side}" for kind in ("request", "report", "review", "dispute", "incident", "contest")),
    }
    read = [text_of(answer) for answer in answers]
    return {word for word in words for text in read if word in text}


def text_of(answer: httpx.Response) -> str:
    """Numbers in the bytes of a PDF mean nothing to anybody."""
    if not answer.content.startswith(b"%PDF"):
        return answer.text
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


@pytest.mark.parametrize("as_if", [None, Role.BACK_OFFICE, Role.FINANCE])
@pytest.mark.parametrize("who", ["a client", "a technician"])
async def test_nothing_of_the_others_appears_in_any_answer(
    api: Frontend, world: TwoSides, monkeypatch: pytest.MonkeyPatch, who: str, as_if: Role | None
) -> None:
    let_through(monkeypatch, as_if)
    answers = await walk(api, world, who, "b")
    assert told(answers, world, "b") == set()
    # Temporal is away; who comes by the front door is led to their own desk.
    assert {answer.status_code for answer in answers} <= {200, 204, 303, 404, 503}


@pytest.mark.soak
@pytest.mark.parametrize("who", TEAM)
async def test_it_would_have_shown(
    api: Frontend, world: TwoSides, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """The same walk by those who may read it all."""
    let_through(monkeypatch, None)
    answers = await walk(api, world, who, "b")
    expected = {"client b", "technician b", world.tickets["b"], "F2026-000002"}
    expected |= {"AF-2", "contest b"} if who == FINANCE else {"request b", "report b", "dispute b"}
    assert told(answers, world, "b") >= expected
    assert len([answer for answer in answers if answer.status_code == 200]) > 30


async def test_finance_is_shown_no_texts_of_tickets(
    api: Frontend, world: TwoSides, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_through(monkeypatch, Role.BACK_OFFICE)
    answers = await walk(api, world, "finance", "b")
    texts = {f"{kind} b" for kind in ("request", "report", "review", "dispute", "incident")}
    assert told(answers, world, "b") & texts == set()
