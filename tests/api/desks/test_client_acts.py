"""A client without a script plays a whole request, and a dispute, on the whole service."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from domain.signed_links import Link, Purpose, sign
from tests.api.desks.visitor import Visitor, a_visitor, looks_right
from tests.api.frontend import Frontend
from tests.api.pictures import a_file
from tests.api.reaching import reach_review
from tests.api.rows import a_card, a_ticket
from tests.api.service import Service
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_technician

PROBLEM = "Plus de Wi-Fi dans la chambre depuis le changement de box."
WHAT, WHEN, WHO = (f"/demandes/nouvelle{step}" for step in ("", "/creneau", "/coordonnees"))


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """What the service does by itself comes in its own time."""
    async with asyncio.timeout(20):
        while True:
            if await is_so():
                return
            await asyncio.sleep(0.1)


async def asks_for_help(client: Visitor, which: int = 0) -> str:
    """By the three steps, in one of the slots that are offered. Answers the request's number."""
    await client.open(WHAT)
    assert client.form(WHEN)["minutes"] == "60"
    await client.open(f"{WHEN}?competence=internet&minutes=60")
    await client.send(WHEN, start=client.choices("start")[which])
    assert client.path == WHO
    assert "Gardé jusqu’à" in client.text
    await client.send(WHO, description=PROBLEM, phone="06 12 34 56 78", express_request="true")
    assert client.path.startswith("/demandes/"), client.text
    return client.path.removeprefix("/demandes/")


async def begins(service: Service, number: str) -> None:
    """The technician does what is theirs, until the session has begun."""
    view = await service.view(number, service.client)
    assert (await service.act(number, "acknowledge")).status_code == 200
    await service.pass_time(number, datetime.fromisoformat(view["start"]) - service.api.clock())
    assert (await service.act(number, "call")).status_code == 200
    started = {"ticket_number": number, "code": view["codes"]["client_code"]}
    assert (await service.act(number, "start", started)).status_code == 200


async def test_a_request_from_asking_to_the_invoice(service: Service) -> None:
    await service.save_card()
    client = a_visitor(service.api, service.client)
    number = await asks_for_help(client)
    assert "Votre demande est enregistrée. Une confirmation vous est envoyée par courriel." in client.text
    assert "Thomas Leroy vous appelle" in client.text
    own = f"/demandes/{number}"

    await client.open(f"{own}/accord")
    await client.send(f"{own}/accord", anydesk_id="12")
    assert client.answer.status_code == 422
    assert client.wrong() == {"anydesk_id": "Un identifiant AnyDesk compte 9 ou 10 chiffres."}
    assert client.form(f"{own}/accord")["anydesk_id"] == "12"
    await client.send(f"{own}/accord", anydesk_id="123 456 789")
    assert "Votre accord est enregistré pour cette séance." in client.text
    assert "votre adresse AnyDesk est 123 456 789" in client.text

    await begins(service, number)
    await client.open(own)
    assert "Séance en cours" in client.text
    await client.open(f"{own}/prolonger")
    await client.send(f"{own}/prolonger", ceiling_minutes="90")
    assert "La durée maximale est relevée." in client.text
    await client.send(f"{own}/arreter")
    assert client.title == "La séance est finie, le compte rendu arrive"

    report = {"text": "Canal Wi-Fi changé, tout va bien.", "declared_minutes": 1}
    assert (await service.act(number, "report", report)).status_code == 200
    await client.open(f"{own}/avis")
    await client.send(f"{own}/avis", stars="5", satisfied="true", comment="Joignez-moi au 06 12 34 56 78")
    assert client.answer.status_code == 422
    assert client.wrong()["comment"].startswith("Ce texte contient un numéro de téléphone")
    await client.send(f"{own}/avis", stars="5", satisfied="true", comment="Très patient.")
    assert "Merci : votre avis est enregistré." in client.text
    assert "Très patient." in client.text

    async def has_its_invoice() -> bool:
        await client.open(own)
        return "Facture F2026" in client.text and f"/v1/tickets/{number}/invoice.pdf" in client.links()

    await until(has_its_invoice)
    assert "15,00 €" in client.text
    pdf = await client.open(f"/v1/tickets/{number}/invoice.pdf")
    assert pdf.answer.headers["content-type"] == "application/pdf"


