"""A real Chromium plays a client on a telephone, with our script and without: nothing overflows, and its
console has nothing to object to."""

from datetime import datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from api.desks import live
from tests.api.desks.visitor import a_visitor
from tests.api.service import Service
from tests.support.chromium import NEEDS_CHROMIUM, Chromium, open_chromium, overflows, reads, sends
from tests.support.listening import listening

# The narrowest there are still many of.
TELEPHONE = 360
# A page that says when more is to be seen is looked at again then.
SOON = timedelta(seconds=2)


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


# Its focus as one sees it: a line around it, or a shadow.
SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


async def reaches(tab: Page, selector: str) -> None:
    """By the tabulator alone, with each stop to be seen."""
    for _ in range(100):
        await tab.keyboard.press("Tab")
        is_there, is_field = await tab.evaluate(
            "(wanted) => [document.activeElement.matches(wanted), document.activeElement !== document.body]",
            selector,
        )
        # A radio that looks like a button shows its focus on its label.
        is_radio = await tab.evaluate("document.activeElement.type === 'radio'")
        assert not is_field or is_radio or await tab.evaluate(SEEN), await tab.evaluate(
            "document.activeElement.outerHTML"
        )
        if is_there:
            return
    raise AssertionError(f"no way to {selector}")


@NEEDS_CHROMIUM
async def test_help_is_asked_for_by_the_keyboard_alone(service: Service) -> None:
    await service.save_card()
    async with listening(service.api.given) as url, open_chromium() as browser:
        tab = await a_tab(browser, service, url)

        async def goes_on(selector: str) -> None:
            await reaches(tab, selector)
            async with tab.expect_navigation():
                await tab.keyboard.press("Enter")

        await tab.goto(f"{url}/")
        await reaches(tab, "a[href='#contenu'], a[href^='#']")
        await goes_on("main a[href='/demandes/nouvelle']")
        await reaches(tab, "[name=competence]")
        await tab.keyboard.press("Space")
        await goes_on("main button.primary")
        await reaches(tab, "[name=start]")
        await tab.keyboard.press("Space")
        await goes_on("main button.primary")
        await reaches(tab, "[name=description]")
        await tab.keyboard.type("Plus de Wi-Fi depuis le changement de box.")
        await reaches(tab, "[name=phone]")
        await tab.keyboard.type("06 12 34 56 78")
        await reaches(tab, "#express_request")
        await tab.keyboard.press("Space")
        await goes_on("main button.primary")
        assert "Votre demande est enregistrée." in await reads(tab)
        assert browser.said == []


@NEEDS_CHROMIUM
async def test_a_technician_who_has_called_sees_by_itself_what_the_client_does(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody presses anything more: the number has the focus, and keeps it."""
    monkeypatch.setattr(live, "LOOKS_EVERY", live.LOOKS_EVERY / 10)
    await service.save_card()
    number = (await service.ask_for_help(await service.a_hold())).json()["number"]
    assert (await service.act(number, "acknowledge")).status_code == 200
    start = datetime.fromisoformat((await service.view(number, service.client))["start"])
    reachable_at = start - service.api.given.deadlines.contact_window
    await service.pass_time(number, reachable_at - service.api.clock())
    service.api.clock.now = reachable_at - SOON
    async with listening(service.api.given) as url, open_chromium() as browser:
        cookie = a_visitor(service.api, service.technician).cookie
        tab = await browser.tab(TELEPHONE, url=url, cookie=cookie)
        # Looked at once more by then, and no more for what happens.
        async with tab.expect_response(lambda answer: "x-omea-live" in answer.request.headers):
            await tab.goto(f"{url}/interventions/{number}")
        assert "s’affichent ici" in await reads(tab)
        service.api.clock.now = reachable_at
        await tab.click("form[data-dials] button")
        await tab.get_by_text("Appel noté").wait_for()
        await expect(tab.locator("[data-dials] a")).to_be_focused()
        assert not await tab.locator("form[action$='/commencer']").count()
        text = (await service.api.get("/v1/consent-text", service.client)).json()
        consent = {"anydesk_id": "123456789", "text_version": text["version"]}
        assert (await service.act(number, "consent", consent)).status_code == 200
        await tab.locator("form[action$='/commencer']").wait_for()
        assert await tab.evaluate("document.activeElement.matches('[data-dials] a')")
        # Each call counts, also while a code is being typed, which stays.
        await tab.fill("[name=code]", "12")
        for calls in (2, 3):
            # A browser that asks which program may telephone takes nothing from a person meanwhile.
            await tab.locator("form[data-dials] button").dispatch_event("click")
            await expect(tab.locator("#appel p time")).to_have_count(calls)
        assert await tab.input_value("[name=code]") == "12"
        assert not await overflows(tab)
        # And lets nobody else dial.
        assert [said for said in browser.said if "Not allowed to launch 'tel:" not in said] == []
