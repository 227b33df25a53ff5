"""What clients accept for their account, without which they ask for no help; and their name."""

from api.accepted_texts import IN_FORCE
from api.codes import ApiCode
from api.french_fields import MESSAGES
from domain.admissions import AcceptedText
from domain.errors import Refusal
from domain.ids import admission_workflow_id
from tests.api.frontend import Frontend, is_problem
from tests.api.rows import a_card
from tests.api.service import Service
from tests.api.told import entries
from tests.support.people import a_client
from tests.support.postgres import Database

VERSIONS = {text.value: version for text, version in IN_FORCE.items()}
HELP = {
    "skill": "internet",
    "minutes": 60,
    "description": "Plus de Wi-Fi du tout.",
    "phone": "06 12 34 56 78",
    "express_request": True,
}


def a_newcomer(database: Database) -> str:
    """Who has accepted nothing yet."""
    [(client,)] = database.rows(
        "INSERT INTO people (role, name, mail) VALUES ('client', 'Zoé Blanc', 'zoe@example.fr') "
        "RETURNING id::text"
    )
    return str(client)


async def test_without_the_terms_in_force_there_is_no_request(api: Frontend) -> None:
    client = a_newcomer(api.database)
    api.database.execute(
        "INSERT INTO accepted_texts VALUES (%s, 'terms', '2025-01', now(), %s)", client, client
    )
    assert not (await api.get("/v1/me/consents", client)).json()["up_to_date"]
    answer = await api.unchanged(api.post("/v1/tickets", client, HELP))
    assert is_problem(answer, ApiCode.TERMS_NOT_ACCEPTED)
    for text in AcceptedText:
        outdated = {**VERSIONS, text.value: "2025-01"}
        answer = await api.unchanged(api.post("/v1/me/consents", client, outdated))
        assert is_problem(answer, ApiCode.CONSENT_TEXT_OUTDATED, current=IN_FORCE[text])
    at = api.clock()
    for key in ("k", "k", "again"):
        answer = await api.post("/v1/me/consents", client, VERSIONS, key)
        assert (answer.status_code, answer.json()["up_to_date"]) == (201, True)
        api.clock.advance(minutes=5)
    assert api.database.rows(
        "SELECT text, version, accepted_at, recorded_by::text FROM accepted_texts "
        "WHERE version <> '2025-01' ORDER BY text"
    ) == [(text, VERSIONS[text], at, client) for text in ("privacy", "terms")]
    answer = await api.unchanged(api.post("/v1/tickets", client, HELP))
    assert is_problem(answer, Refusal.CARD_MISSING)


async def test_on_the_phone_the_back_office_records_that_the_client_agreed(service: Service) -> None:
    database, api = service.database, service.api
    client = a_newcomer(database)
    a_card(database, client)
    asked = {**HELP, "client_id": client}
    answer = await api.unchanged(api.post("/v1/tickets", service.back_office, asked))
    assert is_problem(answer, ApiCode.TERMS_NOT_ACCEPTED)
    answer = await api.unchanged(api.post("/v1/tickets", service.client, {**HELP, "accepts_terms": True}))
    error = {"field": "accepts_terms", "code": "not_together", "detail": MESSAGES["not_together"]}
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=[error])
    answer = await api.post("/v1/tickets", service.back_office, {**asked, "accepts_terms": True})
    assert answer.status_code == 201, answer.text
    assert database.rows(
        "SELECT text, version, accepted_at, recorded_by::text FROM accepted_texts WHERE person_id = %s "
        "ORDER BY text",
        client,
    ) == [(text, VERSIONS[text], api.clock(), service.back_office) for text in ("privacy", "terms")]
    consents = (await api.get("/v1/me/consents", client)).json()["consents"]
    assert [one["by_phone"] for one in consents] == [True, True]


async def test_an_account_is_opened_for_who_phones_and_they_are_told(service: Service) -> None:
    database, api = service.database, service.api
    team, asked = service.back_office, {"name": "Zoé Blanc", "mail": "Zoe@example.fr", "accepts_terms": True}
    answer = await api.post("/v1/clients", team, asked, "k")
    assert answer.status_code == 201
    client = answer.json()["id"]
    assert answer.json() == {"id": client, "name": "Zoé Blanc", "mail": "zoe@example.fr"}
    workflow_id = admission_workflow_id("client_added", client)
    await service.environment.client.get_workflow_handle(workflow_id).result()
    [message] = service.mail.messages
    assert (message.to, message.subject) == ("zoe@example.fr", "Votre compte OmeaSupport est ouvert")
    for path in ("/v1/sign-in", "/v1/sign-up/texts/terms", "/v1/sign-up/texts/privacy"):
        assert f"https://omea.example{path}\n" in message.text
    again = await api.unchanged(api.post("/v1/clients", team, asked, "k"))
    assert (again.status_code, again.json()) == (201, answer.json())
    answer = await api.unchanged(api.post("/v1/clients", team, {**asked, "accepts_terms": False}))
    assert is_problem(answer, ApiCode.MAIL_TAKEN)
    assert entries(api) == [(team, "client_added", client, None)]
    assert database.rows("SELECT role FROM people WHERE id = %s", client) == [("client",)]
    assert database.rows(
        "SELECT DISTINCT recorded_by::text FROM accepted_texts WHERE person_id = %s", client
    ) == [(team,)]
    assert len(service.mail.messages) == 1


async def test_a_client_changes_their_own_name(api: Frontend) -> None:
    client, other = a_client(api.database), a_client(api.database)
    for _ in range(2):
        answer = await api.put("/v1/me", client, {"name": "Claire Petit-Martin"}, "k")
        assert (answer.status_code, answer.json()["name"]) == (200, "Claire Petit-Martin")
    assert api.database.rows("SELECT name FROM people WHERE id = %s", other) == [("Claire Petit",)]
    answer = await api.unchanged(api.put("/v1/me", client, {"name": "C"}))
    assert answer.status_code == 422
