import json
from collections.abc import AsyncIterator

import httpx
import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payloads

from deploy.codec_server import build
from deploy.encryption import data_converter
from deploy.settings import read_codec_server_settings
from tests.deploy.conftest import a_key

UI = "http://127.0.0.1:8233"
SETTINGS = read_codec_server_settings(
    {"OMEA_ENVIRONMENT": "sandbox", "PAYLOAD_KEY": a_key("payload"), "CODEC_UI_ORIGIN": UI}
)


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build(SETTINGS))
    async with httpx.AsyncClient(transport=transport, base_url="http://codec") as client:
        yield client


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
