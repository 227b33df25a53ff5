"""Four people at four desks, in a real Chromium, on the whole stack: a ticket, a dispute and a month's end;
on telephones and the team's screens, and once without any script."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.composition import PARTS
from deploy.settings import read_stack_settings
from deploy.stack import running_stack
from domain.opening_hours import paris_month
from tests.e2e.desk import Desk
from tests.e2e.signing_in import Door
from tests.support.chromium import DESKTOP, NEEDS_CHROMIUM, TELEPHONE, open_chromium

ASKED_BY_NOBODY = ("oidc", "codec")
BACK_OFFICE, FINANCE = "nadia.ferrand@example.fr", "hugues.vasseur@example.fr"
PROBLEM = "Plus de Wi-Fi dans la chambre depuis le changement de box."
UNHAPPY = "Le Wi-Fi est retombé aussitôt."
# Its money is there at once, and can be transferred the same day.
CARD = "4000000000000077"
# What a browser says of the page that a wrong code comes back on.
REFUSED = "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"


@dataclass(frozen=True)
class Pair:
    """Who asks for help, and who is the only one able to give it."""

    client: str
    technician: str
    name: str
    skill: str


WITH_SCRIPT = Pair("claire.petit@example.fr", "thomas.leroy@example.fr", "Thomas Leroy", "internet")
WITHOUT = Pair("marcel.dubois@example.fr", "sarah.cohen@example.fr", "Sarah Cohen", "mail")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    var: Path = tmp_path_factory.mktemp("desks")
    with running_stack(
        var,
        parts=[part for part in PARTS if part not in ASKED_BY_NOBODY],
        any_ports=True,
        durable=False,
        given=read_stack_settings({}),
        modules={"api": ["tests.e2e.server"]},
    ) as running:
        yield Door(running)


@NEEDS_CHROMIUM
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("scripts", "pair"),
    [
        pytest.param(True, WITH_SCRIPT, id="with our script"),
        # Each page alone is asked without one by its own tests, as are the client's steps in a browser.
        pytest.param(False, WITHOUT, id="without a script", marks=pytest.mark.soak),
    ],
)
async def test_a_ticket_a_dispute_and_a_months_end(door: Door, scripts: bool, pair: Pair) -> None:
    async with open_chromium() as browser:

        async def at(mail: str, width: int) -> Desk:
            return await door.enter(browser, mail, width, scripts=scripts)

        client, technician, back_office, finance = await asyncio.gather(
            at(pair.client, TELEPHONE),
            at(pair.technician, TELEPHONE),
            at(BACK_OFFICE, DESKTOP),
            at(FINANCE, DESKTOP),
        )
        assert [one.path for one in (client, technician, back_office, finance)] == [
            "/demandes",
            "/agenda",
            "/files",
            "/mois",
        ]

        paid = await asks_for_help(client, pair)
        await a_session(client, technician, paid, mistaken=True)
        await client.open(f"/demandes/{paid}/avis")
        await client.tab.check("[name=stars][value='5']")
        await client.presses("main button.primary")
        assert "15,00 €" in await client.sees("C’est terminé, et la facture est payée")

        disputed = await asks_for_help(client, pair)
        await a_session(client, technician, disputed)
        await client.open(f"/demandes/{disputed}/insatisfaction")
        await client.fills(reason=UNHAPPY)
        await client.presses("main button.danger")
        assert "rien n’est facturé" in await client.text()
        await technician.open(f"/interventions/{disputed}")
        assert UNHAPPY not in await technician.text()
        await rules(back_office, disputed)
        await client.sees("C’est terminé, et rien ne vous est facturé")

        await pays_the_month(finance, pair)
        await technician.open("/gain/releves")
        assert "8,00 €" in await technician.sees("Viré")
        assert browser.said == [REFUSED]


async def asks_for_help(client: Desk, pair: Pair) -> str:
    """By the three steps; the first time a card is given on the provider's page. Answers the number."""
    await client.open("/demandes/nouvelle")
    await client.tab.check(f"[name=competence][value={pair.skill}]")
    await client.presses("main button.primary")
    for day in await client.tab.locator("details.day:not([open]) > summary").all():
        await day.click()
    # The first may be over by the time that it is asked for.
    await client.tab.locator("label:has([name=start])").nth(1).click()
    await client.presses("main button.primary")
    if await client.has("form[action$='/carte'] button"):
        await client.presses("form[action$='/carte'] button")
        await client.fills(card_number=CARD, expiry="12/40", cvc="123")
        await client.presses("button")
        await client.finds("[name=description]")
    await client.fills(description=PROBLEM, phone="06 12 34 56 78")
    await client.tab.check("#express_request")
    await client.presses("main button.primary")
    assert "Votre demande est enregistrée." in await client.text()
    return client.path.removeprefix("/demandes/")


