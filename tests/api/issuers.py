"""Two issuers, as strict as the sandbox's, and browsers that go there and come back."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx

from api.oidc.issuers import Issuer
from api.oidc.provider import Provider
from deploy.sandbox.oidc import CLIENT_ID
from deploy.sandbox.oidc.app import Account, Issuing, create_app
from domain.tickets import Role
from tests.api.browsers import HOST, Browser, Browsers, open_browsers
from tests.api.frontend import Frontend

AT_ISSUER = "__Host-at_issuer"
CLIENT_SECRET = "what only the two of us know"


@dataclass
class Forging(Issuing):
    """An issuer, or whoever has put themselves in its place."""

    sign: Callable[["Forging", dict[str, Any]], str] | None = None
    asked: list[str] = field(default_factory=list)

    def signed(self, claims: dict[str, Any]) -> str:
        return self.sign(self, claims) if self.sign else super().signed(claims)

    def properly(self, claims: dict[str, Any]) -> str:
        return super().signed(claims)


class Line(httpx.AsyncBaseTransport):
    """From us to an issuer; `broken` answers in its place."""

    def __init__(self, issuing: Forging) -> None:
        self.issuing = issuing
        self.broken: Callable[[httpx.Request], httpx.Response] | None = None
        self._inner = httpx.ASGITransport(create_app(issuing))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.issuing.asked.append(request.url.path)
        if self.broken is not None:
            return self.broken(request)
        return await self._inner.handle_async_request(request)


@dataclass
class Issuers:
    api: Frontend
    browsers: Browsers
    lines: dict[str, Line]

    def issuing(self, key: str = "one") -> Forging:
        return self.lines[key].issuing

    def knows(self, mail: str, subject: str = "subject-1", verified: bool = True, key: str = "one") -> str:
        issuing = self.issuing(key)
        issuing.accounts = [*issuing.accounts, Account(subject, "Somebody", mail, verified)]
        return subject

    async def sent(self, browser: Browser, key: str = "one", link: bool = False) -> str:
        """The address at the issuer to which the browser is sent."""
        answer = await browser.send_form(f"/v1/sign-in/with/{key}{'/link' if link else ''}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def let_in(self, address: str, subject: str, key: str = "one") -> str:
        """The address by which the issuer sends back."""
        issuing = self.issuing(key)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(issuing)), base_url=issuing.url
        ) as there:
            assert (await there.get(address)).status_code == 200
            asked = dict(parse_qsl(urlsplit(address).query))
            answer = await there.post("/authorize", data=asked | {"subject": subject})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def came_back(self, browser: Browser, subject: str, key: str = "one", link: bool = False) -> str:
        return await self.let_in(await self.sent(browser, key, link), subject, key)

    async def go(
        self, browser: Browser, subject: str, key: str = "one", link: bool = False
    ) -> httpx.Response:
        return await browser.get(await self.came_back(browser, subject, key, link))

    def identities(self) -> list[tuple[str, ...]]:
        return self.api.database.rows("SELECT person_id::text, issuer, subject FROM identities ORDER BY id")

    def signed_in(self) -> list[str]:
        """The people for whom a sign-in was begun."""
        return [person for (person,) in self.api.database.rows("SELECT person_id::text FROM sign_ins")]


def changed(address: str, **values: str | None) -> str:
    """The address with other parameters; None takes one away."""
    parts = urlsplit(address)
    said = {name: one for name, [one] in parse_qs(parts.query).items()} | values
    return parts._replace(query=urlencode({n: v for n, v in said.items() if v is not None})).geturl()


ROLES = (Role.CLIENT, Role.BACK_OFFICE, Role.SYSTEM)


def a_provider(
    key: str, clock: Callable[[], datetime], roles: tuple[Role, ...] = ROLES, trusted: bool = True
) -> tuple[Provider, Line]:
    url, back = f"https://{key}.example", f"https://{HOST}/v1/sign-in/with/{key}/back"
    line = Line(Forging(url, CLIENT_SECRET, back, [], clock))
    allowed = frozenset(roles)
    issuer = Issuer(
        key, f"Compte {key}", url, CLIENT_ID, CLIENT_SECRET, allowed, trusted_for_addresses=trusted
    )
    return Provider(issuer, clock, line), line


@asynccontextmanager
async def open_issuers(
    api: Frontend, roles: tuple[Role, ...] = ROLES, trusted: bool = True
) -> AsyncIterator[Issuers]:
    both = {key: a_provider(key, api.clock, roles, trusted) for key in ("one", "two")}
    providers = {key: provider for key, (provider, _) in both.items()}
    front = replace(api, given=replace(api.given, providers=providers))
    async with open_browsers(front) as browsers:
        yield Issuers(front, browsers, {key: line for key, (_, line) in both.items()})
