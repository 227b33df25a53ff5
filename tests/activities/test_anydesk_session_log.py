"""The adapter over real HTTP: to AnyDesk's sandbox in a process of its own, or to one that misbehaves."""

import itertools
import json
import logging
import signal
import threading
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from activities.gateways import anydesk_session_log
from activities.gateways.anydesk_session_log import AnyDeskSessionLog, signature
from activities.gateways.session_log import LoggedSession, SessionLogRefused, SessionLogUnavailable
from deploy.sandbox.ports import free_port
from tests.support.anydesk_sandbox import (
    API_KEY,
    CLIENT,
    LICENCE,
    TECHNICIAN,
    AnyDeskSandbox,
    a_session,
    running_anydesk,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
STRANGER = 555_555_555


@pytest.fixture
def anydesk() -> Iterator[AnyDeskSandbox]:
    with running_anydesk() as sandbox:
        yield sandbox


@asynccontextmanager
async def adapter(url: str, licence: str = LICENCE, key: str = API_KEY, **more: Any) -> AsyncIterator[Any]:
    log = AnyDeskSessionLog(url, licence, key, **more)
    try:
        yield log
    finally:
        await log.close()


async def logged(url: str, **more: Any) -> tuple[LoggedSession, ...]:
    """Of our client, from noon to one."""
    async with adapter(url, **more) as log:
        found: tuple[LoggedSession, ...] = await log.logged(str(CLIENT), NOON, NOON + HOUR)
        return found


@contextmanager
def answering(status: int, body: bytes | Iterator[bytes]) -> Iterator[str]:
    """A server that gives everybody the same answer, or the next one."""
    bodies = itertools.repeat(body) if isinstance(body, bytes) else body

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = next(bodies)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("method", "resource", "body", "token"),
    [
        ("GET", "/sessions?cid=123456789&direction=inout&limit=100", b"", "Q8ZuyTHw/BDyZ2Wr6EIClj4Aoq8="),
        (
            "PATCH",
            "/sessions/900537412",
            b'{"comment":"Ticket 48291573"}',
            "7HAhn3/7MpPZ16gHnAu6xNPHPgA=",
        ),
    ],
)
def test_a_request_is_signed_as_openssl_signs_it(method: str, resource: str, body: bytes, token: str) -> None:
    """`printf '<the four lines>' | openssl dgst -sha1 -hmac 'clé-du-test' -binary | base64`"""
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert signature("1438129266231705", "clé-du-test", method, resource, at, body) == (
        f"AD 1438129266231705:1795420800:{token}"
    )


async def test_only_what_is_over_overlaps_and_is_theirs_is_logged(anydesk: AnyDeskSandbox) -> None:
    anydesk.add(
        a_session(1, NOON - HOUR, NOON),  # over when the time begins
        a_session(2, NOON - 5 * HOUR, NOON + 20 * MINUTE),
        a_session(3, NOON + 30 * MINUTE, NOON + 3 * HOUR, caller=CLIENT, called=TECHNICIAN),
        a_session(4, NOON + 40 * MINUTE, None),  # under way
        a_session(5, NOON + 10 * MINUTE, NOON + 20 * MINUTE, called=STRANGER),
        a_session(6, NOON + HOUR, NOON + 2 * HOUR),  # begins when the time is over
        a_session(7, NOON + 10 * MINUTE, NOON + 11 * MINUTE),
    )
    assert await logged(anydesk.url) == (
        LoggedSession("2", NOON - 5 * HOUR, NOON + 20 * MINUTE, 5 * 3600 + 1200),
        LoggedSession("7", NOON + 10 * MINUTE, NOON + 11 * MINUTE, 60),
        LoggedSession("3", NOON + 30 * MINUTE, NOON + 3 * HOUR, 9000),
    )


async def test_all_pages_are_read(anydesk: AnyDeskSandbox) -> None:
    second = timedelta(seconds=1)
    anydesk.add(*(a_session(sid, NOON + sid * second, NOON + HOUR) for sid in range(1, 251)))
    assert [one.reference for one in await logged(anydesk.url)] == [str(sid) for sid in range(1, 251)]


@pytest.mark.parametrize(("licence", "key"), [("another", API_KEY), (LICENCE, "another")])
async def test_a_wrong_licence_or_key_is_a_refusal(anydesk: AnyDeskSandbox, licence: str, key: str) -> None:
    with pytest.raises(SessionLogRefused, match="answered 401"):
        await logged(anydesk.url, licence=licence, key=key)


