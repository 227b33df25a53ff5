"""AnyDesk's sandbox over HTTP: who may ask, what is listed, what may be changed."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from deploy.sandbox.anydesk import create_app
from tests.support.anydesk_sandbox import (
    API_KEY,
    CLIENT,
    LICENCE,
    TECHNICIAN,
    AnyDeskSandbox,
    a_session,
    running_anydesk,
)
from tests.support.outside import outside

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
STRANGER = 555_555_555


@pytest.fixture(scope="module")
def anydesk() -> Iterator[AnyDeskSandbox]:
    with running_anydesk() as sandbox:
        sandbox.add(
            a_session(1, NOON, NOON + HOUR),
            a_session(2, NOON + HOUR, NOON + HOUR + timedelta(minutes=5), caller=CLIENT, called=TECHNICIAN),
            a_session(3, NOON + 2 * HOUR, NOON + 4 * HOUR, called=STRANGER),
            a_session(4, NOON + 3 * HOUR, None),
        )
        yield sandbox


def sids(anydesk: AnyDeskSandbox, query: str = "") -> list[int]:
    answer = anydesk.ask("GET", f"/sessions{query}")
    answer.raise_for_status()
    return [one["sid"] for one in answer.json()["list"]]


def test_a_session_is_shown_by_anydesks_names(anydesk: AnyDeskSandbox) -> None:
    assert anydesk.ask("GET", "/sessions/1").json() == {
        "sid": 1,
        "from": {"cid": TECHNICIAN, "alias": None},
        "to": {"cid": CLIENT, "alias": None},
        "active": False,
        "start-time": 1795435200,
        "end-time": 1795438800,
        "duration": 3600,
        "comment": None,
    }
    active = anydesk.ask("GET", "/sessions/4").json()
    assert (active["active"], active["end-time"]) == (True, None)


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("", [4, 3, 2, 1]),
        ("?order=asc", [1, 2, 3, 4]),
        (f"?cid={CLIENT}", [4, 2, 1]),
        (f"?cid={CLIENT}&direction=in", [4, 1]),
        (f"?cid={CLIENT}&direction=out", [2]),
        ("?from=1795438800&to=1795442400", [3, 2]),
        ("?sort=duration&order=asc&limit=2", [2, 1]),
        ("?sort=to.cid&order=asc", [1, 4, 3, 2]),
        ("?limit=2", [4, 3]),
        ("?limit=2&offset=2", [2, 1]),
        ("?limit=2&offset=4", []),
    ],
)
def test_sessions_are_filtered_sorted_and_paged(
    anydesk: AnyDeskSandbox, query: str, listed: list[int]
) -> None:
    assert sids(anydesk, query) == listed


@pytest.mark.parametrize(
    "query", ["?start=1", "?cid=12", "?sort=comment", "?limit=-2", "?direction=both", "?offset=x"]
)
def test_a_parameter_it_does_not_know_is_refused(anydesk: AnyDeskSandbox, query: str) -> None:
    assert anydesk.ask("GET", f"/sessions{query}").status_code == 400


@pytest.mark.parametrize(
    "signing",
    [
        {"licence": "another"},
        {"key": "another"},
        {"seconds_off": -600},
        {"seconds_off": 600},
        {"seconds_off": 10**12},
    ],
)
def test_another_licence_key_or_clock_is_refused(anydesk: AnyDeskSandbox, signing: dict[str, Any]) -> None:
    if off := signing.get("seconds_off"):
        signing = {"at": time.time() + off}
    for method, resource in (("GET", "/sessions"), ("GET", "/sessions/1"), ("PATCH", "/sessions/1")):
        assert anydesk.ask(method, resource, **signing).status_code == 401


def test_a_signature_is_that_of_one_request(anydesk: AnyDeskSandbox) -> None:
    headers = anydesk.ask("GET", "/sessions/1").request.headers
    answers = [
        outside.get(f"{anydesk.url}/sessions/1", headers=headers),
        outside.get(f"{anydesk.url}/sessions/2", headers=headers),
        outside.get(f"{anydesk.url}/sessions/1?limit=1", headers=headers),
        outside.patch(f"{anydesk.url}/sessions/1", content=b"{}", headers=headers),
        outside.get(f"{anydesk.url}/sessions/1"),
        outside.get(f"{anydesk.url}/sessions/1", headers={"Authorization": "AD"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 401, 401, 401, 401, 401]


def test_a_comment_is_kept_and_taken_back(anydesk: AnyDeskSandbox) -> None:
    for comment in ("Ticket 48291573", None):
        body = json.dumps({"comment": comment}).encode()
        assert anydesk.ask("PATCH", "/sessions/2", body).status_code == 200
        assert anydesk.ask("GET", "/sessions/2").json()["comment"] == comment
    assert anydesk.ask("PATCH", "/sessions/2", b'{"duration": 1}').status_code == 400
    assert anydesk.ask("GET", "/sessions/9").status_code == 404


def test_a_session_that_makes_no_sense_is_not_added(anydesk: AnyDeskSandbox) -> None:
    answer = outside.post(f"{anydesk.url}/_sandbox/sessions", json=[{"sid": 9}])
    assert (answer.status_code, anydesk.ask("GET", "/sessions/9").status_code) == (400, 404)


async def test_sessions_are_added_from_this_machine_only() -> None:
    app, statuses = create_app(LICENCE, API_KEY), []
    for host in ("127.0.0.1", "192.0.2.1"):
        transport = httpx.ASGITransport(app, client=(host, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as caller:
            statuses.append((await caller.post("/_sandbox/sessions", json=[])).status_code)
    assert statuses == [201, 403]
