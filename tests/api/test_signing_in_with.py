"""Signing in by an issuer: sent there, back, known the next time; identities added and removed."""

import gzip
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from api.codes import ApiCode
from deploy.sandbox.oidc.app import new_key
from domain.tickets import Role
from tests.api.browsers import SIGN_IN
from tests.api.frontend import Frontend, is_problem
from tests.api.issuers import AT_ISSUER, Issuers, open_issuers
from tests.support.people import a_client, a_person

SigningKey = RSAKey | ECKey | OKPKey
DONE = "/v1/sign-in/done"


@pytest.fixture
async def issuers(api: Frontend) -> AsyncIterator[Issuers]:
    async with open_issuers(api) as opened:
        yield opened


async def test_the_button_leads_to_the_issuer_and_the_answer_signs_in(issuers: Issuers) -> None:
    database = issuers.api.database
    person = a_person(database, "client", mail="Claire@example.fr")
    subject = issuers.knows("claire@Example.fr")
    browser = issuers.browsers.one()
    page = await browser.get("/v1/sign-in")
    assert page.text.count("Continuer avec Compte") == 2
    assert 'action="/v1/sign-in/with/one"' in page.text
    address = httpx.URL(await issuers.sent(browser))
    asked = dict(address.params)
    assert (address.host, address.path, asked["response_type"], asked["scope"]) == (
        *("one.example", "/authorize", "code", "openid email"),
    )
    assert len({asked[name] for name in ("state", "nonce", "code_challenge")}) == 3
    answer = await browser.get(await issuers.let_in(str(address), subject))
    assert (answer.status_code, answer.headers["location"]) == (303, DONE)
    assert (browser.cookie(SIGN_IN) is not None, browser.cookie(AT_ISSUER)) == (True, None)
    assert (await browser.get("/v1/me")).json()["id"] == person
    assert issuers.identities() == [(person, "https://one.example", subject)]
    # The next time it is the identity that counts, whatever has become of the address.
    database.execute("UPDATE people SET mail = 'claire.petit@example.fr'")
    assert (await issuers.go(issuers.browsers.one(), subject)).headers["location"] == DONE
    assert issuers.signed_in() == [person, person]


