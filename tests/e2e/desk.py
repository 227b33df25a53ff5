"""Somebody at a browser: signs in by the link of a mail, and does what a page lets them do."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import httpx
import pyotp
from playwright.async_api import Page

from deploy.stack import Stack
from tests.support.chromium import Chromium, overflows, reads, sends

LINK = re.compile(r"https?://\S+/v1/sign-in/links/[^\s\"'<>]+")
WAITS_SECONDS = 60


@dataclass
class Desk:
    """`url` is that of the service. Every page that is led to must fit its screen."""

    tab: Page
    url: str

    async def open(self, path: str) -> None:
        await self.tab.goto(f"{self.url}{path}")
        await self._fits()

    async def presses(self, selector: str) -> None:
        """What leads to another page."""
        await sends(self.tab, selector)
        await self._fits()

    async def fills(self, **typed: str) -> None:
        for name, words in typed.items():
            await self.tab.fill(f"[name='{name}']", words)

    async def text(self) -> str:
        return await reads(self.tab)

    async def sees(self, words: str) -> str:
        """Once the page says so: by itself where our script runs, else when it is loaded again. Answers all
        of it."""
        async with asyncio.timeout(WAITS_SECONDS):
            while words not in (found := await self.text()):
                await asyncio.sleep(0.3)
                await self.tab.reload()
        return found

    async def has(self, selector: str) -> bool:
        return await self.tab.locator(selector).count() > 0

    async def waits_for(self, selector: str) -> None:
        async with asyncio.timeout(WAITS_SECONDS):
            while not await self.has(selector):
                await asyncio.sleep(0.3)
                await self.tab.reload()

    @property
    def path(self) -> str:
        return self.tab.url.removeprefix(self.url).partition("?")[0]

    async def _fits(self) -> None:
        assert not await overflows(self.tab), self.tab.url


async def signed_in(browser: Chromium, stack: Stack, mail: str, width: int, *, scripts: bool) -> Desk:
    """At their own first page. Of the team, with a second factor that is enrolled on the way."""
    url = stack.url("api")
    desk = Desk(await browser.tab(width, scripts=scripts), url)
    known = await _links(stack, mail)
    await desk.open("/v1/sign-in")
    await desk.fills(mail=mail)
    await desk.presses("main button.main")
    await desk.tab.goto(await _new_link(stack, mail, known))
    await desk.presses("main button.main")
    if desk.path.startswith("/v1/sign-in/second-factor"):
        secret = (await desk.tab.locator(".typed").first.inner_text()).replace(" ", "")
        await desk.fills(code=pyotp.TOTP(secret).now())
        await desk.presses("main button.main")
    await desk.open("/")
    return desk


async def _links(stack: Stack, mail: str) -> list[str]:
    async with httpx.AsyncClient(base_url=stack.url("mailbox"), timeout=15) as mails:
        found: list[dict[str, Any]] = (await mails.get("/api/messages", params={"to": mail})).json()
    return [link for one in found for link in LINK.findall(one["text"])]


async def _new_link(stack: Stack, mail: str, known: list[str]) -> str:
    async with asyncio.timeout(WAITS_SECONDS):
        while True:
            new = [one for one in await _links(stack, mail) if one not in known]
            if new:
                return new[-1]
            await asyncio.sleep(0.2)
