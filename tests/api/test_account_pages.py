"""From a technician without an account to money on it: over HTTP, by the provider's page and its notices."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from stripe.params import AccountUpdateParams

from api import french_accounts
from api.codes import ApiCode
from db.engine import create_engine, sessions
from deploy.webhook_dispatcher import WebhookDispatcher
from domain.deadlines import Deadlines
from domain.opening_hours import ALWAYS, paris_month
from tests.api import rows
from tests.api.frontend import Frontend, is_problem
from tests.api.service import Service
from tests.sandbox.stripe.builders import complete_account
from tests.support.people import a_technician
from tests.support.stripe_sandbox import API_KEY

pytestmark = pytest.mark.pays

PAGE = "/v1/me/payee/account-page"
RETURNED = "https://omea.example/v1/account-page/returned"
EXPIRED = "https://omea.example/v1/account-page/expired"
TO_COMPLETE = {
    "code": "to_complete",
    "label": "à compléter, sur la page que le technicien demande depuis son espace",
}


@pytest.fixture
async def dispatcher(service: Service) -> AsyncIterator[WebhookDispatcher]:
    engine = create_engine(service.database.url("omea_worker"))
    client = service.environment.client
    yield WebhookDispatcher(sessions(engine), client, service.task_queue, Deadlines(), ALWAYS)
    await engine.dispose()


async def payee(service: Service) -> dict[str, Any]:
    view: dict[str, Any] = (await service.api.get("/v1/me/payee", service.technician)).json()
    return view


def codes(labelled: list[dict[str, str]]) -> list[str]:
    return [one["code"] for one in labelled]


def account_of(service: Service) -> str | None:
    [(reference,)] = service.database.rows(
        "SELECT account_reference FROM technicians WHERE id = %s", service.technician
    )
    return None if reference is None else str(reference)


async def tell(service: Service, dispatcher: WebhookDispatcher) -> None:
    """The provider's newest notice of the account comes, is handed out, and its account looked at."""
    account = account_of(service)
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {API_KEY}"}) as provider:
        wanted: dict[str, str | int] = {"type": "account.updated", "limit": 100}
        events = (await provider.get(f"{service.stripe.url}/v1/events", params=wanted)).json()["data"]
    newest = next(event for event in events if event["data"]["object"]["id"] == account)
    headers = {"Stripe-Signature": "genuine"}
    answer = await service.api.http.post("/v1/webhooks/stripe", json=newest, headers=headers)
    assert answer.status_code == 200
    assert await dispatcher.dispatch_due() == 1
    await service.environment.client.get_workflow_handle(f"account/{account}").result()


async def test_a_technician_completes_their_account_and_is_paid(
    service: Service, dispatcher: WebhookDispatcher
) -> None:
    service.database.execute("UPDATE payees SET account_ready = false, is_company = false")
    before = await payee(service)
    assert codes(before["holds"]) == ["account_missing"]
    assert (before["account"]["code"], before["account_asks"]) == ("to_open", [])

    opened = await service.api.post(PAGE, service.technician)
    assert opened.status_code == 201
    page = opened.json()
    assert set(page) == {"url", "expires_at"}
    assert timedelta(0) < datetime.fromisoformat(page["expires_at"]) - service.api.clock()
    during = await payee(service)
    assert codes(during["holds"]) == ["account_incomplete"]
    assert during["account"] == TO_COMPLETE
    assert [one["label"] for one in during["account_asks"]] == [
        "compte bancaire (IBAN)",
        "prénom",
        "nom",
        "acceptation des conditions du prestataire de paiement",
    ]

    # The names first, and the rest later, by another link.
    half = {"first_name": "Thomas", "last_name": "Leroy", "iban": "", "act": "later"}
    assert complete_account(page["url"], **half) == RETURNED
    await tell(service, dispatcher)
    assert codes((await payee(service))["account_asks"]) == ["external_account"]
    async with httpx.AsyncClient() as browser:
        assert (await browser.get(page["url"])).headers["location"] == EXPIRED
    again = (await service.api.post(PAGE, service.technician)).json()
    assert complete_account(again["url"]) == RETURNED
    await tell(service, dispatcher)
    after = await payee(service)
    assert (after["holds"], after["account"]["code"], after["account_asks"]) == ([], "ready", [])

    await service.fund()
    ticket = rows.a_ticket(service.database, service.client, service.technician, status="invoiced")
    rows.a_gain(service.database, ticket, service.technician, service.api.clock() - timedelta(hours=1))
    month = paris_month(service.api.clock())
    [paid] = (await service.run_payouts(month))["technicians"]
    assert (paid["technician_id"], paid["paid_cents"], paid["failure"]) == (service.technician, 1600, None)


