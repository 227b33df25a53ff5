"""Attempts without a sign-in: links of mails that are not good, notices that Stripe has not sent, messages
that are not our bank's. Those to sign in are in `test_signing_in_refused.py`; an agenda has no link of its
own."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
import stripe as sdk

from activities.gateways import stripe_webhooks
from api.app import create_app
from api.codes import ApiCode
from api.dependencies import WebhookNotice
from domain.errors import Refusal
from domain.ids import ticket_number
from domain.sign_ins import sign_link
from domain.signed_links import Link, Purpose, sign
from tests.api.frontend import KEYS, Frontend, is_problem
from tests.api.rows import a_ticket
from tests.bank.messages import PREFIX, a_message, a_report
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_person, a_technician

ANOTHER_KEY = b"another key, of thirty-two bytes or more"
STATUS = {Purpose.REVIEW: "in_review", Purpose.PAYMENT: "unpaid"}


class Mailed:
    """A good link, all that it is made of, and another client with a ticket of their own."""

    def __init__(self, api: Frontend, purpose: Purpose) -> None:
        self.api, self.purpose, self.now = api, purpose, api.clock()
        self.client, self.other = a_client(api.database), a_client(api.database)
        self.technician, status = a_technician(api.database), STATUS[purpose]
        self.ticket = a_ticket(api.database, self.client, self.technician, status=status)
        self.others = a_ticket(api.database, self.other, self.technician, status=status)
        self.good = self.link()

    def link(self, key: bytes = TOKEN_KEY, lasts: timedelta = timedelta(days=1), **changed: str) -> str:
        said: dict[str, Any] = {"purpose": self.purpose, "ticket": self.ticket, "client_id": self.client}
        return sign(key, Link(**(said | changed)), self.now + lasts)

    def claiming(self, key: bytes | str = TOKEN_KEY, algorithm: str = "HS256", **changed: object) -> str:
        claims = jwt.decode(self.good, options={"verify_signature": False}) | changed
        return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm)


def _swapped(had: Mailed) -> str:
    """The good one's signature under other claims."""
    head, _, signature = had.good.split(".")
    return ".".join((head, had.link(ticket=had.others, client_id=had.other).split(".")[1], signature))


LINKS: dict[str, Callable[[Mailed], str]] = {
    "nonsense": lambda _: "nothing",
    "truncated": lambda had: had.good[:-2],
    "altered": lambda had: had.good.replace(".", ".A", 1),
    "another one's claims": _swapped,
    "signed by another key": lambda had: had.link(ANOTHER_KEY),
    "signed by nobody": lambda had: had.claiming("", "none"),
    "signed in another way": lambda had: had.claiming(TOKEN_KEY * 2, "HS512"),
    "expired": lambda had: had.link(lasts=timedelta()),
    "without an end": lambda had: had.claiming(exp=None),
    "without a purpose": lambda had: had.claiming(aud=None),
    "without a client": lambda had: had.claiming(sub=None),
    "without a ticket": lambda had: had.claiming(ticket=None),
    "with an end that is no time": lambda had: had.claiming(exp="later"),
    "for the other purpose": lambda had: had.claiming(
        aud=next(one.value for one in Purpose if one is not had.purpose)
    ),
    "to sign in": lambda had: sign_link(TOKEN_KEY, str(uuid4()), had.now),
    "an access token": lambda had: had.api.token(had.client),
    "of another client": lambda had: had.link(client_id=had.other),
    "of another client's ticket": lambda had: had.link(ticket=had.others),
    "of its technician": lambda had: had.link(client_id=had.technician),
    "of the back office": lambda had: had.link(client_id=a_person(had.api.database, "back_office")),
    "of nobody": lambda had: had.link(client_id=str(uuid4())),
    "of no ticket": lambda had: had.link(ticket=ticket_number(9_000_000)),
    "of a number misheard": lambda had: had.link(ticket="12345678"),
}


async def refused_review(api: Frontend, token: str) -> None:
    path = f"/v1/reviews/{token}"
    for asking in (api.get(path, None), api.post(path, None, {"stars": 1})):
        assert is_problem(await api.unchanged(asking), ApiCode.REVIEW_LINK_INVALID)


