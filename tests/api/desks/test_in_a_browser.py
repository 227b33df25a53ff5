"""A real Chromium plays a client on a telephone, with our script and without: nothing overflows, and its
console has nothing to object to."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn

from api.app import create_app
from api.desks import live
from tests.api.desks.visitor import a_visitor
from tests.api.service import Service
from tests.support.chromium import CHROMIUM, Chromium, Tab, open_chromium

TELEPHONE = 360
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@asynccontextmanager
async def listening(service: Service) -> AsyncIterator[str]:
    """The application, where a browser finds it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(replace(service.api.given, public_url=url))
        # An open stream would hold it up until the stream's own end.
        config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield url
        finally:
            server.should_exit = True
            await serving


async def a_tab(browser: Chromium, service: Service, url: str) -> Tab:
    tab = await browser.tab()
    await tab.is_seen(TELEPHONE)
    cookie = a_visitor(service.api, service.client).cookie
    assert cookie is not None
    await tab.take_cookie(url, "sign_in", cookie)
    return tab


async def fits(tab: Tab) -> None:
    assert await tab.overflows() <= 0


async def asks_for_help(tab: Tab, url: str) -> str:
    """By the three steps. Answers the address of the request."""
    await tab.open(f"{url}/")
    await tab.sends("main a[href='/demandes/nouvelle']")
    await fits(tab)
    await tab.clicks("input[name=competence][value=internet]")
    await tab.sends("main button.primary")
    await fits(tab)
    await tab.clicks("label:has(input[name=start])")
    await tab.sends("main button.primary")
    await fits(tab)
    await tab.types("description", "Plus de Wi-Fi depuis le changement de box.")
    await tab.types("phone", "06 12 34 56 78")
    await tab.clicks("#express_request")
    await tab.sends("main button.primary")
    await fits(tab)
    assert "Votre demande est enregistrée." in await tab.text()
    return str(await tab.reads("location.pathname"))


@NEEDS_CHROMIUM
async def test_a_request_on_a_telephone_with_our_script_and_without(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOKS_EVERY", live.LOOKS_EVERY / 10)
    await service.save_card()
    async with listening(service) as url, open_chromium(tmp_path) as browser:
        tab = await a_tab(browser, service, url)
        own = await asks_for_help(tab, url)
        number = own.removeprefix("/demandes/")
        view = await service.view(number, service.client)
        assert (await service.act(number, "acknowledge")).status_code == 200
        await tab.waits_for("À vous : donner votre accord")
        await tab.sends("#etat a.button")
        await tab.types("anydesk_id", "123 456 789")
        await tab.sends("main button.primary")
        await service.pass_time(number, datetime.fromisoformat(view["start"]) - service.api.clock())
        await service.act(number, "call")
        started = {"ticket_number": number, "code": view["codes"]["client_code"]}
        assert (await service.act(number, "start", started)).status_code == 200
        await tab.waits_for("Séance en cours")
        await fits(tab)
        await tab.sends("#seance button.danger")
        assert "La séance est arrêtée." in await tab.text()

        tab = await a_tab(browser, service, url)
        await tab.without_scripts()
        own = await asks_for_help(tab, url)
        await tab.open(f"{url}{own}/annuler")
        await tab.sends("main button.danger")
        assert "Le rendez-vous est annulé. Rien ne vous est facturé." in await tab.text()
        assert browser.said == []