async def test_what_the_provider_asks_for_later_is_shown_and_given_by_the_same_page(
    service: Service, dispatcher: WebhookDispatcher
) -> None:
    url = (await service.api.post(PAGE, service.technician)).json()["url"]
    person = {"business_type": "individual", "first_name": "Thomas", "last_name": "Leroy"}
    assert complete_account(url, **person) == RETURNED
    await tell(service, dispatcher)
    assert (await payee(service))["account"]["code"] == "ready"

    # It has become a company, whose name is missing.
    account, changed = str(account_of(service)), AccountUpdateParams(business_type="company")
    await service.payments._stripe.accounts.update_async(account, changed)
    await tell(service, dispatcher)
    lacking = await payee(service)
    assert (lacking["account"], codes(lacking["holds"])) == (TO_COMPLETE, ["account_incomplete"])
    assert lacking["account_asks"] == [{"code": "company.name", "label": "dénomination de la société"}]
    url = (await service.api.post(PAGE, service.technician)).json()["url"]
    assert complete_account(url, company_name="Leroy SARL") == RETURNED
    await tell(service, dispatcher)
    assert (await payee(service))["holds"] == []


async def test_a_key_is_one_link_and_a_dead_one_is_not_answered(service: Service) -> None:
    first = await service.api.post(PAGE, service.technician, key="one")
    again = await service.api.unchanged(service.api.post(PAGE, service.technician, key="one"))
    assert (again.status_code, again.json()) == (201, first.json())
    other = await service.api.post(PAGE, service.technician, key="two")
    assert other.json()["url"] != first.json()["url"]
    service.api.clock.advance(minutes=6)
    dead = await service.api.unchanged(service.api.post(PAGE, service.technician, key="one"))
    assert is_problem(dead, ApiCode.ACCOUNT_PAGE_CLOSED)


async def test_asked_twice_at_once_with_one_key_and_with_another_opens_one_account(service: Service) -> None:
    answers = await asyncio.gather(
        *(service.api.post(PAGE, service.technician, key=key) for key in ("one", "one", "two"))
    )
    assert [answer.status_code for answer in answers] == [201] * 3
    urls = [answer.json()["url"] for answer in answers]
    assert (urls[0] == urls[1], urls[0] == urls[2]) == (True, False)
    assert {url.split("/")[-2] for url in urls} == {account_of(service)}


async def test_who_is_paid_through_a_bank_has_no_account_to_complete(api: Frontend) -> None:
    thomas = a_technician(api.database)
    api.database.execute("UPDATE payees SET rail = 'sepa', iban = 'FR7630006000011234567890189'")
    assert is_problem(await api.unchanged(api.post(PAGE, thomas)), ApiCode.ACCOUNT_NOT_NEEDED)
    view = (await api.get("/v1/me/payee", thomas)).json()
    assert (view["account"], view["account_asks"]) == (None, [])


async def test_without_temporal_the_request_is_kept_and_may_be_repeated(api: Frontend) -> None:
    thomas = a_technician(api.database)
    assert is_problem(await api.post(PAGE, thomas, key="one"), ApiCode.TEMPORAL_UNAVAILABLE)
    assert is_problem(await api.unchanged(api.post(PAGE, thomas, key="one")), ApiCode.TEMPORAL_UNAVAILABLE)
    reused = await api.unchanged(api.put("/v1/me/payee/bank", thomas, {"rail": "stripe"}, key="one"))
    assert is_problem(reused, ApiCode.IDEMPOTENCY_KEY_REUSED)


@pytest.mark.parametrize(
    ("ready", "missing", "stage"),
    [
        (False, None, "checked"),
        (True, None, "ready"),
        (True, "individual.verification.document", "to_complete"),
        (False, "individual.verification.document", "to_complete"),
    ],
)
async def test_how_far_an_account_is(api: Frontend, ready: bool, missing: str | None, stage: str) -> None:
    thomas = a_technician(api.database, account="acct_1")
    api.database.execute("UPDATE payees SET account_ready = %s, account_missing = %s", ready, missing)
    view = (await api.get("/v1/me/payee", thomas)).json()
    assert (view["account"]["code"], bool(view["account_asks"])) == (stage, missing is not None)


@pytest.mark.parametrize(
    ("path", "sentences"),
    [
        (RETURNED, ("Retournez maintenant dans votre espace technicien", "demandez-y à nouveau la page")),
        (EXPIRED, ("Ce lien n’est plus valable", "demandez à nouveau la page")),
    ],
)
async def test_the_pages_it_leads_back_to_say_what_is_next(
    api: Frontend, path: str, sentences: tuple[str, str]
) -> None:
    shown = await api.get(path.removeprefix("https://omea.example"), None)
    assert shown.status_code == 200
    assert all(sentence in shown.text for sentence in sentences)
    assert shown.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "<form" not in shown.text


def test_what_is_asked_for_is_said_once_in_words_that_people_know() -> None:
    names = "individual.dob.day individual.dob.month individual.dob.year individual.verification.document "
    names += "individual.verification.additional_document individual.id_number company.owners_provided "
    names += "individuality person_1.relationship.title"
    assert french_accounts.asked(names.split()) == {
        "individual.dob": "date de naissance",
        "individual.verification": "pièce d’identité",
        "individual.verification.additional_document": "justificatif de domicile",
        "individual": "renseignements personnels",
        "company": "renseignements sur la société",
        "individuality": "autre renseignement, indiqué sur la page",
        "person_1.relationship.title": "autre renseignement, indiqué sur la page",
    }
