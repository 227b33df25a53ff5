"""Reviewing one ticket by the link of a mail, without signing in."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from api.codes import ApiCode
from domain.errors import Refusal
from domain.signed_links import Link, Purpose, sign
from tests.api.frontend import Frontend, is_problem
from tests.api.reaching import journalled, reach_review
from tests.api.rows import a_ticket
from tests.api.service import Service
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_technician


def a_token(api: Frontend, ticket: str, client: str, key: bytes = TOKEN_KEY) -> str:
    return sign(key, Link(Purpose.REVIEW, ticket, client), api.clock() + timedelta(days=33))


async def mailed_link(service: Service) -> str:
    """The path of what the mail about the report leads to a page of. It is sent beside what the report
    answers."""
    link = re.compile(r"^https://omea\.example(/avis/\S+)$", re.MULTILINE)
    async with asyncio.timeout(10):
        while True:
            for mail in service.mail.messages:
                if mail.subject.startswith("Votre avis") and (found := link.search(mail.text)):
                    assert f'href="{found[0]}"' in mail.html
                    return found[1].replace("/avis/", "/v1/reviews/")
            await asyncio.sleep(0.05)


async def test_the_link_gives_and_changes_the_review_of_its_ticket(service: Service) -> None:
    api, ticket = service.api, await reach_review(service)
    path = await mailed_link(service)
    seen = await api.get(path, None)
    assert seen.json() == {
        "spoken_number": f"{ticket[:4]} {ticket[4:]}",
        "skill": {"code": "internet", "label": "Internet et Wi-Fi"},
        "start": (await service.view(ticket, service.client))["start"],
        "technician": "Thomas Leroy",
        "open": True,
        "review": None,
    }
    opinion = {"stars": 2, "comment": "Un peu long.", "satisfied": False}
    given = await api.post(path, None, opinion, "mail")
    assert (given.status_code, given.json()["review"]["comment"]) == (200, "Un peu long.")
    again = await api.unchanged(api.post(path, None, opinion, "mail"))
    assert (again.status_code, again.json()) == (200, given.json())
    reused = await api.unchanged(api.post(path, None, {**opinion, "stars": 1}, "mail"))
    assert is_problem(reused, ApiCode.IDEMPOTENCY_KEY_REUSED)
    accepted = await api.post(path, None, {"stars": 5}, "mail again")
    assert (accepted.json()["open"], accepted.json()["review"]["stars"]) == (False, 5)
    [_, who] = [*journalled(service, ticket, "review"), *journalled(service, ticket, "accept")]
    assert who == (service.client, "client", None)
    late = await api.post(path, None, {"stars": 1})
    assert late.status_code == 409
    assert (await api.get(path, None)).json()["review"]["stars"] == 5


@pytest.mark.parametrize("status", ["scheduled", "in_session", "invoiced", "unpaid"])
async def test_outside_its_time_a_review_by_link_is_refused(api: Frontend, status: str) -> None:
    client = a_client(api.database)
    ticket = a_ticket(api.database, client, a_technician(api.database), status=status)
    body: dict[str, Any] = {"stars": 5}
    answer = await api.unchanged(api.post(f"/v1/reviews/{a_token(api, ticket, client)}", None, body))
    details = {"command": "review", "status": status}
    assert is_problem(answer, Refusal.NOT_ALLOWED_IN_STATUS, details=details)
