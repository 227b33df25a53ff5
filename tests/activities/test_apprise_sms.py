"""The real adapter through real HTTP, to a provider that takes a message or does not."""

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote

import pytest

from activities.gateways.apprise_sms import AppriseSms
from activities.gateways.sms import SmsUnavailable

NUMBER = "+33612345678"


@dataclass
class Provider:
    answer: int = 200
    port: int = 0
    taken: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/secret-key/{{number}}"


@pytest.fixture
def provider() -> Iterator[Provider]:
    at_work = Provider()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if at_work.answer == 200:
                at_work.taken.append((unquote(self.path).rsplit("/", 1)[1], body["message"]))
            self.send_response(at_work.answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Desk)
    at_work.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield at_work
    server.shutdown()
    thread.join()
    server.server_close()


async def test_each_goes_to_its_own_number_word_for_word(provider: Provider) -> None:
    sms = AppriseSms(provider.url)
    await sms.send(NUMBER, "OmeaSupport : rendez-vous à 14 h, <b>demain</b> & après")
    await sms.send("+33700000001", "Second")
    assert provider.taken == [
        (NUMBER, "OmeaSupport : rendez-vous à 14 h, <b>demain</b> & après"),
        ("+33700000001", "Second"),
    ]


@pytest.mark.parametrize("answer", [401, 500])
async def test_what_the_provider_does_not_take_is_told_without_a_number(
    provider: Provider, answer: int, caplog: pytest.LogCaptureFixture
) -> None:
    provider.answer = answer
    caplog.set_level(logging.DEBUG)
    sms = AppriseSms(provider.url)
    with pytest.raises(SmsUnavailable) as refused:
        await sms.send(NUMBER, "Bonjour")
    for said in (str(refused.value), caplog.text):
        assert "612345678" not in said
        assert "secret-key" not in said


async def test_a_provider_that_is_away_is_tried_again_later() -> None:
    with pytest.raises(SmsUnavailable):
        await AppriseSms("json://127.0.0.1:9/{number}").send(NUMBER, "Bonjour")


@pytest.mark.parametrize(
    "url", ["json://127.0.0.1/", "json://127.0.0.1/{number}/{number}", "nonsense://key/{number}"]
)
def test_a_url_that_leads_nowhere_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ValueError, match="not an apprise url") as refused:
        AppriseSms(url)
    assert url not in str(refused.value)
