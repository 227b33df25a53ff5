"""Where scenes are played: the API of the tests on a world of its own, and a browser before it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Page, Route

from api import cookies
from tests.api.desks.visitor import a_visitor
from tests.api.frontend import MORNING, Clock, open_frontend
from tests.scenes import people as team_people
from tests.scenes import world
from tests.scenes.scene import BACK_OFFICE, TO_ENROL, TO_SHOW_A_CODE, Scene
from tests.support.chromium import Chromium, open_chromium
from tests.support.listening import listening
from tests.support.postgres import Database
from tests.support.second_factors import a_pending_sign_in

BETWEEN_FACTORS = (TO_SHOW_A_CODE, TO_ENROL)


@dataclass(frozen=True)
class Stage:
    """`cookies` are of those who have signed in, or have begun to. What a scene sends, it sends for nothing:
    forms that are not filled in change nothing."""

    url: str
    browser: Chromium
    clock: Clock
    cookies: dict[str, str | None]
    things: dict[str, str]

    async def tab(self, who: str | None, width: int, *, dark: bool = False) -> Page:
        cookie = self.cookies[who] if who is not None else None
        named = cookies.PENDING if who in BETWEEN_FACTORS else cookies.SIGN_IN
        return await self.browser.tab(width, dark=dark, url=self.url, cookie=cookie, named=named)

    async def show(self, tab: Page, scene: Scene) -> None:
        self.clock.now = scene.at
        html = scene.letter().html if scene.letter else scene.shown() if scene.shown else None
        if html is not None:
            await self._show_html(tab, html)
            return
        await tab.goto(self.url + scene.path.format(**self.things))
        if scene.sends is not None:
            async with tab.expect_navigation():
                await tab.eval_on_selector(
                    scene.sends, "form => { form.noValidate = true; form.requestSubmit() }"
                )

    async def _show_html(self, tab: Page, html: str) -> None:
        """At an address of ours, where its stylesheet is found."""
        address = f"{self.url}/scene"

        async def answer(route: Route) -> None:
            await route.fulfill(body=html, content_type="text/html; charset=utf-8")

        await tab.route(address, answer)
        await tab.goto(address)
        await tab.unroute(address)


@asynccontextmanager
async def open_stage(database: Database) -> AsyncIterator[Stage]:
    async with open_frontend(database) as api:
        people = world.people(database)
        signed_in = {who: a_visitor(api, person).cookie for who, person in people.items()}
        found = world.things(database, people)
        colleague = people[BACK_OFFICE]
        signed_in[TO_SHOW_A_CODE] = a_pending_sign_in(database, colleague, MORNING)
        signed_in[TO_ENROL] = a_pending_sign_in(database, colleague, MORNING, offer=team_people.SECRET)
        async with listening(api.given) as url, open_chromium() as browser:
            yield Stage(url, browser, api.clock, signed_in, found)