async def a_session(client: Desk, technician: Desk, number: str, *, mistaken: bool = False) -> None:
    """From the confirmation to the report. `mistaken`: the technician hears another code at first."""
    own = f"/interventions/{number}"
    await technician.open("/agenda")
    await technician.presses(f"a[href='{own}']")
    await technician.presses(f"form[action='{own}/confirmer'] button")
    await client.sees("À vous : donner votre accord")
    await client.presses("#etat a.button")
    await client.fills(anydesk_id="123 456 789")
    await client.presses("main button.primary")
    await technician.sees("Accord donné")
    call = f"form[action='{own}/appel'] button"
    await (technician.dials(call) if technician.scripts else technician.presses(call))
    said, answered = re.findall(r"code :\s*(\d{4})|celui-ci :\s*(\d{4})", await client.text())
    assert said[0] in await technician.text()
    begin, code = f"form[action='{own}/commencer'] button", answered[1]
    if mistaken:
        await technician.fills(ticket_number=number, code="0000" if code != "0000" else "1111")
        await technician.presses(begin)
        assert "Ce code n’est pas celui du client. Faites-le répéter." in await technician.text()
    await technician.fills(ticket_number=number, code=code)
    await technician.presses(begin)
    await client.sees("Séance en cours")
    await technician.presses(f"form[action='{own}/terminer'] button")
    await technician.presses("#etat a.button")
    await technician.fills(text="Canal Wi-Fi changé, répéteur déplacé.", declared_minutes="1")
    await technician.presses("main button.primary")
    assert "Le compte rendu est remis au client, qui donne son avis." in await technician.text()


async def rules(back_office: Desk, number: str) -> None:
    """The dispute is taken over: the client owes nothing, and nothing is earned."""
    own = f"/dossiers/{number}"
    await back_office.open("/files")
    await back_office.finds(f"a[href='{own}']")
    await back_office.presses(f"a[href='{own}']")
    assert UNHAPPY in await back_office.text()
    await back_office.presses(f"form[action='{own}/reprise'] button")
    await back_office.presses(f"a[href='{own}/decision']")
    await back_office.tab.check("[name=kind][value=waive]")
    await back_office.tab.check("[name='gains.0.kind'][value=none]")
    await back_office.fills(reason="La panne est revenue pendant la séance.")
    await back_office.presses("main button.primary")
    assert "La décision est enregistrée." in await back_office.text()
    await back_office.open("/files")
    assert not await back_office.has(f"a[href='{own}']")


async def pays_the_month(finance: Desk, pair: Pair) -> None:
    """What the preview announces is what the run sends."""
    own = f"/virements/{paris_month(datetime.now(UTC))}"
    await finance.open(f"{own}/apercu")
    announced = await finance.text()
    assert "Un lancement maintenant enverrait 8,00 €" in announced
    assert pair.name in announced
    await finance.presses(f"a[href='{own}#lancer']")
    await finance.fills(reason="Fin de mois")
    await finance.presses(f"form[action='{own}/lancer'] button")
    await finance.finds(f"tr:has-text('{pair.name}'):has-text('8,00'):has-text('Viré')")