async def test_the_cookie_on_the_way_is_short_and_out_of_reach_of_scripts(issuers: Issuers) -> None:
    answer = await issuers.browsers.one().send_form("/v1/sign-in/with/one")
    [cookie] = answer.headers.get_list("set-cookie")
    assert {"HttpOnly", "Max-Age=600", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    assert answer.headers["cache-control"] == "no-store"


async def test_without_an_issuer_the_page_offers_none(api: Frontend) -> None:
    assert "Continuer avec" not in (await api.http.get("/v1/sign-in")).text


async def test_who_is_signed_in_adds_an_identity_of_another_address_and_removes_it(issuers: Issuers) -> None:
    person = a_client(issuers.api.database)
    subject = issuers.knows("at.work@example.org", verified=False)
    browser = await issuers.browsers.signed_in(person)
    assert "Associer mon compte Compte one" in (await browser.get(DONE)).text
    assert (await issuers.go(browser, subject, link=True)).headers["location"] == DONE
    [mine] = (await browser.get("/v1/me/identities")).json()["identities"]
    assert (mine["issuer"], mine["used_at"], browser.cookie(AT_ISSUER)) == ("Compte one", None, None)
    other = issuers.browsers.one()
    assert (await issuers.go(other, subject)).headers["location"] == DONE
    stranger = await issuers.browsers.signed_in(a_client(issuers.api.database))
    path = f"/v1/me/identities/{mine['id']}"
    assert is_problem(await stranger.delete(path), ApiCode.IDENTITY_NOT_FOUND)
    assert (await browser.delete(path)).status_code == 204
    assert is_problem(await browser.delete(path), ApiCode.IDENTITY_NOT_FOUND)
    assert (await issuers.go(issuers.browsers.one(), subject)).status_code == 403
    assert (await other.get("/v1/me")).status_code == 200


async def test_an_identity_is_one_persons(issuers: Issuers) -> None:
    subject = issuers.knows("at.work@example.org")
    first = a_client(issuers.api.database)
    for person, status in ((first, 303), (first, 303), (a_client(issuers.api.database), 409)):
        browser = await issuers.browsers.signed_in(person)
        assert (await issuers.go(browser, subject, link=True)).status_code == status
    assert issuers.identities() == [(first, "https://one.example", subject)]


async def test_an_identity_is_added_only_to_who_asked_for_it(issuers: Issuers) -> None:
    subject = issuers.knows("at.work@example.org")
    browser = await issuers.browsers.signed_in(a_client(issuers.api.database))
    address = await issuers.came_back(browser, subject, link=True)
    another = await issuers.browsers.signed_in(a_client(issuers.api.database))
    browser.take(SIGN_IN, str(another.cookie(SIGN_IN)))
    assert (await browser.get(address)).status_code == 403
    nobody = issuers.browsers.one()
    assert (await nobody.send_form("/v1/sign-in/with/one/link")).status_code == 401
    assert issuers.identities() == []


async def test_a_role_that_may_not_come_by_it_is_offered_nothing_to_add(api: Frontend) -> None:
    async with open_issuers(api, roles=(Role.BACK_OFFICE,)) as issuers:
        browser = await issuers.browsers.signed_in(a_client(api.database))
        assert "Associer" not in (await browser.get(DONE)).text
        assert (await browser.send_form("/v1/sign-in/with/one/link")).status_code == 404


async def test_what_an_issuer_says_of_itself_is_kept_for_a_while_and_a_new_key_is_found(
    issuers: Issuers,
) -> None:
    a_person(issuers.api.database, "client", mail="claire@example.fr")
    subject, issuing = issuers.knows("claire@example.fr"), issuers.issuing()
    discovery, keys = "/.well-known/openid-configuration", "/jwks"

    async def asked() -> list[str]:
        issuing.asked.clear()
        assert (await issuers.go(issuers.browsers.one(), subject)).status_code == 303
        return issuing.asked

    assert await asked() == [discovery, "/token", keys]
    assert await asked() == ["/token"]
    issuing.key = new_key()
    assert await asked() == ["/token", keys]
    issuers.api.clock.advance(minutes=15)
    assert await asked() == [discovery, "/token", keys]


KEYS: dict[str, tuple[Callable[[], SigningKey], str, int]] = {
    "RSA": (lambda: RSAKey.generate_key(2048, {"kid": "k"}), "RS256", 303),
    "RSA, probabilistic": (lambda: RSAKey.generate_key(2048, {"kid": "k"}), "PS256", 303),
    "an Edwards curve": (lambda: OKPKey.generate_key("Ed25519", {"kid": "k"}), "EdDSA", 303),
    "RSA, too short": (lambda: RSAKey.generate_key(1024, {"kid": "k"}), "RS256", 403),
    "RSA, with an old hash": (lambda: RSAKey.generate_key(2048, {"kid": "k"}), "RS384", 403),
    "for encryption": (lambda: ECKey.generate_key("P-256", {"kid": "k", "use": "enc"}), "ES256", 403),
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_a_token_is_believed_by_whatever_kind_of_key_is_strong(issuers: Issuers) -> None:
    a_person(issuers.api.database, "client", mail="claire@example.fr")
    subject, issuing = issuers.knows("claire@example.fr"), issuers.issuing()
    registry = JWSRegistry(algorithms=[algorithm for _, algorithm, _ in KEYS.values()])
    for name, (make, algorithm, status) in KEYS.items():
        key = make()

        def sign(_: object, claims: dict[str, Any], key: SigningKey = key, alg: str = algorithm) -> str:
            # Its hash is another for each; it may be missing.
            said = {name: value for name, value in claims.items() if name != "at_hash"}
            header = {"alg": alg, "kid": "k"}
            unchecked = type(key).import_key(
                {n: v for n, v in key.as_dict(private=True).items() if n != "use"}
            )
            return jwt.encode(header, said, unchecked, registry=registry)

        issuing.key, issuing.sign = key, sign
        issuers.api.clock.advance(minutes=15)
        answer = await issuers.go(issuers.browsers.one(), subject)
        assert (name, answer.status_code) == (name, status)


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectTimeout("away", request=request)


def said(content: bytes, status: int = 200, **headers: str) -> httpx.Response:
    """As it comes from a server, not read yet."""
    return httpx.Response(status, stream=httpx.ByteStream(content), headers=headers)


def endless(_: httpx.Request) -> httpx.Response:
    return said(b'{"issuer": "' + b"a" * 300_000 + b'"}')


def packed(_: httpx.Request) -> httpx.Response:
    return httpx.Response(
        200, stream=httpx.ByteStream(gzip.compress(b"{}")), headers={"Content-Encoding": "gzip"}
    )


def described_as(**changed: str) -> Callable[[httpx.Request], httpx.Response]:
    there = "https://one.example"
    whole = {
        "issuer": there,
        "authorization_endpoint": f"{there}/authorize",
        "token_endpoint": f"{there}/token",
        "jwks_uri": f"{there}/jwks",
    }
    return lambda _: said(json.dumps(whole | changed).encode())


AWAY: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "unreachable": unreachable,
    "out of order": lambda _: said(b"<html>", 502),
    "elsewhere": lambda _: said(b"", 302, Location="https://two.example/"),
    "not JSON": lambda _: said(b"<html>"),
    "a list": lambda _: said(b"[]"),
    "endless": endless,
    "packed": packed,
}
OTHERWISE = {
    "of another issuer": described_as(issuer="https://two.example"),
    "a plain address": described_as(token_endpoint="http://one.example/token"),
    "no address": described_as(jwks_uri="keys"),
}


async def test_an_issuer_that_is_away_is_said_to_be_and_nothing_is_lost(issuers: Issuers) -> None:
    person = a_person(issuers.api.database, "client", mail="claire@example.fr")
    subject, line = issuers.knows("claire@example.fr"), issuers.lines["one"]
    browser = issuers.browsers.one()
    for broken in (AWAY | OTHERWISE).values():
        line.broken = broken
        answer = await browser.send_form("/v1/sign-in/with/one")
        assert (answer.status_code, "Compte one ne répond pas" in answer.text) == (503, True)
    line.broken = None
    address = await issuers.came_back(browser, subject)
    for broken in AWAY.values():
        line.broken = broken
        answer = await browser.get(address)
        assert (answer.status_code, issuers.signed_in()) == (503, [])
    line.broken = None
    # Loading the page again is enough.
    assert (await browser.get(address)).headers["location"] == DONE
    assert issuers.signed_in() == [person]
