"""Somebody at a browser, who does what a page lets them do."""

import asyncio
import time
from dataclasses import dataclass

from playwright.async_api import Page

from tests.support.chromium import overflows, reads, sends

WAITS_SECONDS = 60
LOOKS_SECONDS = 0.25


@dataclass
class Desk:
    """`url` is that of the service; `scripts`: whether the browser runs any. Every page that is led to must
    fit its screen."""

    tab: Page
    url: str
    scripts: bool

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

    async def has(self, selector: str) -> bool:
        return await self.tab.locator(selector).count() > 0

    async def sees(self, words: str) -> str:
        """Once the page says so: by itself where our script keeps it up to date, else when it is loaded
        again. Answers all of it."""
        until = time.monotonic() + WAITS_SECONDS
        while words not in (found := await self.text()):
            await self._looks_again(until, f"« {words} », {found}")
        return found

    async def finds(self, selector: str) -> None:
        until = time.monotonic() + WAITS_SECONDS
        while not await self.has(selector):
            await self._looks_again(until, selector)

    async def dials(self, selector: str) -> None:
        """Calls by a button of a page that our script keeps up to date. The browser asks first which program
        may telephone, and takes nothing more in that tab until a person has told it: we go on in another."""
        await self.tab.click(selector)
        await self.sees("Appel noté")
        other = await self.tab.context.new_page()
        await other.goto(self.tab.url)
        await self.tab.close()
        self.tab = other

    @property
    def path(self) -> str:
        return self.tab.url.removeprefix(self.url).partition("?")[0]

    async def _looks_again(self, until: float, wanted: str) -> None:
        assert time.monotonic() < until, f"not at {self.path}: {wanted}"
        await asyncio.sleep(LOOKS_SECONDS)
        if not (self.scripts and await self.has("script")):
            await self.tab.reload()

    async def _fits(self) -> None:
        assert not await overflows(self.tab), self.path
