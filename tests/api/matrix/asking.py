"""A valid request of each route.

A path names things of the world, a body is the first example of its description: most routes need no more.
What a route needs besides, or otherwise, `ASKED` says.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.documentation import path_of
from domain.second_factors import STEP_SECONDS
from domain.tickets import Command
from tests.api.browsers import ASKING, OURS, PENDING, SIGN_IN, code_of
from tests.api.frontend import MORNING, Frontend
from tests.api.matrix import back_office_pages, client_pages, finance_pages, people_pages, technician_pages
from tests.api.matrix.callers import BACK_OFFICE, CLIENT, STRANGER
from tests.api.matrix.world import TICKETS, World
from tests.api.matrix.world_money import YEAR
from tests.api.pictures import a_file
from tests.bank.messages import a_report

Route = tuple[str, str]
COMMANDS = {("POST", path_of(command)): command for command in Command}
# What a ticket must allow for the request to be a valid one.
NEEDS = {
    **COMMANDS,
    ("GET", "/v1/tickets/{number}/withdrawal"): Command.WITHDRAW,
    **client_pages.NEEDS,
    **technician_pages.NEEDS,
    **back_office_pages.NEEDS,
}


@dataclass(frozen=True)
class Asked:
    """`body` is JSON, `form` what a page sends, `content` a file of the type after it. `by_cookie`: a bearer
    token is of no use there. `cookies` are sent by whoever asks."""

    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    form: dict[str, str] | None = None
    content: tuple[bytes, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    by_cookie: bool = False


def _a_ticket(world: World, caller: str) -> Asked:
    """Nobody has a card: whoever may ask is told so. A client asks for themselves, the team for a client."""
    body: dict[str, Any] = {
        "skill": "internet",
        "minutes": 60,
        "description": "Plus de Wi-Fi dans la chambre depuis le changement de box.",
        "phone": "06 12 34 56 78",
        "express_request": True,
    }
    if caller == BACK_OFFICE:
        body["client_id"] = world.people[CLIENT]
    return Asked(body=body)


def _a_start(world: World, _: str) -> Asked:
    return Asked(body={"ticket_number": world.ticket_for(Command.START), "code": "2958"})


def _a_contest(world: World, _: str) -> Asked:
    """The statement is contested already, which its technician is told."""
    text = "La séance a duré 40 minutes, et non 20."
    return Asked(body={"text": text, "tickets": [world.things["tickets/{number}"]]})


def _an_answer(world: World, _: str) -> Asked:
    correction = {"ticket": world.things["tickets/{number}"], "session": 1, "amount_cents": 800}
    text = "Le journal de prise en main vous donne raison."
    return Asked(body={"outcome": "corrected", "text": text, "correction": correction})


def _a_notice(*_: Any) -> Asked:
    notice = {"id": "evt_1", "type": "payout.paid", "data": {"object": {"id": "po_1"}}}
    content = json.dumps(notice).encode()
    return Asked(content=(content, "application/json"), headers={"Stripe-Signature": "genuine"})


def _by_link(world: World, _: str) -> Asked:
    return Asked(cookies={ASKING: world.asking})


def _a_code(world: World, _: str) -> Asked:
    return Asked(form={"code": _code(world)}, cookies={PENDING: world.pending})


def _an_enrolment(world: World, _: str) -> Asked:
    return Asked(form={"code": _code(world)}, cookies={PENDING: world.enrolling})


def _a_replacement(world: World, _: str) -> Asked:
    return Asked(form={"code": _code(world)}, by_cookie=True)


def _code(world: World) -> str:
    return code_of(world.authenticator, int(MORNING.timestamp()) // STEP_SECONDS)


ASKED: dict[Route, Callable[[World, str], Asked]] = {
    ("GET", "/v1/slots"): lambda *_: Asked(query={"skill": "internet"}),
    ("GET", "/v1/prices"): lambda *_: Asked(query={"skill": "internet", "minutes": "30"}),
    ("GET", "/v1/ledger/journal.csv"): lambda *_: Asked(query={"year": YEAR}),
    ("POST", "/v1/attachments"): lambda *_: Asked(content=(a_file(), "image/png")),
    ("POST", "/v1/tickets"): _a_ticket,
    ("POST", "/v1/tickets/{number}/start"): _a_start,
    ("POST", "/interventions/{number}/commencer"): lambda world, caller: Asked(
        form=_a_start(world, caller).body | {"key": "a key"}
    ),
    ("POST", "/v1/tickets/{number}/reschedule"): lambda *_: Asked(
        body={"start": "2026-11-25T14:00:00+01:00", "express_request": True}
    ),
    ("POST", "/v1/statements/{number}/contest"): _a_contest,
    ("POST", "/v1/statements/{number}/contest/answer"): _an_answer,
    ("POST", "/v1/bank-messages"): lambda *_: Asked(content=(a_report(""), "application/xml")),
    ("POST", "/v1/webhooks/stripe"): _a_notice,
    ("POST", "/v1/tokens"): lambda *_: Asked(by_cookie=True),
    ("POST", "/v1/tokens/refresh"): lambda world, _: Asked(body={"refresh_token": world.refresh}),
    ("POST", "/v1/sign-in/asked"): lambda *_: Asked(form={"mail": "claire.petit@example.fr"}),
    ("POST", "/v1/sign-up/asked"): lambda *_: Asked(
        form={"name": "Zoé Blanc", "mail": "zoe@example.fr", "accepted": "yes", **client_pages.VERSIONS}
    ),
    ("GET", "/v1/sign-in/links/{token}"): _by_link,
    ("POST", "/v1/sign-in/links/{token}"): _by_link,
    ("GET", "/v1/sign-in/done"): lambda *_: Asked(by_cookie=True),
    ("POST", "/v1/sign-in/end"): lambda *_: Asked(by_cookie=True),
    ("GET", "/v1/sign-in/second-factor"): _a_code,
    ("POST", "/v1/sign-in/second-factor/code"): _a_code,
    ("POST", "/v1/sign-in/second-factor/enrolment"): _an_enrolment,
    ("GET", "/v1/sign-in/second-factor/replacement"): lambda *_: Asked(by_cookie=True),
    ("POST", "/v1/sign-in/second-factor/replacement"): _a_replacement,
    ("POST", "/v1/sign-in/with/{issuer}/link"): lambda *_: Asked(by_cookie=True),
    ("POST", "/v1/me/second-factor/replacement"): lambda world, _: Asked(body={"code": _code(world)}),
    ("POST", "/v1/payments/{token}"): lambda *_: Asked(form={"key": "a key"}),
    ("POST", "/v1/payments/{token}/card"): lambda *_: Asked(form={"key": "a key"}),
    ("POST", "/banque"): lambda *_: Asked(content=finance_pages.a_message_in_a_form()),
}


# What is typed into the forms of pages; each has the key that its page drew.
FORMS: dict[str, dict[str, str]] = {
    **client_pages.FORMS,
    **technician_pages.FORMS,
    **back_office_pages.FORMS,
    **finance_pages.FORMS,
    **people_pages.FORMS,
}
# And into their addresses.
ASKED |= {
    ("GET", f"/demandes/nouvelle/{step}"): lambda *_: Asked(query={"competence": "internet", "minutes": "60"})
    for step in ("creneau", "coordonnees")
}


def asked_of(route: Route, found: APIRoute, world: World, caller: str) -> Asked:
    said = ASKED.get(route)
    if route[0] == "POST" and route[1] in FORMS:
        return Asked(form=FORMS[route[1]] | {"key": "a key"})
    return said(world, caller) if said is not None else Asked(body=_example(found))


def _example(route: APIRoute) -> Any:
    if route.body_field is None:
        return None
    body = route.body_field.field_info.annotation
    for model in (body, *get_args(body)):
        if isinstance(model, type) and issubclass(model, BaseModel):
            extra = model.model_config.get("json_schema_extra")
            return extra["examples"][0] if isinstance(extra, dict) else None  # type: ignore[index]
    return None


def places_in(path: str, world: World) -> list[str]:
    """Where it names a thing, as `World.things` calls these places."""
    found = re.findall(r"((?:[\w-]+/)?)([\w-]+/)(\{\w+\})", path)
    longest_first = [(outer + before + name, before + name, name) for outer, before, name in found]
    return [next((one for one in places if one in world.things), places[-1]) for places in longest_first]


def path_with(route: Route, world: World) -> str:
    """The path of the route with the world's things in it; of its tickets, one for which it is valid."""
    things, path = dict(world.things), route[1]
    if route in NEEDS:
        ticket = world.ticket_for(NEEDS[route])
        things |= dict.fromkeys(TICKETS, ticket)
    for place in places_in(path, world):
        if place not in things:
            raise LookupError(f"{route[1]}: there is no {place} in tests/api/matrix/world.py")
        before = place.partition("{")[0]
        path = path.replace(place, before + things[place])
    return path


async def ask(
    api: Frontend, route: Route, path: str, asked: Asked, world: World, caller: str
) -> tuple[int, str | None, bytes]:
    """The status of the answer, its code if it is a refusal, and its body."""
    headers, sent = {**OURS, "Idempotency-Key": "a key", **asked.headers}, dict(asked.cookies)
    if caller != STRANGER:
        if asked.by_cookie:
            sent[SIGN_IN] = world.signed_in[caller].cookie
        else:
            headers["Authorization"] = f"Bearer {api.bearer(world.signed_in[caller].sign_in)}"
    if sent:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in sent.items())
    if asked.content is not None:
        headers["Content-Type"] = asked.content[1]
    api.http.cookies.clear()
    answer = await api.http.request(
        route[0],
        path,
        params=asked.query or None,
        json=asked.body,
        data=asked.form,
        content=asked.content[0] if asked.content else None,
        headers=headers,
    )
    is_refusal = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code, answer.json()["code"] if is_refusal else None, answer.content
