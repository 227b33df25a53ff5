"""Through the door as people come: by the link of a mail, the team with a second factor besides."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyotp

from api.cookies import SIGN_IN
from deploy.stack import Stack
from tests.e2e.desk import LOOKS_SECONDS, WAITS_SECONDS, Desk
from tests.support.chromium import Chromium

LINK = re.compile(r"https?://\S+/v1/sign-in/links/[^\s\"'<>]+")


@dataclass(frozen=True)
class Door:
    """Who has come in stays in, in another browser too: a colleague enrols once."""

    stack: Stack
    cookies: dict[str, str] = field(default_factory=dict)

    async def enter(self, browser: Chromium, mail: str, width: int, *, scripts: bool) -> Desk:
        """At their own first page."""
        url = self.stack.url("api")
        tab = await browser.tab(width, scripts=scripts, url=url, cookie=self.cookies.get(mail))
        desk = Desk(tab, url, scripts)
        if mail not in self.cookies:
            await self._sign_in(desk, mail)
            kept = {cookie["name"]: cookie["value"] for cookie in await tab.context.cookies()}
            self.cookies[mail] = kept[SIGN_IN]
        await desk.open("/")
        return desk

    async def _sign_in(self, desk: Desk, mail: str) -> None:
        await desk.open("/v1/sign-in")
        await desk.fills(mail=mail)
        await desk.presses("main button.main")
        await desk.tab.goto(await self._link(mail))
        await desk.presses("main button.main")
        if desk.path.startswith("/v1/sign-in/second-factor"):
            secret = (await desk.tab.locator(".typed").first.inner_text()).replace(" ", "")
            await desk.fills(code=pyotp.TOTP(secret).now())
            await desk.presses("main button.main")

    async def _link(self, mail: str) -> str:
        async with (
            httpx.AsyncClient(base_url=self.stack.url("mailbox"), timeout=15) as mails,
            asyncio.timeout(WAITS_SECONDS),
        ):
            while True:
                found: list[dict[str, Any]] = (await mails.get("/api/messages", params={"to": mail})).json()
                if links := [str(link) for one in found for link in LINK.findall(one["text"])]:
                    return links[-1]
                await asyncio.sleep(LOOKS_SECONDS)
