import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payloads

from api.app import create_app
from deploy.codec_server import build
from deploy.encryption import data_converter
from deploy.settings import read_codec_server_settings
from domain.sign_ins import fingerprint
from tests.api.frontend import Frontend, open_frontend
from tests.deploy.conftest import a_key
from tests.support.people import a_person, a_sign_in
from tests.support.postgres import Database

UI = "http://127.0.0.1:8233"
SETTINGS = read_codec_server_settings(
    {
        "OMEA_ENVIRONMENT": "sandbox",
        "PAYLOAD_KEY": a_key("payload"),
        "CODEC_UI_ORIGIN": UI,
        "CODEC_API_URL": "http://127.0.0.1:8000",
    }
)
COOKIE = "the secret of a cookie"


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Frontend]:
    async with open_frontend(database) as opened:
        yield opened


@asynccontextmanager
async def codec_before(api: httpx.AsyncBaseTransport) -> AsyncIterator[httpx.AsyncClient]:
    """As a browser meets it that shows nothing of who it is."""
    transport = httpx.ASGITransport(build(SETTINGS, api))
    async with httpx.AsyncClient(transport=transport, base_url="http://codec") as client:
        yield client


@pytest.fixture
async def anybody(api: Frontend) -> AsyncIterator[httpx.AsyncClient]:
    async with codec_before(httpx.ASGITransport(create_app(api.given))) as client:
        yield client


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """Of somebody whom the API lets through."""
    async with codec_before(httpx.MockTransport(lambda _: httpx.Response(204))) as client:
        yield client


def with_cookie(api: Frontend, person: str, **more: str) -> dict[str, str]:
    sign_in = a_sign_in(api.database, person, api.clock())
    api.database.execute(
        "UPDATE sign_ins SET secret_hash = %s WHERE id = %s", fingerprint(COOKIE + person), sign_in
    )
    return {"cookie": f"other=1; __Host-sign_in={COOKIE + person}", **more}


async def _encrypted(value: str) -> str:
    converter = data_converter(SETTINGS.payload_keys, SETTINGS.active_payload_key)
    return json_format.MessageToJson(Payloads(payloads=await converter.encode([value])))


async def test_the_ui_reads_what_a_worker_encrypted(browser: httpx.AsyncClient) -> None:
    headers = {"origin": UI, "content-type": "application/json", "x-namespace": "omea"}
    answer = await browser.post("/decode", content=await _encrypted("en clair"), headers=headers)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, UI)
    [payload] = json_format.Parse(answer.text, Payloads()).payloads
    assert json.loads(payload.data) == "en clair"


