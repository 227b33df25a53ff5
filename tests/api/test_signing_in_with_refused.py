"""Answers of an issuer that are not one: forged, swapped, replayed, for others. They sign nobody in."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from joserfc import jws, jwt

from api.codes import STATUS, ApiCode
from api.french_refusals import SENTENCES
from deploy.sandbox.oidc.app import new_key
from domain.french import typeset
from tests.api.browsers import SIGN_IN
from tests.api.frontend import Frontend
from tests.api.issuers import AT_ISSUER, CLIENT_SECRET, Forging, Issuers, changed, open_issuers
from tests.support.people import a_client, a_person

Claims = dict[str, Any]
REFUSED, UNKNOWN = ApiCode.ISSUER_ANSWER_REFUSED, ApiCode.IDENTITY_UNKNOWN


@pytest.fixture
async def issuers(api: Frontend) -> AsyncIterator[Issuers]:
    async with open_issuers(api) as opened:
        yield opened


def part(content: object) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_secret(header: Claims, claims: Claims, secret: bytes) -> str:
    """HS256, by hand: libraries refuse a public key for a secret."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def with_public_key(issuing: Forging, claims: Claims) -> str:
    return by_secret({"alg": "HS256", "kid": issuing.key.kid}, claims, issuing.key.as_pem(private=False))


