"""Browsers of people who sign in: each keeps its own cookies, and says where its requests come from."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pyotp
from fastapi import FastAPI

from domain.second_factors import STEP_SECONDS
from domain.sign_ins import fingerprint, sign_link
from tests.api.frontend import Frontend
from tests.support.applications import application
from tests.support.keys import TOKEN_KEY

HOST = "omea.example"
SIGN_IN, ASKING, PENDING = "__Host-sign_in", "__Host-asking", "__Host-pending"
SECOND = "/v1/sign-in/second-factor"
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Browser:
    http: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def send_form(self, path: str, **fields: str) -> httpx.Response:
        return await self.http.post(path, data=fields, headers=OURS)

    async def post(self, path: str, body: object = None) -> httpx.Response:
        return await self.http.post(path, json=body, headers=OURS)

    async def delete(self, path: str) -> httpx.Response:
        return await self.http.delete(path, headers=OURS)

    def cookie(self, name: str) -> str | None:
        return self.http.cookies.get(name)

    def take(self, name: str, value: str) -> None:
        self.http.cookies.set(name, value, domain=HOST, path="/")

    async def tokens(self) -> tuple[str, str]:
        """The access token and the refresh token."""
        answer = await self.post("/v1/tokens")
        assert answer.status_code == 201, answer.text
        given = answer.json()
        return given["access_token"], given["refresh_token"]


@dataclass
class Browsers:
    """On one API. What is not about the mail needs no Temporal: its links are made here."""

    api: Frontend
    app: FastAPI
    opened: list[Browser] = field(default_factory=list)
    # By person: the secret in their authenticator, and the last step of which they showed the code.
    secrets: dict[str, str] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)

    def one(self, address: str = "192.0.2.1") -> Browser:
        transport = httpx.ASGITransport(self.app, client=(address, 40_000))
        browser = Browser(httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}"))
        self.opened.append(browser)
        return browser

    def a_link(self, person: str, browser: Browser) -> str:
        """The token of one that this browser has asked for, just now."""
        secret = browser.cookie(ASKING) or "A" * 42 + str(len(self.opened) % 10)
        browser.take(ASKING, secret)
        [(link,)] = self.api.database.rows(
            "INSERT INTO sign_in_links (person_id, mail_mark, network_mark, browser_hash, asked_at) "
            "VALUES (%s, '', '', %s, %s) RETURNING id::text",
            *(person, fingerprint(secret), self.api.clock()),
        )
        return sign_link(TOKEN_KEY, link, self.api.clock())

    async def signed_in(self, person: str) -> Browser:
        browser = self.one()
        answer = await browser.send_form(f"/v1/sign-in/links/{self.a_link(person, browser)}")
        if answer.headers["location"] == SECOND:
            answer = await self.show_second_factor(person, browser)
        assert answer.headers.get("location", "/v1/sign-in/done") == "/v1/sign-in/done"
        assert browser.cookie(SIGN_IN) is not None
        return browser

    async def pending(self, person: str) -> Browser:
        """One in which they have used a link, and have a second factor still to show or to enrol."""
        browser = self.one()
        answer = await browser.send_form(f"/v1/sign-in/links/{self.a_link(person, browser)}")
        assert (answer.status_code, answer.headers["location"]) == (303, SECOND)
        return browser

    async def show_second_factor(self, person: str, browser: Browser) -> httpx.Response:
        """By the authenticator they have, or else by the one that the page has them enrol."""
        if person in self.secrets:
            return await browser.send_form(f"{SECOND}/code", code=self.code(person))
        self.secrets[person] = secret_on(await browser.get(SECOND))
        return await browser.send_form(f"{SECOND}/enrolment", code=self.code(person))

    def code(self, person: str) -> str:
        """The first one that they have not shown yet, of those that count now."""
        now = int(self.api.clock().timestamp()) // STEP_SECONDS
        self.steps[person] = step = max(now - 1, self.steps.get(person, 0) + 1)
        return code_of(self.secrets[person], step)


@asynccontextmanager
async def open_browsers(api: Frontend) -> AsyncIterator[Browsers]:
    with application(api.given) as app:
        browsers = Browsers(api, app)
        yield browsers
        for browser in browsers.opened:
            await browser.http.aclose()


def link_in(text: str) -> str:
    """The path of the link in a mail's plain text."""
    [url] = re.findall(rf"^https://{HOST}(/v1/sign-in/links/\S+)$", text, re.MULTILINE)
    return str(url)


def secret_on(page: httpx.Response) -> str:
    """Of the authenticator that the page offers."""
    [grouped] = re.findall(r'<span class="typed">([A-Z2-7\s]+)</span>', page.text)
    return "".join(str(grouped).split())


def code_of(secret: str, step: int) -> str:
    return pyotp.TOTP(secret).generate_otp(step)
