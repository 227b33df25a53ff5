"""What one is told, and what one does without: by the API and on the page."""

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from api.app import work_with
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import Frontend
from tests.support.people import a_client, a_person, a_technician

PATH = "/v1/me/messages"
CHOSEN = {"sms": True, "reminders": False, "phone": "06 12 34 56 79"}


def kept(api: Frontend) -> list[tuple[object, ...]]:
    return api.database.rows("SELECT person_id::text, sms, reminders, phone FROM message_preferences")


async def test_who_has_chosen_nothing_is_told_everything(api: Frontend) -> None:
    answer = (await api.get(PATH, a_client(api.database))).json()
    assert {name: answer[name] for name in ("sms", "reminders", "phone", "sms_sent")} == {
        "sms": True,
        "reminders": True,
        "phone": None,
        "sms_sent": False,
    }
    # Where no SMS is sent, none is said to be.
    assert not any(one["by_sms"] for one in answer["told"])
    assert [one["when"] for one in answer["told"] if one["may_be_off"]] == [
        "la veille d’un rendez-vous et une heure avant"
    ]


async def test_a_choice_is_kept_once_and_is_ones_own(api: Frontend) -> None:
    client, other = a_client(api.database), a_technician(api.database)
    for _ in range(2):
        answer = await api.put(PATH, client, CHOSEN, "k")
        assert (answer.status_code, answer.json()["phone"]) == (200, "+33612345679")
    assert kept(api) == [(client, True, False, "+33612345679")]
    assert (await api.get(PATH, other)).json()["reminders"]
    await api.put(PATH, client, CHOSEN | {"reminders": True, "phone": None}, "another")
    assert kept(api) == [(client, True, True, None)]


@pytest.mark.parametrize("phone", ["09 71 38 04 96", "0899 12 34 56", "12"])
async def test_only_a_mobile_takes_sms(api: Frontend, phone: str) -> None:
    client = a_client(api.database)
    answer = await api.unchanged(api.put(PATH, client, CHOSEN | {"phone": phone}))
    assert answer.status_code == 422


async def test_the_page_shows_what_there_is_and_keeps_what_is_chosen(api: Frontend) -> None:
    client = a_client(api.database)
    page = await page_of(api, client, "/compte/messages")
    assert "quand une facture est établie" in page.text
    assert "SMS" not in page.text
    assert "/compte/messages" in (await page_of(api, client, "/compte")).links()
    visitor = await a_visitor(api, client).open("/compte/messages")
    await visitor.send("/compte/messages", reminders="")
    assert "Vos choix sont enregistrés." in visitor.text
    # What the page does not speak of stays as it was.
    assert kept(api) == [(client, True, False, None)]


async def test_where_sms_are_sent_the_page_asks_for_a_mobile(api: Frontend) -> None:
    transport = api.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    assert isinstance(transport.app, FastAPI)
    work_with(transport.app, replace(api.given, sends_sms=True))
    technician = a_technician(api.database)
    visitor = await a_visitor(api, technician).open("/compte/messages")
    assert "Sans numéro, vous ne recevez pas de SMS." in visitor.text
    await visitor.send("/compte/messages", phone="09 71 38 04 96", sms="true")
    assert visitor.wrong() == {
        "phone": "Donnez un numéro de mobile : les SMS n’arrivent pas sur un téléphone fixe."
    }
    assert kept(api) == []
    await visitor.send("/compte/messages", phone="06 12 34 56 79", sms="true")
    assert kept(api)[0][0] == technician


async def test_the_team_is_told_of_its_sign_ins_and_chooses_nothing(api: Frontend) -> None:
    for role in ("back_office", "finance"):
        page = await page_of(api, a_person(api.database, role), "/compte/messages")
        assert "quand vous demandez à vous connecter" in page.text
        assert page.actions() == [one for one in page.actions() if one != "/compte/messages"]
