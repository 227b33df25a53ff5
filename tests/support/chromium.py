"""A real Chromium, headless, that does what a person would do with a mouse and a keyboard: the one of this
machine, driven by Playwright, which downloads none."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (Debian, Ubuntu: apt-get install chromium)"
)
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
ANSWERS_WITHIN_MILLISECONDS = 30_000
TELEPHONE, DESKTOP = 390, 1280
# Of axe's four kinds: these keep people from doing what they came for.
GRAVE = ("serious", "critical")
# WCAG 2.2, A and AA, with the rules that axe asks for by their tag only (the size of targets).
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
AXE = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": list(WCAG)}}


class Chromium:
    """`said` is what its console has said that is worth an objection, in any tab."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.said: list[str] = []

    async def tab(
        self,
        width: int,
        *,
        dark: bool = False,
        scripts: bool = True,
        url: str = "",
        cookie: str | None = None,
        named: str = "sign_in",
    ) -> Page:
        """On a screen that wide, below 600 a telephone's; with cookies of its own: at `url`, that one, by
        which somebody has signed in."""
        context = await self._browser.new_context(
            viewport={"width": width, "height": 900},
            is_mobile=width < 600,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale="fr-FR",
        )
        context.set_default_timeout(ANSWERS_WITHIN_MILLISECONDS)
        if cookie is not None:
            await context.add_cookies(
                [{"name": named, "value": cookie, "url": url, "httpOnly": True, "sameSite": "Lax"}]
            )
        context.on("console", lambda heard: self._hear(heard.type, heard.text))
        context.on("weberror", lambda heard: self.said.append(str(heard.error)))
        return await context.new_page()

    def _hear(self, kind: str, words: str) -> None:
        if kind in ("error", "warning"):
            self.said.append(words)


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        try:
            yield Chromium(browser)
        finally:
            await browser.close()


async def sends(tab: Page, selector: str) -> None:
    """Clicks on what leads to another page, and waits for that."""
    async with tab.expect_navigation():
        await tab.click(selector)


async def reads(tab: Page) -> str:
    """What is on the page, spaces as one types them."""
    return (await tab.inner_text("main")).replace("\N{NO-BREAK SPACE}", " ")


async def overflows(tab: Page) -> bool:
    """Whether the page is wider than the screen. A telephone shrinks such a page, and says that its window
    is as wide."""
    assert tab.viewport_size is not None
    return int(await tab.evaluate("document.documentElement.scrollWidth")) > tab.viewport_size["width"]


async def grave_faults(tab: Page) -> list[str]:
    """What axe-core finds on the page as it stands that keeps people out: the rule and where it is broken."""
    found = (await Axe().run(tab, options=AXE)).response
    return [
        f"{fault['impact']}: {fault['help']}: {[node['target'] for node in fault['nodes']]}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
    ]