async def refused_payment(api: Frontend, token: str) -> None:
    path, form = f"/v1/payments/{token}", {"key": "k"}
    for asking in (
        api.get(path, None),
        api.http.post(path, data=form),
        api.http.post(f"{path}/card", data=form),
    ):
        answer = await api.unchanged(asking)
        assert (answer.status_code, "Ce lien n’est pas valable" in answer.text) == (404, True)


REFUSED = {Purpose.REVIEW: refused_review, Purpose.PAYMENT: refused_payment}
PAGES = {Purpose.REVIEW: "/v1/reviews", Purpose.PAYMENT: "/v1/payments"}


@pytest.mark.parametrize("purpose", Purpose)
async def test_a_link_that_is_not_good_opens_nothing(
    api: Frontend, purpose: Purpose, subtests: pytest.Subtests
) -> None:
    had = Mailed(api, purpose)
    assert (await api.get(f"{PAGES[purpose]}/{had.good}", None)).status_code == 200
    for attempt, make in LINKS.items():
        with subtests.test(attempt):
            await REFUSED[purpose](api, make(had))


@pytest.mark.parametrize("purpose", Purpose)
async def test_a_good_link_ends_with_its_time_and_with_the_account(api: Frontend, purpose: Purpose) -> None:
    had = Mailed(api, purpose)
    api.clock.now += timedelta(days=1) - timedelta(seconds=1)
    assert (await api.get(f"{PAGES[purpose]}/{had.good}", None)).status_code == 200
    api.clock.advance(seconds=1)
    await REFUSED[purpose](api, had.good)
    longer = had.link(lasts=timedelta(days=9))
    assert (await api.get(f"{PAGES[purpose]}/{longer}", None)).status_code == 200
    api.database.execute("UPDATE people SET active = false WHERE id = %s", had.client)
    await REFUSED[purpose](api, longer)


@pytest.mark.parametrize("purpose", Purpose)
async def test_a_link_signs_nobody_in(api: Frontend, purpose: Purpose) -> None:
    had = Mailed(api, purpose)
    headers = {"Authorization": f"Bearer {had.good}"}
    for path in (f"/v1/tickets/{had.ticket}", "/v1/me", "/v1/cards"):
        assert is_problem(await api.http.get(path, headers=headers), ApiCode.SIGN_IN_INVALID)


SECRET, PREVIOUS = "whsec_ours", "whsec_ours_until_yesterday"
NOTICE = {"id": "evt_1", "type": "payout.paid", "data": {"object": {"id": "po_1"}}}
BODY = json.dumps(NOTICE).encode()
OTHER = json.dumps(NOTICE | {"id": "evt_2"}).encode()


def signature(at: int, secret: str = SECRET, body: bytes = BODY) -> str:
    return str(sdk.WebhookSignature.generate_signature_header(body.decode(), secret, at))


NOTICES: dict[str, Callable[[int], tuple[bytes, str | None]]] = {
    "unsigned": lambda _: (BODY, None),
    "an empty signature": lambda _: (BODY, ""),
    "nonsense": lambda _: (BODY, "genuine"),
    "a signature of nothing": lambda now: (BODY, f"t={now},v1="),
    "a signature without its time": lambda now: (BODY, signature(now).partition(",")[2]),
    "a signature truncated": lambda now: (BODY, signature(now)[:-2]),
    "in Stripe's old way": lambda now: (BODY, signature(now).replace("v1=", "v0=")),
    "signed by an endpoint that is not ours": lambda now: (BODY, signature(now, "whsec_of_another_endpoint")),
    "signed with the name of no secret": lambda now: (BODY, signature(now, " ")),
    "altered by a byte": lambda now: (BODY + b" ", signature(now)),
    "another notice's signature": lambda now: (OTHER, signature(now)),
    "old": lambda now: (BODY, signature(now - 301)),
    "of the future": lambda now: (BODY, signature(now + 301)),
    "old, under a time of today": lambda now: (
        BODY,
        signature(now - 301).replace(f"t={now - 301}", f"t={now}"),
    ),
    "of two times": lambda now: (BODY, f"t={now - 301},{signature(now)}"),
    "signed, and no notice": lambda now: (b"[]", signature(now, body=b"[]")),
    "signed, and no JSON": lambda now: (b"evt_1", signature(now, body=b"evt_1")),
}