async def test_a_client_who_is_not_satisfied_is_not_billed(service: Service) -> None:
    await service.save_card()
    client = a_visitor(service.api, service.client)
    number = await asks_for_help(client)
    own = f"/demandes/{number}"
    await client.open(f"{own}/accord")
    await client.send(f"{own}/accord", anydesk_id="123 456 789")
    await begins(service, number)
    await client.open(f"{own}/insatisfaction")
    await client.send(f"{own}/insatisfaction", reason="Non")
    assert client.wrong() == {"reason": "Écrivez au moins 10 caractères."}
    await client.send(f"{own}/insatisfaction", reason="Il est arrivé en retard et n’a rien réparé.")
    assert client.title == "Votre demande est suspendue\N{NO-BREAK SPACE}: rien n’est facturé"
    assert "Il est arrivé en retard et n’a rien réparé." in client.text


async def test_an_appointment_is_moved_cancelled_and_withdrawn(service: Service) -> None:
    await service.save_card()
    client = a_visitor(service.api, service.client)
    number = await asks_for_help(client, which=-2)
    own = f"/demandes/{number}"
    await client.open(f"{own}/deplacer")
    await client.send(f"{own}/deplacer")
    assert (client.answer.status_code, client.wrong()) == (422, {"start": "Choisissez une heure."})
    later = client.choices("start")[-1]
    await client.send(f"{own}/deplacer", start=later)
    assert "Le rendez-vous est déplacé." in client.text
    assert (await service.view(number, service.client))["start"] == later
    await client.open(f"{own}/annuler")
    await client.send(f"{own}/annuler", reason="Je serai en déplacement ce jour-là.")
    assert "Annulée" in client.text

    number = await asks_for_help(client)
    await client.open(f"/demandes/{number}/retractation")
    await client.send(f"/demandes/{number}/retractation")
    assert client.title == "Vous vous êtes rétracté\N{NO-BREAK SPACE}: rien ne vous est facturé"


async def test_a_form_sent_twice_is_one_request(service: Service) -> None:
    await service.save_card()
    client = a_visitor(service.api, service.client)
    await client.open(f"{WHO}?competence=internet&minutes=60")
    form = client.form(WHO) | {"description": PROBLEM, "phone": "06 12 34 56 78", "express_request": "true"}
    numbers = set()
    for _ in range(2):
        await client._ask("POST", WHO, form)
        numbers.add(client.path)
    [path] = numbers
    assert service.database.rows("SELECT '/demandes/' || number FROM tickets") == [(path,)]
    await client._ask("POST", WHO, form | {"description": "Une autre chose ne va pas non plus."})
    assert client.answer.status_code == 422
    assert "Ce formulaire a déjà été envoyé avec d’autres réponses." in client.text
    assert client.form(WHO)["key"] != form["key"]
    assert client.form(WHO)["description"] == "Une autre chose ne va pas non plus."