def own_key(issuing: Forging, claims: Claims) -> str:
    """The key comes with the token."""
    key = new_key()
    header = {"alg": "ES256", "kid": issuing.key.kid, "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key)


def saying(**changed_claims: object) -> Callable[[Forging, Claims], str]:
    """Properly signed, with other claims; None takes one away. Numbers of times are seconds from now."""

    def signed(issuing: Forging, claims: Claims) -> str:
        now = int(issuing.clock().timestamp())
        for name, value in changed_claims.items():
            claims[name] = now + value if name in {"exp", "iat"} and isinstance(value, int) else value
        return issuing.properly({name: value for name, value in claims.items() if value is not None})

    return signed


def not_text(name: str) -> Callable[[Forging, Claims], str]:
    """Half a pair of UTF-16, which JSON can say and no other text."""

    def signed(issuing: Forging, claims: Claims) -> str:
        content = json.dumps(claims | {name: "\ud800"}).encode()
        return jws.serialize_compact({"alg": "ES256", "kid": issuing.key.kid}, content, issuing.key)

    return signed


def altered(issuing: Forging, claims: Claims) -> str:
    header, _, signature = issuing.properly(claims).split(".")
    return f"{header}.{part(claims | {'sub': 'subject-2'})}.{signature}"


TOKENS: dict[str, Callable[[Forging, Claims], str]] = {
    "signed by another key of that name": lambda one, claims: jwt.encode(
        {"alg": "ES256", "kid": one.key.kid}, claims, new_key()
    ),
    "signed by an unknown key": lambda _, claims: jwt.encode({"alg": "ES256", "kid": "x"}, claims, new_key()),
    "signed by a key that it brings": own_key,
    "altered": altered,
    "truncated": lambda one, claims: one.properly(claims)[:-4],
    "no token": lambda *_: "not.a.token",
    "nothing": lambda *_: "",
    "signed by nobody": lambda one, claims: f"{part({'alg': 'none', 'kid': one.key.kid})}.{part(claims)}.",
    "signed by the public key as a secret": with_public_key,
    "signed by our secret": lambda one, claims: by_secret(
        {"alg": "HS256", "kid": one.key.kid}, claims, CLIENT_SECRET.encode()
    ),
    "for another audience": saying(aud="another service"),
    "for no audience": saying(aud=None),
    "for two audiences, without a party": saying(aud=["omeasupport", "another service"]),
    "for another party": saying(azp="another service"),
    "of another issuer": saying(iss="https://two.example"),
    "of the issuer, almost": saying(iss="https://one.example/"),
    "expired": saying(exp=-61),
    "without an end": saying(exp=None),
    "without a beginning": saying(iat=None),
    "with words for times": saying(exp="never"),
    "from the future": saying(iat=120),
    "of an hour ago": saying(iat=-3600),
    "with another nonce": saying(nonce="A" * 43),
    "without a nonce": saying(nonce=None),
    "beside another access token": saying(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "of nobody": saying(sub=None),
    "of an empty subject": saying(sub=""),
    "of a subject that no text is": not_text("sub"),
    "with a nonce that no text is": not_text("nonce"),
}


async def nobody_is_signed_in(issuers: Issuers, answer: httpx.Response, code: ApiCode) -> None:
    assert answer.status_code == STATUS[code], answer.text
    assert typeset(SENTENCES[code]) in answer.text
    assert (issuers.signed_in(), issuers.identities()) == ([], [])
    assert SIGN_IN not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("attempt", TOKENS)
async def test_a_token_that_is_not_one_signs_nobody_in(issuers: Issuers, attempt: str) -> None:
    a_person(issuers.api.database, "client", mail="claire@example.fr")
    subject = issuers.knows("claire@example.fr")
    browser = issuers.browsers.one()
    issuers.issuing().sign = TOKENS[attempt]
    await nobody_is_signed_in(issuers, await issuers.go(browser, subject), REFUSED)
    issuers.issuing().sign = None
    assert (await issuers.go(browser, subject)).headers["location"] == "/v1/sign-in/done"


PEOPLE: dict[str, Callable[[Forging, Claims], str]] = {
    "an address that was not verified": saying(email_verified=False),
    "an address of which nothing is said": saying(email_verified=None),
    "a word for yes": saying(email_verified="true"),
    "no address": saying(email=None),
    "an address of nobody": saying(email="nobody@example.fr"),
    "an address of a closed account": saying(email="closed@example.fr"),
    "the address of the service": saying(email="system@example.fr"),
    "an address of who may not come by it": saying(email="technician@example.fr"),
    "two addresses": saying(email=["claire@example.fr"]),
    # A Kelvin sign, whose small letter is a k.
    "letters that look alike": saying(email="\u212aarim@example.fr"),
}


async def test_an_address_that_opens_no_account_leads_to_one_page_the_same_for_all(issuers: Issuers) -> None:
    database = issuers.api.database
    for role in ("system", "technician"):
        a_person(database, role, mail=f"{role}@example.fr")
    for name in ("claire", "karim", "closed"):
        a_person(database, "client", mail=f"{name}@example.fr")
    database.execute("UPDATE people SET active = false WHERE mail = 'closed@example.fr'")
    subject = issuers.knows("claire@example.fr")
    pages = {}
    for attempt, sign in PEOPLE.items():
        issuers.issuing().sign = sign
        answer = await issuers.go(issuers.browsers.one(), subject)
        await nobody_is_signed_in(issuers, answer, UNKNOWN)
        pages[attempt] = answer.text
    assert len(set(pages.values())) == 1
    assert "Connectez-vous par courriel" in pages["no address"]


async def test_an_issuer_that_is_not_trusted_for_addresses_opens_no_account_by_one(api: Frontend) -> None:
    async with open_issuers(api, trusted=False) as issuers:
        a_person(api.database, "client", mail="claire@example.fr")
        subject = issuers.knows("claire@example.fr")
        await nobody_is_signed_in(issuers, await issuers.go(issuers.browsers.one(), subject), UNKNOWN)


async def test_an_identity_opens_no_closed_account_nor_one_whose_role_has_changed(issuers: Issuers) -> None:
    database = issuers.api.database
    person = a_client(database)
    database.execute(
        "INSERT INTO identities (person_id, issuer, subject, linked_at) "
        "VALUES (%s, 'https://one.example', 'subject-1', now())",
        person,
    )
    subject = issuers.knows("other@example.fr")
    for change in ("active = false", "active = true, role = 'technician'"):
        database.execute(f"UPDATE people SET {change} WHERE id = %s", person)
        answer = await issuers.go(issuers.browsers.one(), subject)
        assert (answer.status_code, issuers.signed_in()) == (403, [])


async def test_an_address_that_has_changed_hands_does_not_open_the_account_of_before(
    issuers: Issuers,
) -> None:
    person = a_person(issuers.api.database, "client", mail="claire@example.fr")
    await issuers.go(issuers.browsers.one(), issuers.knows("claire@example.fr"))
    answer = await issuers.go(issuers.browsers.one(), issuers.knows("claire@example.fr", "subject-2"))
    assert answer.status_code == STATUS[UNKNOWN]
    assert issuers.signed_in() == [person]


class Somebody:
    """A browser that was sent to an issuer and let in there, and all that a thief may do with the answer."""

    def __init__(self, issuers: Issuers, subject: str) -> None:
        self.issuers, self.subject = issuers, subject
        self.browser, self.other = issuers.browsers.one(), issuers.browsers.one()

    async def answer(self) -> str:
        return await self.issuers.came_back(self.browser, self.subject)

    async def with_changed(self, **values: str | None) -> httpx.Response:
        return await self.browser.get(changed(await self.answer(), **values))

    async def state_said_twice(self) -> httpx.Response:
        return await self.browser.get(await self.answer() + "&state=another")

    async def in_a_browser_that_asked_nothing(self) -> httpx.Response:
        return await self.other.get(await self.answer())

    async def in_a_browser_that_asked_too(self) -> httpx.Response:
        await self.issuers.sent(self.other)
        return await self.other.get(await self.answer())

    async def code_of_another_browser(self) -> httpx.Response:
        """Brought with the right state: the code was asked for with another verifier."""
        theirs = await self.issuers.came_back(self.other, self.subject)
        code = httpx.URL(theirs).params["code"]
        return await self.browser.get(changed(await self.answer(), code=code))

    async def asked_again_meanwhile(self) -> httpx.Response:
        before = await self.answer()
        await self.issuers.sent(self.browser)
        return await self.browser.get(before)

    async def cookie_altered(self) -> httpx.Response:
        address = await self.answer()
        head, claims, signature = str(self.browser.cookie(AT_ISSUER)).split(".")
        self.other.take(AT_ISSUER, f"{head}.{claims[:-2]}AA.{signature}")
        return await self.other.get(address)

    async def cookie_of_another_kind(self) -> httpx.Response:
        address = await self.answer()
        self.other.take(
            AT_ISSUER, self.issuers.browsers.a_link(a_client(self.issuers.api.database), self.other)
        )
        return await self.other.get(address)

    async def too_late(self) -> httpx.Response:
        address = await self.answer()
        self.issuers.api.clock.advance(minutes=10)
        return await self.browser.get(address)

    async def at_the_other_issuers_address(self) -> httpx.Response:
        return await self.browser.get((await self.answer()).replace("/with/one/", "/with/two/"))

    async def mixed_up(self) -> httpx.Response:
        """Sent to the second, which sent on to the first: its answer arrives at the second's address."""
        state = httpx.URL(await self.issuers.sent(self.browser, "two")).params["state"]
        code = httpx.URL(await self.issuers.came_back(self.other, self.subject)).params["code"]
        back = f"/v1/sign-in/with/two/back?state={state}&code={code}&iss=https://one.example"
        return await self.browser.get(back)

    async def at_no_issuers_address(self) -> httpx.Response:
        return await self.browser.get((await self.answer()).replace("/with/one/", "/with/none/"))

    async def cancelled(self) -> httpx.Response:
        return await self.issuers.go(self.browser, "")


CALLBACKS: dict[str, Callable[[Somebody], Awaitable[httpx.Response]]] = {
    "another state": lambda one: one.with_changed(state="A" * 43),
    "no state": lambda one: one.with_changed(state=None),
    "two states": Somebody.state_said_twice,
    "no code": lambda one: one.with_changed(code=None),
    "another code": lambda one: one.with_changed(code="another"),
    "an error beside the code": lambda one: one.with_changed(error="access_denied"),
    "said to be of another issuer": lambda one: one.with_changed(iss="https://two.example"),
    "not said to be of the issuer": lambda one: one.with_changed(iss=None),
    "in a browser that asked nothing": Somebody.in_a_browser_that_asked_nothing,
    "in a browser that asked too": Somebody.in_a_browser_that_asked_too,
    "a code of another browser": Somebody.code_of_another_browser,
    "asked again meanwhile": Somebody.asked_again_meanwhile,
    "a cookie that was altered": Somebody.cookie_altered,
    "a cookie of another kind": Somebody.cookie_of_another_kind,
    "too late": Somebody.too_late,
    "at the other issuer's address": Somebody.at_the_other_issuers_address,
    "mixed up": Somebody.mixed_up,
    "cancelled": Somebody.cancelled,
}


@pytest.mark.parametrize("attempt", CALLBACKS)
async def test_an_answer_that_is_not_this_browsers_signs_nobody_in(issuers: Issuers, attempt: str) -> None:
    a_person(issuers.api.database, "client", mail="claire@example.fr")
    somebody = Somebody(issuers, issuers.knows("claire@example.fr"))
    await nobody_is_signed_in(issuers, await CALLBACKS[attempt](somebody), REFUSED)


async def test_an_issuer_that_nobody_configured_leads_nowhere(issuers: Issuers) -> None:
    somebody = Somebody(issuers, issuers.knows("claire@example.fr"))
    missing = ApiCode.ISSUER_NOT_FOUND
    await nobody_is_signed_in(issuers, await somebody.at_no_issuers_address(), missing)
    await nobody_is_signed_in(issuers, await somebody.browser.send_form("/v1/sign-in/with/none"), missing)


async def test_an_answer_is_good_once_even_with_the_cookie_of_before(issuers: Issuers) -> None:
    person = a_person(issuers.api.database, "client", mail="claire@example.fr")
    somebody = Somebody(issuers, issuers.knows("claire@example.fr"))
    address = await somebody.answer()
    had = str(somebody.browser.cookie(AT_ISSUER))
    assert (await somebody.browser.get(address)).status_code == 303
    assert somebody.browser.cookie(AT_ISSUER) is None
    assert (await somebody.browser.get(address)).status_code == 403
    for browser in (somebody.browser, somebody.other):
        browser.take(AT_ISSUER, had)
        assert (await browser.get(address)).status_code == 403
    assert issuers.signed_in() == [person]


@pytest.mark.parametrize("route", ["/v1/sign-in/with/one", "/v1/sign-in/with/one/link"])
async def test_another_site_sends_nobody_there(issuers: Issuers, route: str) -> None:
    browser = await issuers.browsers.signed_in(a_client(issuers.api.database))
    answer = await browser.http.post(route, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, browser.cookie(AT_ISSUER)) == (403, None)


async def test_of_two_identities_that_come_at_once_by_an_address_one_is_believed(issuers: Issuers) -> None:
    """An address that changed hands at the issuer: the account is opened to one of its two subjects."""
    person = a_person(issuers.api.database, "client", mail="claire@example.fr")
    backs = []
    for number in range(6):
        browser = issuers.browsers.one()
        subject = issuers.knows("claire@example.fr", f"subject-{number}")
        backs.append((browser, await issuers.came_back(browser, subject)))
    answers = await asyncio.gather(*(browser.get(back) for browser, back in backs))
    assert sorted(answer.status_code for answer in answers) == [303] + [STATUS[UNKNOWN]] * 5
    assert [owner for owner, *_ in issuers.identities()] == [person]
