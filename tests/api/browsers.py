"""Browsers of people who sign in: each keeps its own cookies, and says where its requests come from."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from fastapi import FastAPI

from domain.sign_ins import fingerprint, sign_link
from tests.api.frontend import Frontend
from tests.support.applications import application
from tests.support.keys import TOKEN_KEY

HOST = "omea.example"
SIGN_IN, ASKING = "__Host-sign_in", "__Host-asking"
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
        assert (answer.status_code, answer.headers["location"]) == (303, "/v1/sign-in/done")
        return browser


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
