"""Four people at four desks, in a real Chromium, on the whole stack: a ticket, a dispute, a month's end; on
telephones, and once without a script."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.settings import read_stack_settings
from deploy.stack import Stack, running_stack
from tests.e2e.desk import Desk, signed_in
from tests.support.chromium import DESKTOP, NEEDS_CHROMIUM, TELEPHONE, open_chromium

CLIENT, TECHNICIAN = "claire.petit@example.fr", "thomas.leroy@example.fr"
BACK_OFFICE, FINANCE = "sophie.roux@example.fr", "nadia.faure@example.fr"
PROBLEM = "Plus de Wi-Fi dans la chambre depuis le changement de box."


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    var: Path = tmp_path_factory.mktemp("desks")
    with running_stack(var, any_ports=True, durable=False, given=read_stack_settings({})) as running:
        yield running


async def asks_for_help(client: Desk) -> str:
    """By the three steps; the first time a card is given on the provider's page. Answers the number."""
    await client.open("/demandes/nouvelle")
    await client.tab.check("[name=competence][value=internet]")
    await client.presses("main button.primary")
    await client.tab.locator("label:has([name=start])").first.click()
    await client.presses("main button.primary")
    if await client.has("form[action$='/carte'] button"):
        await client.presses("form[action$='/carte'] button")
        await client.fills(card_number="4242424242424242", expiry="12/40", cvc="123")
        await client.tab.click("button")
        await client.waits_for("[name=description]")
    await client.fills(description=PROBLEM, phone="06 12 34 56 78")
    await client.tab.check("#express_request")
    await client.presses("main button.primary")
    assert "Votre demande est enregistrée." in await client.text()
    return client.path.removeprefix("/demandes/")


async def a_session(client: Desk, technician: Desk, number: str) -> None:
    """From the confirmation to the report."""
    own = f"/interventions/{number}"
    await technician.open("/agenda")
    await technician.open(own)
    await technician.presses(f"form[action='{own}/confirmer'] button")
    await client.open(f"/demandes/{number}/accord")
    await client.fills(anydesk_id="123 456 789")
    await client.presses("main button.primary")
    code = re.search(r"vous lui répondez celui-ci :\s*(\d{4})", await client.sees("vous lui répondez"))
    assert code is not None
    await technician.open(own)
    await technician.waits_for(f"form[action='{own}/appel'] button")
    # With our script it dials too, which is no page.
    await technician.tab.click(f"form[action='{own}/appel'] button")
    await technician.waits_for(f"form[action='{own}/commencer']")
    await technician.fills(ticket_number=number, code="0000" if code.group(1) != "0000" else "1111")
    await technician.presses(f"form[action='{own}/commencer'] button")
    assert "code" in (await technician.text()).lower()
    await technician.fills(ticket_number=number, code=code.group(1))
    await technician.presses(f"form[action='{own}/commencer'] button")
    await client.open(f"/demandes/{number}")
    await client.sees("La séance est en cours")
    await technician.presses(f"form[action='{own}/terminer'] button")
    await technician.open(f"{own}/compte-rendu")
    await technician.fills(text="Canal Wi-Fi changé, répéteur déplacé.", declared_minutes="1")
    await technician.presses("main button.primary")


@NEEDS_CHROMIUM
@pytest.mark.timeout(400)
@pytest.mark.parametrize("scripts", [True, False], ids=["with our script", "without a script"])
async def test_a_ticket_a_dispute_and_a_months_end(stack: Stack, scripts: bool) -> None:
    async with open_chromium() as browser:

        async def at(mail: str, width: int) -> Desk:
            return await signed_in(browser, stack, mail, width, scripts=scripts)

        client, technician = await at(CLIENT, TELEPHONE), await at(TECHNICIAN, TELEPHONE)
        assert (client.path, technician.path) == ("/demandes", "/agenda")

        paid = await asks_for_help(client)
        await a_session(client, technician, paid)
        await client.open(f"/demandes/{paid}/avis")
        await client.tab.check("[name=stars][value='5']")
        await client.presses("main button.primary")
        await client.sees("C’est terminé, et la facture est payée")

        disputed = await asks_for_help(client)
        await a_session(client, technician, disputed)
        await client.open(f"/demandes/{disputed}/insatisfaction")
        await client.fills(reason="Le Wi-Fi est retombé aussitôt.")
        await client.presses("main button.danger")
        assert "rien n’est facturé" in await client.text()
        await technician.open(f"/interventions/{disputed}")
        assert "retombé" not in await technician.text()
        if scripts:
            await the_team(await at(BACK_OFFICE, DESKTOP), await at(FINANCE, DESKTOP), disputed)
            await technician.open("/gain/releves")
            await technician.sees("versé")
        assert browser.said == []


async def the_team(back_office: Desk, finance: Desk, disputed: str) -> None:
    """The dispute is taken over and ruled, then the month is paid."""
    own = f"/dossiers/{disputed}"
    assert (back_office.path, finance.path.split("/")[1]) == ("/files", "mois")
    await back_office.presses(f"a[href='{own}']")
    await back_office.presses(f"form[action='{own}/reprise'] button")
    await back_office.open(f"{own}/decision")
    await back_office.tab.check("[name=kind][value=waive]")
    await back_office.fills(reason="La panne est revenue pendant la séance.")
    await back_office.presses("main button.primary")
    await back_office.sees("La décision est enregistrée.")
    await back_office.open("/files")
    assert disputed not in await back_office.text()

    await finance.open("/virements")
    await finance.presses("form[action$='/lancer'] button")
    await finance.sees("versé")
