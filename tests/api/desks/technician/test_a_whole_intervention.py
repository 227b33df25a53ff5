"""A technician without a script plays interventions from the mail to the report, on the whole service."""

from datetime import datetime, timedelta

import httpx

from tests.api.desks.visitor import Visitor, a_visitor, looks_right
from tests.api.frontend import MORNING, Frontend
from tests.api.pictures import a_file
from tests.api.reaching import open_ticket, reach_appointment
from tests.api.rows import a_session, a_ticket
from tests.api.service import Service
from tests.support.people import a_client, a_technician

DONE_WORK = "Canal Wi-Fi changé, répéteur replacé dans le couloir."


def of(service: Service) -> Visitor:
    return a_visitor(service.api, service.technician)


async def test_from_the_appointment_to_the_report(service: Service) -> None:
    number = await open_ticket(service, timedelta(hours=3))
    technician, own = of(service), f"/interventions/{number}"
    await technician.open(own)
    await technician.send(f"{own}/confirmer")
    assert "Le rendez-vous est confirmé." in technician.text
    consent = {"anydesk_id": "123 456 789", "text_version": "2026-11"}
    assert (await service.act(number, "consent", consent)).status_code == 200
    view = await service.view(number, service.client)
    await service.pass_time(number, datetime.fromisoformat(view["start"]) - service.api.clock())

    technician = await of(service).open(own)
    await technician.send(f"{own}/appel")
    assert "L’appel est noté." in technician.text
    assert "tel:+33612345678" in technician.links()
    code = view["codes"]["client_code"]
    await technician.send(f"{own}/commencer", ticket_number="0000 0000", code=code)
    assert technician.answer.status_code == 422
    looks_right(technician.answer)
    assert technician.wrong().keys() == {"ticket_number"}
    # Its address takes forms only: our script could not ask for it again.
    assert "<script" not in technician.answer.text
    assert technician.form(f"{own}/commencer")["code"] == code
    wrong = "1111" if code != "1111" else "2222"
    await technician.send(f"{own}/commencer", ticket_number=number, code=wrong)
    assert technician.wrong() == {"code": "Ce code n’est pas celui du client. Faites-le répéter."}
    await technician.send(f"{own}/commencer", ticket_number=number, code=code)
    assert "La séance est commencée" in technician.text

    await technician.open(f"{own}/incident")
    await technician.send(f"{own}/incident", text="Le mot de passe est azerty123")
    assert technician.answer.status_code == 422
    assert "mot de passe" in technician.wrong()["text"]
    await technician.send(f"{own}/incident", text="Le client refuse de fermer sa page bancaire.")
    assert "L’équipe Omea est prévenue." in technician.text
    assert "Le client refuse de fermer sa page bancaire." in technician.text
    assert "Séance en cours" in technician.text
    await service.pass_time(number, timedelta(minutes=20))
    technician = await of(service).open(own)
    assert "Durée écoulée 2" in technician.text
    await technician.send(f"{own}/terminer")
    assert technician.title == "La séance est finie\N{NO-BREAK SPACE}: écrivez le compte rendu"

    report = f"{own}/compte-rendu"
    await technician.open(report)
    await technician.send(report, text="Canal changé", do="draft")
    assert "Le brouillon est gardé." in technician.text
    technician = await of(service).open(report)
    assert technician.form(report)["text"] == "Canal changé"
    image = ("capture.png", a_file(), "image/png")
    told = f"{DONE_WORK} Rappelez-moi au 06 12 34 56 78."
    await technician.send(report, [image], text=told, declared_minutes="21")
    assert technician.answer.status_code == 422
    assert technician.wrong()["text"].startswith("Ce texte contient un numéro de téléphone")
    assert technician.form(report)["text"] == told
    assert "1 image déjà jointe." in technician.text
    await technician.send(report, text=DONE_WORK, declared_minutes="21")
    assert "Le compte rendu est remis au client" in technician.text
    assert "16,00 € hors taxes, estimation" in technician.text
    filed = service.database.rows(
        "SELECT body ->> 'text', declared_minutes, (SELECT count(*) FROM attachments a "
        "WHERE a.submission_id = submissions.id) FROM reports JOIN submissions ON id = submission_id"
    )
    assert filed == [(DONE_WORK, 21, 1)]
    assert service.database.rows("SELECT FROM report_drafts") == []


