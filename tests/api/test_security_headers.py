"""What browsers are told with each kind of answer; and that a real one finds nothing to object to."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.assets import address_of
from api.documentation_page import documentation_page
from api.middleware import LONGEST_BODY_BYTES
from deploy.server import swagger_ui
from domain.signed_links import Link, Purpose, sign
from tests.api.frontend import Frontend
from tests.api.protection import ON_EVERY_ANSWER
from tests.api.rows import a_ticket
from tests.support.chromium import DESKTOP, NEEDS_CHROMIUM, open_chromium
from tests.support.keys import TOKEN_KEY
from tests.support.listening import listening
from tests.support.people import a_client, a_person, a_technician

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
NO_STORE = "no-store"


def payment_link(api: Frontend) -> str:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    expires = api.clock() + timedelta(days=33)
    return f"/v1/payments/{sign(TOKEN_KEY, Link(Purpose.PAYMENT, ticket, client), expires)}"


# The kind, its path, its status, its caching.
JSON_AND_FILES = [
    ("an answer", "/v1/me", 200, NO_STORE),
    ("a list", "/v1/tariffs", 200, NO_STORE),
    ("a spreadsheet", "/v1/payouts/2026-11/statements.csv", 200, "private, no-cache"),
    ("not signed in", "/v1/tickets", 401, NO_STORE),
    ("not found", "/v1/nowhere", 404, NO_STORE),
    ("elsewhere", "/nowhere", 404, None),
    ("alive", "/healthz", 200, None),
    ("description", "/openapi.json", 200, None),
]


@pytest.mark.parametrize(("kind", "path", "status", "caching"), JSON_AND_FILES)
async def test_answers_that_are_no_pages(
    api: Frontend, kind: str, path: str, status: int, caching: str | None
) -> None:
    person = None if status == 401 else a_person(api.database, "finance")
    answer = await api.get(path, person)
    assert answer.status_code == status, kind
    assert answer.headers["content-security-policy"] == NOTHING
    assert answer.headers.get("cache-control") == caching
    assert protection(answer) == ON_EVERY_ANSWER


async def test_refusals_of_every_layer(api: Frontend, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("api.routes.slots.all_skills", broken)
    client = a_client(api.database)
    too_large = b"x" * (LONGEST_BODY_BYTES + 1)
    answers = [
        (413, await api.http.post("/v1/tickets", content=too_large, headers=api.signed_in(client))),
        (405, await api.http.delete("/v1/me")),
        (422, await api.post("/v1/tickets", client, {})),
        (500, await api.get("/v1/skills", client)),
    ]
    for status, answer in answers:
        assert answer.status_code == status
        assert answer.headers["content-security-policy"] == NOTHING
        assert protection(answer) == ON_EVERY_ANSWER


async def test_pages_may_load_our_own_style_and_nothing_else(api: Frontend) -> None:
    pages = [
        (200, "/v1/account-page/returned"),
        (200, "/v1/account-page/expired"),
        (200, "/v1/sign-up/texts/terms"),
        (200, payment_link(api)),
        (404, "/v1/payments/forged"),
    ]
    for status, path in pages:
        answer = await api.http.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert answer.headers["cache-control"] == NO_STORE
        assert protection(answer) == ON_EVERY_ANSWER
        assert answer.headers["content-security-policy"] == PAGE
        assert re.findall(r'<link rel="stylesheet" href="([^"]*)">', answer.text) == [address_of("omea.css")]
        assert not re.search(r"<script|<style|\son[a-z]+=|\sstyle=|javascript:", answer.text)


async def test_by_http_nobody_is_told_to_come_by_https(api: Frontend) -> None:
    transport = httpx.ASGITransport(create_app(replace(api.given, public_url="http://127.0.0.1:8000")))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        answer = await http.get("/healthz")
    without = {k: v for k, v in ON_EVERY_ANSWER.items() if k != "strict-transport-security"}
    assert protection(answer) == without


async def test_the_documentation_page_has_all_from_us_and_nothing_inline(api: Frontend) -> None:
    transport = httpx.ASGITransport(create_app(api.given, swagger_ui()))
    async with httpx.AsyncClient(transport=transport, base_url="https://omea.example") as http:
        shown = await http.get("/docs")
        assert shown.status_code == 200
        assert protection(shown) == ON_EVERY_ANSWER
        assert "script-src 'self';" in shown.headers["content-security-policy"]
        assert "unsafe" not in shown.headers["content-security-policy"]
        addresses = re.findall(r'(?:src|href)="([^"]*)"', shown.text)
        assert addresses == [
            "data:,",
            "/docs/swagger-ui.css",
            "/docs/swagger-ui-bundle.js",
            "/docs/start.js",
        ]
        assert not re.search(r"<script>|<style|\son[a-z]+=|https?:", shown.text)
        for address, kind in zip(addresses[1:], ("text/css", *["text/javascript"] * 2), strict=True):
            loaded = await http.get(address)
            assert loaded.status_code == 200
            assert loaded.headers["content-type"] == f"{kind}; charset=utf-8"
            assert protection(loaded) == ON_EVERY_ANSWER


async def test_without_its_files_there_is_no_documentation_page(api: Frontend, tmp_path: Path) -> None:
    assert (await api.http.get("/docs")).status_code == 404
    with pytest.raises(FileNotFoundError):
        documentation_page(tmp_path)


@NEEDS_CHROMIUM
async def test_a_browser_shows_the_pages_and_objects_to_nothing(api: Frontend) -> None:
    async with listening(api.given, swagger_ui()) as url, open_chromium() as browser:
        tab = await browser.tab(DESKTOP)
        for path, seen in (
            ("/v1/account-page/returned", "Vous êtes de retour"),
            (payment_link(api), "Il n’y a rien à payer"),
            ("/docs", "Ask for help"),
        ):
            await tab.goto(url + path)
            await tab.get_by_text(seen).first.wait_for()
        assert browser.said == []


@NEEDS_CHROMIUM
async def test_that_browser_would_tell(api: Frontend, tmp_path: Path) -> None:
    """Or the test above would show nothing: another page tries to frame ours, and is refused."""
    async with listening(api.given) as url, open_chromium() as browser:
        outer = tmp_path / "outer.html"
        outer.write_text(f'<iframe src="{url}/v1/account-page/returned"></iframe>', encoding="utf-8")
        await (await browser.tab(DESKTOP)).goto(outer.as_uri())
        [said] = browser.said
        assert "frame-ancestors 'none'" in said


def protection(answer: httpx.Response) -> dict[str, str]:
    assert len(answer.headers.get_list("content-security-policy")) == 1
    return {name: answer.headers[name] for name in ON_EVERY_ANSWER if name in answer.headers}