async def test_what_is_encoded_can_be_decoded(browser: httpx.AsyncClient) -> None:
    plain = {"payloads": [{"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "Im91aSI="}]}
    encoded = await browser.post("/encode", json=plain)
    decoded = await browser.post("/decode", content=encoded.content)
    assert encoded.json() != plain
    assert decoded.json() == plain


async def test_the_ui_is_told_what_it_may_send(browser: httpx.AsyncClient) -> None:
    answer = await browser.options("/decode", headers={"origin": UI})
    allowed = {name: answer.headers[f"access-control-allow-{name}"] for name in ("origin", "headers")}
    assert (answer.status_code, allowed) == (
        204,
        {"origin": UI, "headers": "content-type, x-namespace, authorization"},
    )
    assert answer.headers["access-control-allow-credentials"] == "true"


async def test_on_loopback_the_ui_may_be_spelt_localhost(browser: httpx.AsyncClient) -> None:
    answer = await browser.options("/decode", headers={"origin": "http://localhost:8233"})
    assert answer.headers["access-control-allow-origin"] == "http://localhost:8233"


@pytest.mark.parametrize("origin", ["http://127.0.0.1:9999", "https://evil.example", "null"])
async def test_another_page_gets_neither_permission_nor_content(
    browser: httpx.AsyncClient, origin: str
) -> None:
    preflight = await browser.options("/decode", headers={"origin": origin})
    answer = await browser.post("/decode", content=await _encrypted("secret"), headers={"origin": origin})
    headers = [*preflight.headers, *answer.headers]
    assert [name for name in headers if name.startswith("access-control")] == []
    assert (answer.status_code, answer.json()) == (403, {"error": "origin not allowed"})


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"\xff",
        b'{"payloads": [{"metadata": {"encoding": "YmluYXJ5L2VuY3J5cHRlZA=="}, "data": ""}]}',
    ],
)
async def test_what_cannot_be_read_is_a_bad_request(browser: httpx.AsyncClient, body: bytes) -> None:
    answer = await browser.post("/decode", content=body, headers={"origin": UI})
    assert answer.status_code == 400


async def test_the_cookie_of_the_back_office_counts_from_the_ui_s_page_alone(
    api: Frontend, anybody: httpx.AsyncClient
) -> None:
    nadia = a_person(api.database, "back_office")
    content, headers = await _encrypted("en clair"), with_cookie(api, nadia)
    answer = await anybody.post("/decode", content=content, headers=headers | {"origin": UI})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    for elsewhere in ({"origin": "https://evil.example"}, {}):
        answer = await anybody.post("/decode", content=content, headers=headers | elsewhere)
        assert answer.status_code in {401, 403}
    entries = api.database.rows("SELECT person_id::text, role, kind FROM accesses")
    assert entries == [(nadia, "back_office", "histories")]


async def test_nobody_else_reads_or_writes_anything(api: Frontend, anybody: httpx.AsyncClient) -> None:
    content = await _encrypted("secret")
    for role in ("client", "technician", "finance"):
        person = a_person(api.database, role)
        for headers in (api.signed_in(person), with_cookie(api, person, origin=UI)):
            for path in ("/decode", "/encode"):
                answer = await anybody.post(path, content=content, headers=headers)
                assert (answer.status_code, answer.json()) == (403, {"error": "role_not_allowed"})
    assert api.database.rows("SELECT count(*) FROM accesses") == [(0,)]


async def test_who_is_not_signed_in_is_told_so_before_the_body_is_read(anybody: httpx.AsyncClient) -> None:
    forged: list[tuple[dict[str, str], str]] = [
        ({}, "not_signed_in"),
        ({"authorization": "Bearer forged"}, "sign_in_invalid"),
        ({"cookie": "__Host-sign_in=forged", "origin": UI}, "sign_in_invalid"),
    ]
    for headers, code in forged:
        for path in ("/decode", "/encode"):
            answer = await anybody.post(path, content=b"not json", headers=headers)
            assert (answer.status_code, answer.json()) == (401, {"error": code})


async def test_a_colleague_s_sign_in_ends_here_too(api: Frontend, anybody: httpx.AsyncClient) -> None:
    content, browser = await _encrypted("secret"), anybody
    browser.headers.update(api.signed_in(a_person(api.database, "back_office")))
    assert (await browser.post("/decode", content=content)).status_code == 200
    api.database.execute("UPDATE sign_ins SET second_factor = NULL, second_factor_at = NULL")
    answer = await browser.post("/decode", content=content)
    assert (answer.status_code, answer.json()) == (401, {"error": "second_factor_missing"})
    api.database.execute("UPDATE sign_ins SET revoked_at = now()")
    answer = await browser.post("/decode", content=content)
    assert (answer.status_code, answer.json()) == (401, {"error": "sign_in_invalid"})


@pytest.mark.parametrize("status", [None, 200, 302, 404, 500, 503])
async def test_without_the_api_s_word_nothing_is_shown(status: int | None) -> None:
    def answered(request: httpx.Request) -> httpx.Response:
        if status is None:
            raise httpx.ConnectError("away", request=request)
        return httpx.Response(status, json={"code": "whatever"})

    async with codec_before(httpx.MockTransport(answered)) as client:
        answer = await client.post("/decode", content=await _encrypted("secret"))
    assert (answer.status_code, answer.json()) == (503, {"error": "api_unavailable"})
