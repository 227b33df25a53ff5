"""What the back office does by the forms of a case file, with the whole service behind."""

from api.desks.back_office.case_words import ACTS
from tests.api.desks.visitor import Visitor, a_visitor
from tests.api.pictures import a_file
from tests.api.reaching import open_ticket, reach_paid, reach_review
from tests.api.service import Service
from tests.support.people import a_technician

REASON = "Le client demande quelqu’un d’autre."


async def desk(service: Service, path: str) -> Visitor:
    return await a_visitor(service.api, service.back_office).open(path)


async def test_another_technician_another_hour_then_cancelled(service: Service) -> None:
    number = await open_ticket(service)
    own = f"/dossiers/{number}"
    page = await desk(service, f"{own}/technicien")
    await page.send(f"{own}/technicien", reason=REASON)
    assert page.answer.status_code == 409
    assert page.form(f"{own}/technicien")["reason"] == REASON
    other = a_technician(service.database, "internet", name="Zoé Blanc")
    unvetted = a_technician(service.database, "internet", name="Ali Martin")
    service.database.execute("UPDATE technicians SET vetted_at = NULL WHERE id = %s", unvetted)
    await page.open(f"{own}/technicien")
    assert "Zoé Blanc" in page.text
    assert "Ali Martin" not in page.text
    refused = {"reason": REASON, "technician_id": unvetted}
    await page.send(f"{own}/technicien", **refused)
    assert page.answer.status_code == 409
    assert page.form(f"{own}/technicien")["reason"] == REASON
    await page.open(f"{own}/technicien")
    await page.send(f"{own}/technicien", reason="x", technician_id=other)
    assert "reason" in page.wrong()
    await page.send(f"{own}/technicien", reason=REASON, technician_id=other)
    assert page.path == own
    assert "La demande est confiée à un technicien." in page.text
    assert (await service.view(number, service.back_office))["technician"]["id"] == other

    await page.open(f"{own}/horaire")
    start = page.choices("start")[-1]
    await page.send(f"{own}/horaire", start=start, express_request="true")
    assert "Le rendez-vous est déplacé." in page.text
    assert (await service.view(number, service.back_office))["start"] == start

    await page.open(f"{own}/annulation")
    await page.send(f"{own}/annulation", reason="Le client part en voyage.")
    assert "Le rendez-vous est annulé, sans frais." in page.text
    [(actor, for_whom)] = service.database.rows(
        "SELECT actor_id, on_behalf_of::text FROM journal WHERE act = 'cancel'"
    )
    assert (actor, for_whom) == (service.back_office, service.client)
    assert "pour le client au téléphone" in page.text


async def test_a_suspended_one_is_taken_over_and_ruled_twice(service: Service) -> None:
    number = await reach_review(service)
    own = f"/dossiers/{number}"
    page = await desk(service, f"{own}/litige")
    image = ("capture.png", a_file(), "image/png")
    await page.send(f"{own}/litige", [image], reason="Non")
    assert set(page.wrong()) == {"reason"}
    assert "1 image déjà jointe." in page.text
    await page.send(f"{own}/litige", reason="Au téléphone : rien ne marche encore.")
    assert "La demande est suspendue : rien n’est facturé." in page.text
    [said] = (await service.view(number, service.back_office))["disputes"]
    assert len(said["attachments"]) == 1
    await page.send(f"{own}/reprise")
    assert "Reprise par Sophie Roux" in page.text

    await page.open(f"{own}/decision")
    assert page.choices("kind") == ["bill", "reduce", "waive"]
    assert f"{own}/seance-gratuite" in page.links()
    await page.open(f"{own}/seance-gratuite")
    await page.send(f"{own}/seance-gratuite", reason="Une seconde séance suffira.")
    assert set(page.wrong()) == {"start"}
    slot = page.choices("start")[-1]
    # What the client holds is shown as free, and theirs to be booked.
    held = {"skill": "internet", "start": slot, "minutes": 60}
    assert (await service.api.post("/v1/holds", service.client, held)).status_code == 201
    typed = {"gains.0.kind": "reduced", "gains.0.minutes": "15", "start": slot}
    await page.send(f"{own}/seance-gratuite", **typed)
    assert "La nouvelle séance gratuite est réservée." in page.text, page.text
    view = await service.view(number, service.back_office)
    assert (view["status"]["code"], view["start"]) == ("scheduled", slot)
    assert view["gain_rulings"] == [
        {"session": 1, "kind": {"code": "reduced", "label": "gain réduit"}, "minutes": 15}
    ]
    await page.open(f"{own}/annulation")
    await page.send(f"{own}/annulation")
    await page.open(f"{own}/decision")
    await page.send(f"{own}/decision", kind="waive", reason="Le client a raison.", minutes="15")
    assert "rien n’est facturé" in page.text, page.text
    view = await service.view(number, service.back_office)
    assert (view["status"]["code"], view["outcome"]["code"]) == ("closed", "waived")
    named = {act for (act,) in service.database.rows("SELECT DISTINCT act FROM journal")}
    assert named - set(ACTS) == set()


async def test_what_a_client_says_on_the_telephone_is_noted_for_them(service: Service) -> None:
    number = await open_ticket(service)
    own = f"/dossiers/{number}"
    page = await desk(service, f"{own}/accord")
    await page.send(f"{own}/accord", anydesk_id="12")
    assert set(page.wrong()) == {"anydesk_id"}
    await page.send(f"{own}/accord", anydesk_id="123 456 789")
    assert "L’accord du client est enregistré pour cette séance." in page.text
    await page.open(f"{own}/retractation")
    await page.send(f"{own}/retractation")
    assert "La rétractation est enregistrée." in page.text
    view = await service.view(number, service.back_office)
    assert (view["status"]["code"], view["outcome"]["code"]) == ("closed", "withdrawn")
    assert service.database.rows(
        "SELECT DISTINCT actor_id, on_behalf_of::text FROM journal WHERE act IN ('consent', 'withdraw')"
    ) == [(service.back_office, service.client)]


async def test_the_opinion_of_a_client_on_the_telephone_bills_the_ticket(service: Service) -> None:
    number = await reach_review(service)
    own = f"/dossiers/{number}"
    page = await desk(service, f"{own}/avis")
    await page.send(f"{own}/avis", stars="4", satisfied="true")
    assert "L’avis du client est enregistré." in page.text
    view = await service.view(number, service.back_office)
    assert view["review"]["stars"] == 4
    assert view["invoice"]["total_ttc_cents"] == 3000


async def test_of_a_paid_one_a_refund_is_asked_and_the_page_says_so(service: Service) -> None:
    number = await reach_paid(service)
    own = f"/dossiers/{number}"
    page = await desk(service, f"{own}/litige")
    await page.send(f"{own}/litige", reason="Au téléphone : la panne est revenue.")
    assert page.path == own
    assert "La demande de remboursement est enregistrée." in page.text
    assert "rien n’est facturé" not in page.text
    cases = (await service.api.get(f"/v1/tickets/{number}/refunds", service.back_office)).json()["refunds"]
    assert [one["status"]["code"] for one in cases] == ["open"]
