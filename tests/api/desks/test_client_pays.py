"""A client gives a card and pays from the desk: what is asked for there, the provider's pages do."""

from tests.api.desks.visitor import a_visitor, looks_right
from tests.api.service import Service
from tests.api.test_paying import reach_refusal

WHO = "/demandes/nouvelle/coordonnees"


async def test_without_a_card_one_is_led_to_the_provider_and_back(service: Service) -> None:
    client = a_visitor(service.api, service.client)
    await client.open(f"{WHO}?competence=internet&minutes=60")
    assert client.actions() == ["/demandes/nouvelle/carte"]
    await client.send("/demandes/nouvelle/carte")
    assert client.answer.status_code == 303
    assert client.answer.headers["location"].startswith(service.stripe.url)
    await client.open(f"{WHO}?competence=internet&minutes=60&fait=carte")
    assert "elle nous parvient d’un instant à l’autre" in client.text
    looks_right(client.answer)
    await service.save_card()
    await client.open(f"{WHO}?competence=internet&minutes=60&fait=carte")
    assert client.actions() == [WHO]


async def test_a_refused_payment_says_so_and_another_card_pays(service: Service) -> None:
    number = await reach_refusal(service, "pm_card_chargeCustomerFail")
    own = f"/demandes/{number}"
    client = await a_visitor(service.api, service.client).open(own)
    assert "À vous : régler la facture" in client.text
    await client.send(f"{own}/payer")
    assert client.answer.status_code == 409
    refused = (
        "Votre banque n’a pas accepté ce paiement : la banque a refusé le paiement. Rien n’a été débité."
    )
    assert refused in client.text
    await client.send(f"{own}/carte")
    assert client.answer.headers["location"].startswith(service.stripe.url)
    await service.save_card("pm_card_visa")
    await (await client.open(own)).send(f"{own}/payer")
    assert "Merci : votre banque a accepté le paiement." in client.text


async def test_a_bank_that_wants_the_client_to_confirm_is_led_to(service: Service) -> None:
    number = await reach_refusal(service, "pm_card_authenticationRequired")
    client = await a_visitor(service.api, service.client).open(f"/demandes/{number}")
    await client.send(f"/demandes/{number}/payer")
    assert client.answer.status_code == 303
    assert client.answer.headers["location"].startswith(service.stripe.url)