async def test_what_was_typed_is_kept_when_the_slot_is_lost(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    a_card(api.database, client)
    visitor = a_visitor(api, client)
    await visitor.open(f"{WHEN}?competence=internet&minutes=60")
    await visitor.send(WHEN, start=visitor.choices("start")[4])
    api.clock.advance(minutes=6)
    typed = {"description": PROBLEM, "phone": "06 12 34 56 78", "express_request": "true"}
    await visitor.send(WHO, **typed)
    assert visitor.answer.status_code == 409
    assert "Cette heure n’est plus gardée pour vous." in visitor.text
    somebody = a_client(api.database, "Paul Girard")
    api.database.execute(
        "UPDATE bookings SET held_by = %s, hold_expires_at = %s",
        *(somebody, api.clock() + timedelta(minutes=5)),
    )
    await visitor.send(WHO, do="hold")
    assert visitor.answer.status_code == 409
    assert "Ce créneau vient d’être pris. Choisissez-en un autre." in visitor.text
    other = visitor.choices("start")[0]
    await visitor.send(WHO, do="hold", start=other)
    assert (visitor.answer.status_code, visitor.form(WHO)["start"]) == (200, other)
    assert visitor.form(WHO)["hold_id"]
    assert {name: visitor.form(WHO)[name] for name in typed} == typed
    api.clock.advance(hours=4)
    await visitor.send(WHO)
    await visitor.send(WHO, do="hold")
    assert visitor.answer.status_code == 422
    assert visitor.choices("start")
    assert {name: visitor.form(WHO)[name] for name in typed} == typed


async def test_without_a_worker_the_same_form_may_be_sent_again(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    number = a_ticket(api.database, client, technician)
    visitor = await a_visitor(api, client).open(f"/demandes/{number}/annuler")
    key = visitor.form(visitor.path)["key"]
    await visitor.send(visitor.path, reason="Je serai en déplacement ce jour-là.")
    assert visitor.answer.status_code == 503
    assert "rien ne sera fait deux fois" in visitor.text
    assert visitor.form(visitor.path) == {"key": key, "reason": "Je serai en déplacement ce jour-là."}


async def test_a_form_without_its_key_is_refused(api: Frontend) -> None:
    client = a_client(api.database)
    number = a_ticket(api.database, client, a_technician(api.database))
    visitor = await a_visitor(api, client)._ask("POST", f"/demandes/{number}/arreter", {})
    assert (visitor.answer.status_code, visitor.title) == (400, "Ce formulaire est incomplet")


async def test_a_review_by_the_link_of_a_mail_needs_no_sign_in(service: Service) -> None:
    number = await reach_review(service)
    token = sign(
        TOKEN_KEY, Link(Purpose.REVIEW, number, service.client), service.api.clock() + timedelta(days=33)
    )
    visitor = await a_visitor(service.api, None).open(f"/avis/{token}")
    looks_right(visitor.answer)
    assert f"n° {number[:4]} {number[4:]}" in visitor.text
    assert f"/demandes/{number}/insatisfaction" in visitor.links()
    await visitor.send(f"/avis/{token}", satisfied="true")
    assert (visitor.answer.status_code, visitor.wrong()) == (422, {"stars": "Ce champ est obligatoire."})
    await visitor.send(f"/avis/{token}", stars="4", satisfied="true", comment="Très patient.")
    assert visitor.title == "Merci pour votre avis"
    [review] = service.database.rows("SELECT stars FROM reviews WHERE ticket = %s", number)
    assert review == (4,)
    await visitor.open("/avis/forged")
    assert (visitor.answer.status_code, visitor.title) == (404, "Cette page n’existe pas")


async def test_images_come_with_a_form_and_are_kept_when_it_comes_back(service: Service) -> None:
    await service.save_card()
    client = a_visitor(service.api, service.client)
    await client.open(f"{WHO}?competence=internet&minutes=60")
    typed = {"phone": "06 12 34 56 78", "express_request": "true"}
    await client.send(WHO, [("photo.png", a_file(), "image/png")], **typed, description="court")
    assert client.wrong() == {"description": "Écrivez au moins 10 caractères."}
    assert "1 image déjà jointe." in client.text
    no_image = ("note.png", b"a note", "image/png")
    await client.send(WHO, [no_image], **typed, description=PROBLEM)
    assert client.wrong() == {"images": "Ce fichier n’est pas une image PNG, JPEG ou WebP lisible."}
    await client.send(WHO, [("capture.png", a_file(), "image/png")], **typed, description=PROBLEM)
    assert client.path.startswith("/demandes/"), client.text
    images = [one for one in client.links() if "/attachments/" in one]
    assert len(images) == 2
    shown = await client.open(images[0])
    assert shown.answer.headers["content-type"] == "image/png"
