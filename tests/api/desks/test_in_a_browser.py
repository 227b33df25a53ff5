"""A real Chromium plays a client on a telephone, with our script and without: nothing overflows, and its
console has nothing to object to."""

from datetime import datetime

import pytest
from playwright.async_api import Page

from api.desks import live
from tests.api.desks.visitor import a_visitor
from tests.api.service import Service
from tests.support.chromium import NEEDS_CHROMIUM, Chromium, open_chromium, overflows, reads, sends
from tests.support.listening import listening

# The narrowest there are still many of.
TELEPHONE = 360


async def a_tab(browser: Chromium, service: Service, url: str, *, scripts: bool = True) -> Page:
    cookie = a_visitor(service.api, service.client).cookie
    return await browser.tab(TELEPHONE, scripts=scripts, url=url, cookie=cookie)


async def asks_for_help(tab: Page, url: str) -> str:
    """By the three steps. Answers the address of the request."""
    await tab.goto(f"{url}/")
    await sends(tab, "main a[href='/demandes/nouvelle']")
    assert not await overflows(tab)
    await tab.check("input[name=competence][value=internet]")
    await sends(tab, "main button.primary")
    assert not await overflows(tab)
    await tab.click("label:has(input[name=start])")
    await sends(tab, "main button.primary")
    assert not await overflows(tab)
    await tab.fill("[name=description]", "Plus de Wi-Fi depuis le changement de box.")
    await tab.fill("[name=phone]", "06 12 34 56 78")
    await tab.check("#express_request")
    await sends(tab, "main button.primary")
    assert not await overflows(tab)
    assert "Votre demande est enregistrée." in await reads(tab)
    return str(await tab.evaluate("location.pathname"))


@NEEDS_CHROMIUM
async def test_a_request_on_a_telephone_with_our_script_and_without(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOKS_EVERY", live.LOOKS_EVERY / 10)
    await service.save_card()
    async with listening(service.api.given) as url, open_chromium() as browser:
        tab = await a_tab(browser, service, url)
        own = await asks_for_help(tab, url)
        number = own.removeprefix("/demandes/")
        view = await service.view(number, service.client)
        assert (await service.act(number, "acknowledge")).status_code == 200
        await tab.get_by_text("À vous : donner votre accord").wait_for()
        await sends(tab, "#etat a.button")
        await tab.fill("[name=anydesk_id]", "123 456 789")
        await sends(tab, "main button.primary")
        await service.pass_time(number, datetime.fromisoformat(view["start"]) - service.api.clock())
        await service.act(number, "call")
        started = {"ticket_number": number, "code": view["codes"]["client_code"]}
        assert (await service.act(number, "start", started)).status_code == 200
        await tab.get_by_role("heading", name="Séance en cours").wait_for()
        assert not await overflows(tab)
        await sends(tab, "#seance button.danger")
        assert "La séance est arrêtée." in await reads(tab)

        tab = await a_tab(browser, service, url, scripts=False)
        own = await asks_for_help(tab, url)
        await tab.goto(f"{url}{own}/annuler")
        await sends(tab, "main button.danger")
        assert "Le rendez-vous est annulé. Rien ne vous est facturé." in await reads(tab)
        assert browser.said == []