async def test_a_forbidden_log_is_a_refusal() -> None:
    with answering(403, b"{}") as url, pytest.raises(SessionLogRefused, match="answered 403"):
        await logged(url)


async def test_a_request_is_signed_by_the_clock_it_is_given(anydesk: AnyDeskSandbox) -> None:
    with pytest.raises(SessionLogRefused, match="clock"):
        await logged(anydesk.url, clock=lambda: datetime.now(UTC) - timedelta(minutes=6))
    assert await logged(anydesk.url, clock=lambda: datetime.now(UTC) - timedelta(minutes=4)) == ()


async def test_a_log_that_hangs_is_unavailable_in_time_and_read_once_it_answers_again(
    anydesk: AnyDeskSandbox,
) -> None:
    anydesk.add(a_session(1, NOON, NOON + HOUR))
    anydesk.server.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(SessionLogUnavailable, match="ReadTimeout"):
            await logged(anydesk.url, timeout_seconds=0.3)
    finally:
        anydesk.server.send_signal(signal.SIGCONT)
    assert len(await logged(anydesk.url)) == 1


async def test_a_log_that_is_away_is_unavailable() -> None:
    with pytest.raises(SessionLogUnavailable, match="ConnectError"):
        await logged(f"http://127.0.0.1:{free_port()}")


def a_page(**changes: Any) -> bytes:
    session = a_session(1, NOON, NOON + HOUR) | {"active": False, "duration": 3600} | changes
    return json.dumps({"list": [session]}).encode()


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (500, b"", "answered 500"),
        (429, b"", "answered 429"),
        (302, b"", "answered 302"),
        (400, b"{}", "answered 400"),
        (200, b"<html>", "malformed answer: body, json_invalid"),
        (200, b"", "malformed answer: body, json_invalid"),
        (200, b"[]", "malformed answer: body, model_type"),
        (200, b"{}", "malformed answer: list, missing"),
        (200, a_page(**{"start-time": "noon"}), "malformed answer: list.0.start-time, int_parsing"),
        (200, a_page(**{"start-time": 10**15}), "malformed answer: list.0.start-time, less_than_equal"),
        (200, a_page(**{"end-time": -1}), "malformed answer: list.0.end-time, greater_than_equal"),
        (200, a_page(duration=2**31), "malformed answer: list.0.duration, less_than"),
        (200, a_page(to={"cid": "claire@ad"}), "malformed answer: list.0.to.cid, int_parsing"),
        (200, a_page(sid=""), "malformed answer: list.0.sid.constrained-str, string_too_short"),
    ],
)
async def test_an_answer_that_is_of_no_use_is_a_breakdown_that_quotes_nothing(
    status: int, body: bytes, message: str
) -> None:
    with answering(status, body) as url, pytest.raises(SessionLogUnavailable) as raised:
        await logged(url)
    assert str(raised.value) == message
    told = "".join(traceback.format_exception(raised.value))
    assert [secret for secret in (str(CLIENT), str(TECHNICIAN), "claire@ad") if secret in told] == []


async def test_a_server_that_gives_the_same_page_for_ever_is_read_once() -> None:
    with answering(200, a_page()) as url:
        assert await logged(url) == (LoggedSession("1", NOON, NOON + HOUR, 3600),)


async def test_a_log_without_an_end_is_a_breakdown() -> None:
    pages = (a_page(sid=sid) for sid in itertools.count(1))
    with answering(200, pages) as url, pytest.raises(SessionLogUnavailable, match="no end after 20 pages"):
        await logged(url)


async def test_all_pages_together_have_a_time_out(
    anydesk: AnyDeskSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anydesk_session_log, "READING_SECONDS", 0.3)
    anydesk.server.send_signal(signal.SIGSTOP)
    with pytest.raises(SessionLogUnavailable, match="not read to its end"):
        await logged(anydesk.url)


@pytest.mark.parametrize(
    "changes",
    [{"end-time": None}, {"active": True}, {"to": {"cid": STRANGER}}, {"start-time": 0, "end-time": 9}],
)
async def test_what_was_not_asked_for_is_left_out_whatever_the_server_filters(
    changes: dict[str, Any],
) -> None:
    with answering(200, a_page(**changes)) as url:
        assert await logged(url) == ()


async def test_no_anydesk_id_is_logged(anydesk: AnyDeskSandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    anydesk.add(a_session(1, NOON, NOON + HOUR))
    assert len(await logged(anydesk.url)) == 1
    assert str(CLIENT) not in caplog.text
