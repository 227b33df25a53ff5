"""The card page, played by a plain HTTP client."""

import sqlite3

import pytest
import stripe

from tests.sandbox.stripe.builders import PAGE, a_card_page, a_customer, event_types, typed
from tests.sandbox.stripe.running import Running, submit, visit


async def test_a_card_typed_on_the_page_is_saved_to_the_customer(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    customer = await a_customer(client)
    session = await a_card_page(client, customer)
    assert session.url == f"{sandbox.url}/c/pay/{session.id}"

    shown = visit(session.url)
    answer = submit(session.url, data=typed("4242 4242 4242 4242"))

    done = await client.v1.checkout.sessions.retrieve_async(
        session.id, {"expand": ["setup_intent.payment_method", "customer"]}
    )
    setup = done.setup_intent
    assert isinstance(setup, stripe.SetupIntent)
    method = setup.payment_method
    assert isinstance(method, stripe.PaymentMethod)
    assert method.card is not None
    assert all(f'name="{name}"' in shown.text for name in ("card_number", "expiry", "cvc"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?session={session.id}")
    assert (done.status, done.url, setup.status, setup.usage) == (
        "complete",
        None,
        "succeeded",
        "off_session",
    )
    assert (method.customer, method.card.brand, method.card.last4) == (customer, "visa", "4242")
    assert (method.card.exp_month, method.card.exp_year) == (12, 2040)
    assert await event_types(client) == [
        "customer.created",
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "checkout.session.completed",
    ]


async def test_the_number_is_never_written(sandbox: Running, client: stripe.StripeClient) -> None:
    session = await a_card_page(client)
    submit(str(session.url), data=typed("4242424242424242"))

    kept = b"".join(path.read_bytes() for path in sandbox.data.parent.glob("stripe.sqlite*"))
    assert b"4242424242424242" not in kept
    assert b"4242" in kept


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("4000000000000002", "Votre carte a été refusée."),
        ("4000000000009995", "Votre carte a été refusée : provision insuffisante."),
        ("4000000000000069", "Votre carte a expiré."),
        ("4000000000000127", "Le code de sécurité de votre carte est incorrect."),
    ],
)
async def test_a_refused_card_shows_its_reason_and_another_may_be_tried(
    client: stripe.StripeClient, number: str, sentence: str
) -> None:
    session = await a_card_page(client)
    refused = submit(str(session.url), data=typed(number))
    again = visit(str(session.url))
    still_open = await client.v1.checkout.sessions.retrieve_async(session.id)
    accepted = submit(str(session.url), data=typed("5555555555554444"))

    assert (refused.status_code, sentence in refused.text, sentence in again.text) == (402, True, True)
    assert (still_open.status, accepted.status_code) == ("open", 303)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"card_number": "4242424242424241"}, "Votre numéro de carte n’est pas valide."),
        ({"card_number": "4970107111111119"}, "que les cartes de test de Stripe"),
        ({"expiry": "01/20"}, "La date d’expiration de votre carte est passée."),
        ({"expiry": "13/40"}, "La date d’expiration de votre carte est incomplète."),
        ({"cvc": "12"}, "Le code de sécurité de votre carte est incomplet."),
    ],
)
async def test_a_mistyped_card_is_said_so_and_reaches_nobody(
    client: stripe.StripeClient, change: dict[str, str], sentence: str
) -> None:
    session = await a_card_page(client)

    answer = submit(str(session.url), data=typed("4242424242424242") | change)

    assert (answer.status_code, sentence in answer.text) == (400, True)
    assert await event_types(client) == ["customer.created", "setup_intent.created"]


@pytest.mark.parametrize("number", ["4000002500003155", "4000002760003184", "4000008260003178"])
async def test_authentication_at_set_up_goes_by_the_banks_page(
    client: stripe.StripeClient, number: str
) -> None:
    session = await a_card_page(client)
    url = str(session.url)

    bank = submit(url, data=typed(number)).headers["location"]
    failed = submit(bank, data={"outcome": "fail"})
    back = visit(failed.headers["location"])
    bank = submit(url, data=typed(number)).headers["location"]
    done = submit(bank, data={"outcome": "complete"})

    known = await client.v1.checkout.sessions.retrieve_async(session.id, {"expand": ["setup_intent"]})
    assert isinstance(known.setup_intent, stripe.SetupIntent)
    assert (failed.status_code, failed.headers["location"]) == (303, url)
    assert "Votre banque n’a pas pu vous authentifier." in back.text
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?session={session.id}")
    assert (known.status, known.setup_intent.status) == ("complete", "succeeded")


async def test_a_finished_page_says_so_and_saves_nothing_more(client: stripe.StripeClient) -> None:
    customer = await a_customer(client)
    session = await a_card_page(client, customer)
    submit(str(session.url), data=typed("4242424242424242"))

    again = submit(str(session.url), data=typed("5555555555554444"))

    saved = await client.v1.customers.payment_methods.list_async(customer)
    assert (again.status_code, "Votre carte est enregistrée." in again.text) == (200, True)
    assert len(saved.data) == 1


async def test_an_expired_page_says_so(client: stripe.StripeClient) -> None:
    session = await a_card_page(client)

    expired = await client.v1.checkout.sessions.expire_async(session.id)
    answer = submit(str(session.url), data=typed("4242424242424242"))
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.checkout.sessions.expire_async(session.id)

    setup = await client.v1.setup_intents.retrieve_async(str(session.setup_intent))
    assert (expired.status, expired.url, setup.status) == ("expired", None, "canceled")
    assert (answer.status_code, "Ce lien a expiré." in answer.text) == (410, True)
    assert (await event_types(client))[-1] == "checkout.session.expired"


async def test_a_page_closes_by_itself_when_its_time_is_over(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    session = await a_card_page(client)
    with sqlite3.connect(sandbox.data) as connection:
        connection.execute(
            "UPDATE objects SET body = json_set(body, '$.expires_at', 1) WHERE id = ?", [session.id]
        )
    connection.close()

    answer = submit(str(session.url), data=typed("4242424242424242"))

    known = await client.v1.checkout.sessions.retrieve_async(session.id)
    assert (answer.status_code, known.status) == (410, "expired")
    assert (await event_types(client))[-2:] == ["setup_intent.canceled", "checkout.session.expired"]


async def test_a_page_may_make_the_customer_at_the_first_attempt_and_only_once(
    client: stripe.StripeClient,
) -> None:
    session = await client.v1.checkout.sessions.create_async(
        {
            "mode": "setup",
            "currency": "eur",
            "customer_creation": "always",
            "customer_email": "claire@exemple.fr",
            "success_url": PAGE,
        }
    )
    submit(str(session.url), data=typed("4000000000000002"))
    submit(str(session.url), data=typed("4242424242424242"))

    known = await client.v1.checkout.sessions.retrieve_async(session.id)
    made = (await client.v1.customers.list_async()).data
    assert [(customer.id, customer.email) for customer in made] == [(known.customer, "claire@exemple.fr")]


async def test_an_unknown_page_is_not_found(sandbox: Running) -> None:
    assert visit(f"{sandbox.url}/c/pay/cs_test_unknown").status_code == 404


async def test_a_card_is_also_set_up_without_a_page(client: stripe.StripeClient) -> None:
    customer = await a_customer(client)

    setup = await client.v1.setup_intents.create_async(
        {"customer": customer, "payment_method": "pm_card_visa", "confirm": True, "return_url": PAGE}
    )

    saved = await client.v1.payment_methods.list_async({"customer": customer, "type": "card"})
    assert setup.status == "succeeded"
    assert [method.id for method in saved.data] == [setup.payment_method]
