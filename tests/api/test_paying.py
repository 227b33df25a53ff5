"""Paying an invoice when the card was refused: over the API, and by the page that a mail leads to."""

import re
from datetime import timedelta

import httpx
import pytest

from api.codes import ApiCode
from domain.errors import Refusal
from domain.signed_links import Link, Purpose, sign
from tests.api.frontend import Frontend, is_problem
from tests.api.reaching import journalled, reach_review
from tests.api.rows import a_ticket
from tests.api.service import Service
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_technician


def link(api: Frontend, ticket: str, client: str) -> str:
    token = sign(TOKEN_KEY, Link(Purpose.PAYMENT, ticket, client), api.clock() + timedelta(days=90))
    return f"/v1/payments/{token}"


async def reach_refusal(service: Service, card: str) -> str:
    """Accepted, invoiced 15 or 30 euros, and refused once."""
    ticket = await reach_review(service)
    await service.save_card(card)
    accepted = await service.act(ticket, "review", {"stars": 5})
    assert accepted.json()["status"]["code"] == "invoiced"
    for _ in range(200):
        if service.database.rows("SELECT 1 FROM payment_attempts"):
            return ticket
        await service.pass_time(ticket, timedelta(milliseconds=10))
    raise AssertionError("the card was never tried")


def form_of(shown: httpx.Response, ending: str) -> dict[str, str]:
    """What the browser sends with the form that leads there."""
    for action, key in re.findall(
        r'<form method="post" action="([^"]+)">\s*<input type="hidden" name="key" value="([^"]+)">',
        shown.text,
    ):
        if action.endswith(ending):
            return {"key": key}
    raise AssertionError(f"no form to {ending!r}")


async def test_a_refused_client_pays_with_another_card(service: Service) -> None:
    ticket = await reach_refusal(service, "pm_card_chargeCustomerFail")
    view = await service.view(ticket, service.client)
    assert (view["next"]["who"]["code"], view["next"]["command"]["code"]) == ("client", "pay")
    refused = await service.act(ticket, "pay", key="one")
    assert refused.json() == {
        "accepted": False,
        "confirm_url": None,
        "refusal": {"code": "card_declined", "label": "la banque a refusé le paiement"},
    }
    again = await service.api.unchanged(service.act(ticket, "pay", key="one"))
    assert again.json() == refused.json()
    await service.save_card("pm_card_visa")
    paid = await service.act(ticket, "pay")
    assert paid.json() == {"accepted": True, "confirm_url": None, "refusal": None}
    assert await service.environment.client.get_workflow_handle(f"ticket/{ticket}").result() == "paid"
    late = await service.api.unchanged(service.act(ticket, "pay"))
    assert is_problem(late, Refusal.TICKET_CLOSED, details={"command": "pay"})


async def test_the_page_leads_to_the_bank_and_back(service: Service) -> None:
    api, ticket = service.api, await reach_refusal(service, "pm_card_authenticationRequired")
    path = link(api, ticket, service.client)
    shown = await api.get(path, None)
    assert shown.status_code == 200
    assert "la banque demande une confirmation du titulaire de la carte" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]

    sent = form_of(shown, path)
    leaving = await api.http.post(path, data=sent)
    assert leaving.status_code == 303
    again = await api.http.post(path, data=sent)
    assert again.headers["location"] == leaving.headers["location"]
    async with httpx.AsyncClient() as browser:
        back = await browser.post(leaving.headers["location"], data={"outcome": "complete"})
    returned = back.headers["location"].removeprefix("https://omea.example")
    assert returned.startswith(path)
    assert "votre paiement est en route" in (await api.http.get(returned)).text

    await service.environment.client.get_workflow_handle(f"ticket/{ticket}").signal("payment_news")
    assert await service.environment.client.get_workflow_handle(f"ticket/{ticket}").result() == "paid"
    assert "Cette facture est payée" in (await api.get(path, None)).text
    late = await api.http.post(path, data={"key": "another"})
    assert (late.status_code, "Cette facture est payée" in late.text) == (409, True)


async def test_the_page_offers_another_card(service: Service) -> None:
    api, ticket = service.api, await reach_refusal(service, "pm_card_chargeCustomerFail")
    path = link(api, ticket, service.client)
    shown = await api.get(path, None)
    to_the_card = await api.http.post(f"{path}/card", data=form_of(shown, "/card"))
    assert to_the_card.status_code == 303
    assert to_the_card.headers["location"].startswith("http://127.0.0.1")
    refused = await api.http.post(path, data=form_of(shown, path))
    assert refused.headers["location"] == f"https://omea.example{path}"
    assert "la banque a refusé le paiement" in (await api.get(path, None)).text


@pytest.mark.parametrize("status", ["in_review", "suspended", "scheduled"])
async def test_the_page_says_when_there_is_nothing_to_pay(api: Frontend, status: str) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status=status)
    shown = await api.get(link(api, ticket, client), None)
    assert (shown.status_code, "Il n’y a rien à payer" in shown.text) == (200, True)
    assert "<form" not in shown.text


async def test_a_debt_is_given_up_by_the_team_only_with_a_reason(service: Service) -> None:
    ticket = await reach_refusal(service, "pm_card_chargeCustomerFail")
    path = f"/v1/tickets/{ticket}/write-off"
    early = await service.api.unchanged(
        service.api.post(path, service.finance, {"reason": "Bien trop tôt pour cela."})
    )
    assert is_problem(
        early, Refusal.NOT_ALLOWED_IN_STATUS, details={"command": "write_off", "status": "invoiced"}
    )
    await service.pass_time(ticket, timedelta(days=7, hours=1))
    for _ in range(200):
        if (await service.view(ticket, service.finance))["status"]["code"] == "unpaid":
            break
        await service.pass_time(ticket, timedelta(seconds=1))
    without = await service.api.unchanged(service.api.post(path, service.finance, {}))
    assert (without.status_code, without.json()["code"]) == (422, ApiCode.INVALID_INPUT)
    given_up = await service.api.post(path, service.finance, {"reason": "Trois rappels sans réponse."})
    assert given_up.json()["outcome"] == {"code": "written_off", "label": "créance abandonnée"}
    assert journalled(service, ticket, "write_off") == [(service.finance, "finance", None)]