async def test_what_is_declined_is_somebody_elses(service: Service) -> None:
    number = await open_ticket(service, timedelta(hours=3))
    technician, own = of(service), f"/interventions/{number}"
    await technician.open(f"{own}/decliner")
    await technician.send(f"{own}/decliner", reason="Non")
    assert technician.wrong() == {"reason": "Écrivez au moins 10 caractères."}
    await technician.send(f"{own}/decliner", reason="Je suis en déplacement ce jour-là.")
    assert technician.path == "/agenda"
    assert "Vous avez décliné l’intervention" in technician.text
    assert own not in technician.links()
    assert (await technician.open(own)).answer.status_code == 404


async def test_a_client_who_does_not_answer(service: Service) -> None:
    number = await reach_appointment(service)
    technician, own = of(service), f"/interventions/{number}"
    for calls in (1, 2, 3):
        await technician.open(own)
        await technician.send(f"{own}/appel")
        await technician.open(f"{own}/absence")
        assert (f"{own}/absence" in technician.actions()) is (calls == 3)
        await service.pass_time(number, timedelta(minutes=8))
        technician = of(service)
    await technician.open(f"{own}/absence")
    await technician.send(f"{own}/absence")
    assert "L’absence du client est enregistrée." in technician.text
    assert technician.title == "Le client n’a pas répondu, l’intervention est close"


async def test_a_draft_is_its_authors_alone_and_keeps_no_secret(api: Frontend) -> None:
    technician = a_technician(api.database)
    start = MORNING - timedelta(hours=1)
    number = a_ticket(api.database, a_client(api.database), technician, status="to_report", start=start)
    a_session(api.database, number, technician, start, MORNING)
    report = f"/interventions/{number}/compte-rendu"
    visitor = await a_visitor(api, technician).open(report)
    assert visitor.form(report)["declared_minutes"] == "60"
    await visitor.send(report, text="Son mot de passe est azerty123", do="draft")
    assert visitor.answer.status_code == 422
    assert visitor.form(report)["text"] == "Son mot de passe est azerty123"
    assert api.database.rows("SELECT FROM report_drafts") == []
    await visitor.send(report, text="Canal", declared_minutes="45", do="draft")
    await visitor.open(report)
    assert visitor.form(report) | {"key": ""} == {"key": "", "text": "Canal", "declared_minutes": "45"}
    other = a_technician(api.database, name="Nadia Benali")
    api.database.execute("UPDATE tickets SET technician_id = %s", other)
    visitor = await a_visitor(api, other).open(report)
    assert visitor.form(report)["text"] == ""


async def test_the_address_of_the_calendar_is_secret_and_changes(api: Frontend) -> None:
    technician = a_technician(api.database)
    number = a_ticket(api.database, a_client(api.database), technician)
    visitor = await a_visitor(api, technician).open("/disponibilites")

    async def read(address: str) -> httpx.Response:
        api.http.cookies.clear()
        return await api.http.get(address.removeprefix("https://omea.example"))

    await visitor.send("/disponibilites/agenda")
    looks_right(visitor.answer)
    first = address_on(visitor)
    file = await read(first)
    assert file.headers["content-type"].startswith("text/calendar")
    assert f"{number}@omeasupport" in file.text
    assert address_on(await visitor.open("/disponibilites")) == first
    api.clock.advance(minutes=1)
    await visitor.send("/disponibilites/agenda")
    second = address_on(visitor)
    assert ((await read(first)).status_code, (await read(second)).status_code) == (404, 200)
    assert (await read(second[:-2])).status_code == 404
    await visitor.send("/disponibilites/agenda/fermer")
    assert "L’adresse de votre agenda ne donne plus rien." in visitor.text
    assert (await read(second)).status_code == 404
    api.clock.advance(minutes=1)
    await visitor.send("/disponibilites/agenda")
    third = address_on(visitor)
    assert (await read(third)).status_code == 200
    api.database.execute("UPDATE people SET active = false WHERE id = %s", technician)
    assert (await read(third)).status_code == 404


def address_on(visitor: Visitor) -> str:
    return str(visitor._page().xpath("string(//input[@id='adresse']/@value)"))
