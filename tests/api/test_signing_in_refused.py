"""Attempts to be somebody else: forged, replayed, expired, swapped, truncated, each of them refused."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import uuid4

import httpx
import jwt
import pytest

from api import cookies
from api.auth import AUDIENCE, issue_token
from api.codes import ApiCode
from domain.sign_ins import LINK_AUDIENCE, fingerprint, read_link
from domain.signed_links import Purpose
from tests.api.browsers import ASKING, SIGN_IN, Browser, Browsers, open_browsers
from tests.api.frontend import Frontend, is_problem
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_person

ANOTHER_KEY = b"another key, of thirty-two bytes or more"
INVALID, EXPIRED = ApiCode.SIGN_IN_INVALID, ApiCode.SIGN_IN_EXPIRED
DEAD, ELSEWHERE = ApiCode.SIGN_IN_LINK_INVALID, ApiCode.SIGN_IN_LINK_ELSEWHERE
PAGES = {DEAD: (404, "La connexion n’a pas pu se faire"), ELSEWHERE: (403, "Ce n’est pas le bon navigateur")}


@pytest.fixture
async def browsers(api: Frontend) -> AsyncIterator[Browsers]:
    async with open_browsers(api) as opened:
        yield opened


class Stolen:
    """All that a person has by being signed in, as an attacker may have got hold of it."""

    def __init__(self, browsers: Browsers, person: str, browser: Browser, tokens: tuple[str, str]) -> None:
        self.browsers, self.person, self.browser = browsers, person, browser
        self.api, self.now = browsers.api, browsers.api.clock()
        self.cookie = str(browser.cookie(SIGN_IN))
        self.access, self.refresh = tokens
        self.unused = browsers.one()
        self.link = browsers.a_link(person, self.unused)
        self.asking = str(self.unused.cookie(ASKING))
        self.sign_in = str(jwt.decode(self.access, options={"verify_signature": False})["sub"])

    def signed(self, key: bytes | str = TOKEN_KEY, algorithm: str = "HS256", **changed: object) -> str:
        claims = {"sub": self.sign_in, "aud": AUDIENCE, "exp": int(self.now.timestamp()) + 900} | changed
        return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm)

    def signed_link(self, key: bytes | str = TOKEN_KEY, algorithm: str = "HS256", **changed: object) -> str:
        link = read_link(self.link, TOKEN_KEY)
        claims = {"sub": link, "aud": LINK_AUDIENCE, "exp": int(self.now.timestamp()) + 900} | changed
        return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm)


@pytest.fixture
async def stolen(browsers: Browsers) -> Stolen:
    person = a_client(browsers.api.database)
    browser = await browsers.signed_in(person)
    return Stolen(browsers, person, browser, await browser.tokens())


COOKIES: dict[str, Callable[[Stolen], str]] = {
    "nothing": lambda _: "",
    "forged": lambda _: cookies.new_secret(),
    "truncated": lambda had: had.cookie[:-1],
    "longer": lambda had: had.cookie + "A",
    "in capitals": lambda had: had.cookie.upper(),
    "what the database keeps": lambda had: fingerprint(had.cookie),
    "the id of the sign-in": lambda had: had.sign_in,
    "the id of the person": lambda had: had.person,
    "an access token": lambda had: had.access,
    "a refresh token": lambda had: had.refresh,
    "a link": lambda had: had.link,
    "the cookie of a browser that asks": lambda had: had.asking,
}


@pytest.mark.parametrize("attempt", COOKIES)
async def test_a_cookie_that_is_not_one_signs_nobody_in(stolen: Stolen, attempt: str) -> None:
    browser = stolen.browsers.one()
    browser.take(SIGN_IN, COOKIES[attempt](stolen))
    before = stolen.api.database.counts()
    assert is_problem(await browser.get("/v1/me"), INVALID)
    assert is_problem(await browser.post("/v1/tokens"), INVALID)
    assert is_problem(await browser.post("/v1/sign-out"), INVALID)
    assert (await browser.get("/v1/sign-in/done")).headers["location"] == "/v1/sign-in"
    assert stolen.api.database.counts() == before
    assert (await stolen.browser.get("/v1/me")).status_code == 200


TOKENS: dict[str, tuple[Callable[[Stolen], str], ApiCode]] = {
    "nonsense": (lambda _: "not.a.token", INVALID),
    "truncated": (lambda had: had.access[:-2], INVALID),
    "signed by another key": (lambda had: had.signed(ANOTHER_KEY), INVALID),
    "signed by nobody": (lambda had: had.signed("", "none"), INVALID),
    "signed in another way": (lambda had: had.signed(TOKEN_KEY * 2, "HS512"), INVALID),
    "for another service": (lambda had: had.signed(aud="another service"), INVALID),
    "without an audience": (lambda had: had.signed(aud=None), INVALID),
    "without an end": (lambda had: had.signed(exp=None), INVALID),
    "without a name": (lambda had: had.signed(sub=None), INVALID),
    "of a sign-in that never was": (lambda had: had.signed(sub=str(uuid4())), INVALID),
    "that names the person, as of old": (lambda had: had.signed(sub=had.person), INVALID),
    "expired": (lambda had: had.signed(exp=int(had.now.timestamp())), EXPIRED),
    "a refresh token": (lambda had: had.refresh, INVALID),
    "a cookie": (lambda had: had.cookie, INVALID),
    "a link": (lambda had: had.link, INVALID),
    "of a link's kind": (lambda had: had.signed(aud=LINK_AUDIENCE), INVALID),
}


@pytest.mark.parametrize("attempt", TOKENS)
async def test_a_bearer_token_that_is_not_one_signs_nobody_in(stolen: Stolen, attempt: str) -> None:
    make, code = TOKENS[attempt]
    headers = {"Authorization": f"Bearer {make(stolen)}"}
    before = stolen.api.database.counts()
    for browser in (stolen.browsers.one(), stolen.browser):
        # A cookie beside it does not help.
        assert is_problem(await browser.http.get("/v1/me", headers=headers), code)
    assert stolen.api.database.counts() == before
    good = {"Authorization": f"Bearer {stolen.access}"}
    assert (await stolen.browsers.one().http.get("/v1/me", headers=good)).status_code == 200


async def test_a_token_makes_no_other(stolen: Stolen) -> None:
    headers = {"Authorization": f"Bearer {stolen.access}"}
    answer = await stolen.browsers.one().http.post("/v1/tokens", headers=headers)
    assert is_problem(answer, ApiCode.NOT_SIGNED_IN)


REFRESH: dict[str, Callable[[Stolen], str]] = {
    "nothing": lambda _: "",
    "forged": lambda _: cookies.new_secret(),
    "truncated": lambda had: had.refresh[:-1],
    "what the database keeps": lambda had: fingerprint(had.refresh),
    "the id of the sign-in": lambda had: had.sign_in,
    "a cookie": lambda had: had.cookie,
    "the cookie of a browser that asks": lambda had: had.asking,
    "an access token": lambda had: had.access,
    "a link": lambda had: had.link,
}


async def exchange(browsers: Browsers, token: str) -> httpx.Response:
    return await browsers.one().post("/v1/tokens/refresh", {"refresh_token": token})


@pytest.mark.parametrize("attempt", REFRESH)
async def test_a_refresh_token_that_is_not_one_is_exchanged_for_nothing(stolen: Stolen, attempt: str) -> None:
    before = stolen.api.database.counts()
    assert is_problem(await exchange(stolen.browsers, REFRESH[attempt](stolen)), INVALID)
    assert stolen.api.database.counts() == before
    # Whoever guesses ends nobody's sign-in.
    assert (await exchange(stolen.browsers, stolen.refresh)).status_code == 201


@pytest.mark.parametrize("thief_is_first", [True, False])
async def test_a_refresh_token_used_twice_ends_the_sign_in(stolen: Stolen, thief_is_first: bool) -> None:
    first = (await exchange(stolen.browsers, stolen.refresh)).json()
    if not thief_is_first:
        # The owner has gone on since.
        first = (await exchange(stolen.browsers, first["refresh_token"])).json()
    assert is_problem(await exchange(stolen.browsers, stolen.refresh), INVALID)
    # Nobody knows which of the two is the thief: both are out, and the cookie with them.
    assert is_problem(await exchange(stolen.browsers, first["refresh_token"]), INVALID)
    for access in (stolen.access, first["access_token"]):
        headers = {"Authorization": f"Bearer {access}"}
        assert is_problem(await stolen.browsers.one().http.get("/v1/me", headers=headers), INVALID)
    assert is_problem(await stolen.browser.get("/v1/me"), INVALID)


async def test_of_two_exchanges_at_the_same_time_one_is_the_second(stolen: Stolen) -> None:
    answers = await asyncio.gather(*(exchange(stolen.browsers, stolen.refresh) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]
    assert is_problem(await stolen.browser.get("/v1/me"), INVALID)


LINKS: dict[str, tuple[Callable[[Stolen], str], ApiCode]] = {
    "nonsense": (lambda _: "nothing", DEAD),
    "truncated": (lambda had: had.link[:-2], DEAD),
    "signed by another key": (lambda had: had.signed_link(ANOTHER_KEY), DEAD),
    "signed by nobody": (lambda had: had.signed_link("", "none"), DEAD),
    "signed in another way": (lambda had: had.signed_link(TOKEN_KEY * 2, "HS512"), DEAD),
    "without an end": (lambda had: had.signed_link(exp=None), DEAD),
    "without an audience": (lambda had: had.signed_link(aud=None), DEAD),
    "for a review": (lambda had: had.signed_link(aud=Purpose.REVIEW.value), DEAD),
    "for a payment": (lambda had: had.signed_link(aud=Purpose.PAYMENT.value), DEAD),
    "that never was": (lambda had: had.signed_link(sub=str(uuid4())), DEAD),
    "that names the person": (lambda had: had.signed_link(sub=had.person), DEAD),
    "that names a sign-in": (lambda had: had.signed_link(sub=had.sign_in), DEAD),
    "an access token": (lambda had: had.access, DEAD),
    "a longer life than its row": (lambda had: later(had), DEAD),
    "of an address that nobody has": (lambda had: of_nobody(had), DEAD),
    "of another browser": (lambda had: had.browsers.a_link(had.person, another(had)), ELSEWHERE),
    "of another person, asked for elsewhere": (lambda had: of_another(had), ELSEWHERE),
}


def another(had: Stolen) -> Browser:
    browser = had.browsers.one()
    browser.take(ASKING, cookies.new_secret())
    return browser


def of_another(had: Stolen) -> str:
    return had.browsers.a_link(a_person(had.api.database, "finance"), another(had))


def later(had: Stolen) -> str:
    had.api.database.execute(
        "UPDATE sign_in_links SET asked_at = asked_at - interval '15 minutes' WHERE used_at IS NULL"
    )
    return had.signed_link(exp=int(had.now.timestamp()) + 86_400)


def of_nobody(had: Stolen) -> str:
    token = had.browsers.a_link(had.person, had.unused)
    had.api.database.execute(
        "UPDATE sign_in_links SET person_id = NULL WHERE id = %s", read_link(token, TOKEN_KEY)
    )
    return token


async def is_refused(had: Stolen, browser: Browser, token: str, code: ApiCode) -> None:
    status, title = PAGES[code]
    before = had.api.database.counts()
    used = had.api.database.rows("SELECT id, used_at FROM sign_in_links ORDER BY id")
    for answer in (
        await browser.get(f"/v1/sign-in/links/{token}"),
        await browser.send_form(f"/v1/sign-in/links/{token}"),
    ):
        assert answer.status_code == status
        assert title in answer.text
        assert 'href="/v1/sign-in"' in answer.text
        assert "set-cookie" not in answer.headers
    assert had.api.database.counts() == before
    assert had.api.database.rows("SELECT id, used_at FROM sign_in_links ORDER BY id") == used


@pytest.mark.parametrize("attempt", LINKS)
async def test_a_link_that_is_not_good_here_signs_nobody_in(stolen: Stolen, attempt: str) -> None:
    make, code = LINKS[attempt]
    await is_refused(stolen, stolen.unused, make(stolen), code)


async def test_a_link_is_good_in_the_browser_that_asked_and_nowhere_else(stolen: Stolen) -> None:
    nobody = stolen.browsers.one()
    await is_refused(stolen, nobody, stolen.link, ELSEWHERE)
    guessing = stolen.browsers.one()
    for value in ("", fingerprint(stolen.asking), stolen.asking[:-1], cookies.new_secret()):
        guessing.take(ASKING, value)
        await is_refused(stolen, guessing, stolen.link, ELSEWHERE)
    # None of them has used it up.
    assert (await stolen.unused.send_form(f"/v1/sign-in/links/{stolen.link}")).status_code == 303


async def test_a_link_is_used_once(stolen: Stolen) -> None:
    path = f"/v1/sign-in/links/{stolen.link}"
    assert (await stolen.unused.get(path)).status_code == 200
    # As often as anybody likes to look.
    assert (await stolen.unused.get(path)).status_code == 200
    assert (await stolen.unused.send_form(path)).status_code == 303
    stolen.unused.take(ASKING, stolen.asking)
    await is_refused(stolen, stolen.unused, stolen.link, DEAD)
    assert (await stolen.unused.post("/v1/sign-out")).status_code == 204
    stolen.unused.take(ASKING, stolen.asking)
    await is_refused(stolen, stolen.unused, stolen.link, DEAD)


async def test_of_two_uses_of_a_link_at_the_same_time_one_signs_in(stolen: Stolen) -> None:
    path = f"/v1/sign-in/links/{stolen.link}"
    answers = await asyncio.gather(*(stolen.unused.send_form(path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404]


async def test_a_link_asked_for_before_signing_out_is_dead_after_it(stolen: Stolen) -> None:
    browser = stolen.browsers.one()
    first, second = (stolen.browsers.a_link(stolen.person, browser) for _ in range(2))
    assert (await browser.send_form(f"/v1/sign-in/links/{first}")).status_code == 303
    assert (await browser.post("/v1/sign-out")).status_code == 204
    await is_refused(stolen, browser, second, ELSEWHERE)


async def test_a_link_lasts_a_quarter_of_an_hour(stolen: Stolen) -> None:
    stolen.api.clock.now += timedelta(minutes=15) - timedelta(seconds=1)
    assert (await stolen.unused.get(f"/v1/sign-in/links/{stolen.link}")).status_code == 200
    stolen.api.clock.advance(seconds=1)
    await is_refused(stolen, stolen.unused, stolen.link, DEAD)


async def test_a_closed_account_uses_no_link(stolen: Stolen) -> None:
    stolen.api.database.execute("UPDATE people SET active = false WHERE id = %s", stolen.person)
    await is_refused(stolen, stolen.unused, stolen.link, DEAD)
    fresh = stolen.browsers.one()
    await is_refused(stolen, fresh, stolen.browsers.a_link(stolen.person, fresh), DEAD)


# What a browser says of where a request comes from; whether that may act with a cookie, and sign somebody in.
OUR_OWN = {"Origin": "https://omea.example"}
FROM: dict[str, tuple[dict[str, str], bool, bool]] = {
    "our page": ({"Sec-Fetch-Site": "same-origin"}, True, True),
    "our page, without a referrer": ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True, True),
    "our page, in an old browser": (OUR_OWN, True, True),
    "another site": ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, False, False),
    "another site that lies": ({"Sec-Fetch-Site": "cross-site"} | OUR_OWN, False, False),
    "a neighbour": ({"Sec-Fetch-Site": "same-site"}, False, False),
    "an address typed in": ({"Sec-Fetch-Site": "none"}, False, False),
    "another site, in an old browser": ({"Origin": "https://evil.example"}, False, False),
    "a name that begins as ours": ({"Origin": "https://omea.example.evil.example"}, False, False),
    "our name without TLS": ({"Origin": "http://omea.example"}, False, False),
    "our name at another port": ({"Origin": "https://omea.example:444"}, False, False),
    "nowhere": ({"Origin": "null"}, False, False),
    # A program has no cookie that somebody else could use.
    "a program": ({}, False, True),
}


@pytest.mark.parametrize("place", FROM)
async def test_another_site_can_do_nothing_with_the_cookie(stolen: Stolen, place: str) -> None:
    headers, acts, signs_in = FROM[place]
    http = stolen.browser.http
    for method, path in (
        ("POST", "/v1/tokens"),
        ("POST", "/v1/holds"),
        ("PUT", "/v1/me/working-hours"),
        ("DELETE", f"/v1/me/sign-ins/{uuid4()}"),
    ):
        answer = await http.request(method, path, headers=headers)
        if acts:
            assert answer.json().get("code") != ApiCode.CROSS_SITE_REQUEST
        else:
            assert is_problem(answer, ApiCode.CROSS_SITE_REQUEST)
    # Reading is harmless: what is read, another site does not get to see.
    assert (await http.get("/v1/me", headers=headers)).status_code == 200
    # A token is never sent by a browser of its own accord.
    bearer = headers | {"Authorization": f"Bearer {stolen.access}", "Idempotency-Key": "k"}
    answer = await stolen.browsers.one().http.post("/v1/holds", headers=bearer, json={})
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=answer.json()["errors"])

    link, unused = f"/v1/sign-in/links/{stolen.link}", stolen.unused.http
    asked = await stolen.browsers.one().http.post(
        "/v1/sign-in", headers=headers, json={"mail": "personne@example.fr"}
    )
    used = await unused.post(link, headers=headers)
    if signs_in:
        assert is_problem(asked, ApiCode.TEMPORAL_UNAVAILABLE)
        assert used.status_code == 303
    else:
        assert is_problem(asked, ApiCode.CROSS_SITE_REQUEST)
        assert used.status_code == 403
        assert "set-cookie" not in used.headers
        assert (await stolen.browser.http.post("/v1/sign-in/end", headers=headers)).status_code == 403
        assert (await http.get("/v1/me")).status_code == 200


async def test_no_secret_is_kept_in_the_database(stolen: Stolen) -> None:
    tables = ("sign_ins", "sign_in_links", "refresh_tokens", "people", "notifications")
    kept = str([stolen.api.database.rows(f"SELECT * FROM {table}") for table in tables])
    assert fingerprint(stolen.cookie) in kept
    for secret in (stolen.cookie, stolen.access, stolen.refresh, stolen.link, stolen.asking):
        assert secret not in kept


async def test_a_demonstration_s_old_token_is_worth_nothing(api: Frontend) -> None:
    """One that names the person and needs no sign-in, as there were once."""
    person = a_client(api.database)
    old = issue_token(TOKEN_KEY, person, api.clock(), timedelta(days=7))
    assert is_problem(await api.http.get("/v1/me", headers={"Authorization": f"Bearer {old}"}), INVALID)