@pytest.fixture
async def stripe_s(api: Frontend) -> AsyncIterator[Frontend]:
    """The API that checks as the real one does, at the test's own time."""

    def verified(body: bytes, header: str) -> WebhookNotice | None:
        return stripe_webhooks.verify(body, header, (SECRET, PREVIOUS), now=api.clock().timestamp())

    transport = httpx.ASGITransport(create_app(replace(api.given, verify_webhook=verified)))
    async with httpx.AsyncClient(transport=transport, base_url="https://omea.example") as http:
        yield replace(api, http=http)


async def deliver(api: Frontend, body: bytes, header: str | None) -> httpx.Response:
    headers = {"Stripe-Signature": header} if header is not None else {}
    return await api.http.post("/v1/webhooks/stripe", content=body, headers=headers)


async def test_a_notice_that_stripe_did_not_send_now_is_refused(
    stripe_s: Frontend, subtests: pytest.Subtests
) -> None:
    now = int(stripe_s.clock().timestamp())
    for attempt, make in NOTICES.items():
        with subtests.test(attempt):
            answer = await stripe_s.unchanged(deliver(stripe_s, *make(now)))
            assert is_problem(answer, ApiCode.SIGNATURE_INVALID)
    for secret in (SECRET, PREVIOUS):
        assert (await deliver(stripe_s, BODY, signature(now, secret))).status_code == 200


async def test_a_notice_replayed_is_kept_once_and_soon_refused(stripe_s: Frontend) -> None:
    header = signature(int(stripe_s.clock().timestamp()))
    for _ in range(3):
        assert (await deliver(stripe_s, BODY, header)).status_code == 200
    assert stripe_s.database.rows("SELECT id, attempts FROM webhook_events") == [("evt_1", 0)]
    stripe_s.clock.advance(seconds=301)
    replayed = await stripe_s.unchanged(deliver(stripe_s, BODY, header))
    assert is_problem(replayed, ApiCode.SIGNATURE_INVALID)


ENTITY = b'<!DOCTYPE Document [<!ENTITY us SYSTEM "file:///etc/hostname">]>'
MESSAGES: dict[str, bytes] = {
    "nothing": b"",
    "no XML": b"%PDF-1.7",
    "truncated": a_report("")[:-3],
    "another document": b"<nonsense/>",
    "in nobody's namespace": a_report("").replace(PREFIX.encode(), b"urn:x:"),
    "our own order": a_message("pain.001.001.09", "<CstmrCdtTrfInitn/>"),
    "of another kind than it says": a_message("camt.054.001.08", "<CstmrPmtStsRpt/>"),
    "with a document type": b"<!DOCTYPE Document>" + a_report(""),
    "that reads our files": ENTITY + a_report("<AddtlInf>&us;</AddtlInf>"),
}


async def bring(api: Frontend, person: str, content: bytes) -> httpx.Response:
    headers = {"Idempotency-Key": f"key-{next(KEYS)}", "Content-Type": "application/xml"}
    return await api.http.post("/v1/bank-messages", content=content, headers=api.signed_in(person) | headers)


async def test_what_is_no_message_of_a_bank_is_refused_and_not_kept(
    api: Frontend, subtests: pytest.Subtests
) -> None:
    finance = a_person(api.database, "finance")
    for attempt, content in MESSAGES.items():
        with subtests.test(attempt):
            answer = await api.unchanged(bring(api, finance, content))
            assert is_problem(answer, Refusal.NOT_A_BANK_MESSAGE)


async def test_a_message_brought_again_is_kept_once_whoever_brings_it(api: Frontend) -> None:
    for _ in range(2):
        # Temporal is away: it is kept, to be read later.
        answer = await bring(api, a_person(api.database, "finance"), a_report(""))
        assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
    assert len(api.database.rows("SELECT FROM bank_messages")) == 1
