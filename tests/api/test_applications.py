"""Technicians who apply: anybody may, now and then; the back office answers once, and they are told."""

import asyncio
from typing import Any

import pytest

from api.accepted_texts import IN_FORCE
from api.codes import ApiCode
from domain.admissions import AcceptedText
from domain.errors import Refusal
from domain.ids import admission_workflow_id
from tests.api.frontend import Frontend, is_problem
from tests.api.service import Service
from tests.api.told import entries
from tests.support.people import a_client, a_person

PRIVACY = IN_FORCE[AcceptedText.PRIVACY]
SKILLS = [{"skill": "internet", "level": 3}, {"skill": "printer", "level": 1}]
ZOE: dict[str, Any] = {
    "name": "Zoé Blanc",
    "mail": "zoe.blanc@example.fr",
    "skills": SKILLS,
    "text": "Dix ans de support aux particuliers.",
    "privacy": PRIVACY,
}
CONFIRMED = {"skills": [{"skill": "internet", "level": 2}]}
REASON = "Nous ne cherchons personne en réseaux pour l’instant."


def an_application(api: Frontend, mail: str = ZOE["mail"]) -> str:
    [(application,)] = api.database.rows(
        "INSERT INTO applications (name, mail, skills, text, privacy, mail_mark, network_mark, asked_at) "
        "VALUES ('Zoé Blanc', %s, '{\"internet\": 3}', 'Dix ans de support.', '', '', '', %s) "
        "RETURNING id::text",
        *(mail, api.clock()),
    )
    return str(application)


async def told(service: Service, kind: str, application: str) -> Any:
    """The mail last sent, after this one."""
    workflow_id = admission_workflow_id(kind, application)
    await service.environment.client.get_workflow_handle(workflow_id).result()
    return service.mail.messages[-1]


async def test_who_is_accepted_is_a_technician_with_the_confirmed_skills(service: Service) -> None:
    api, team = service.api, service.back_office
    answer = await api.http.post("/v1/applications", json={**ZOE, "mail": "Zoe.Blanc@example.fr"})
    assert (answer.status_code, answer.json()) == (202, {"received": True})
    [shown] = (await api.get("/v1/applications", team)).json()["applications"]
    application = shown.pop("id")
    open_ = {"state": {"code": "open", "label": "à étudier"}, "decided_at": None, "reason": None}
    said = {name: ZOE[name] for name in ("name", "mail", "skills", "text")}
    assert shown == {**said, **open_, "asked_at": shown["asked_at"], "technician": None}
    mail = await told(service, "application_received", application)
    assert (mail.to, mail.subject) == (ZOE["mail"], "Votre candidature est arrivée")
    assert "Zoé" not in mail.text + mail.html
    path = f"/v1/applications/{application}/acceptance"
    answer = await api.post(path, team, CONFIRMED, "k")
    assert answer.status_code == 200, answer.text
    accepted = answer.json()
    technician = accepted["technician"]
    assert (accepted["state"]["code"], accepted["reason"]) == ("accepted", None)
    mail = await told(service, "application_accepted", application)
    assert (mail.to, mail.subject) == (ZOE["mail"], "Votre candidature est acceptée")
    assert (await api.get("/v1/me", technician)).json()["skills"] == ["internet"]
    database = service.database
    enrolled = "SELECT role, name, mail, vetted_at FROM people JOIN technicians USING (id) WHERE id = %s"
    assert database.rows(enrolled, technician) == [("technician", "Zoé Blanc", ZOE["mail"], None)]
    levels = "SELECT skill, level FROM technician_skills WHERE technician_id = %s"
    assert database.rows(levels, technician) == [("internet", 2)]
    again = await api.unchanged(api.post(path, team, CONFIRMED, "k"))
    assert (again.status_code, again.json()) == (200, accepted)
    for decision, body in (("acceptance", CONFIRMED), ("refusal", {"reason": REASON})):
        answer = await api.unchanged(api.post(f"/v1/applications/{application}/{decision}", team, body))
        assert is_problem(answer, ApiCode.APPLICATION_DECIDED)
    assert (await api.get("/v1/applications", team)).json() == {"applications": [], "next": None}
    everything = await api.get("/v1/applications", team, open=False)
    assert everything.json()["applications"] == [accepted]
    assert entries(api) == [
        (team, "applications", None, None),
        (team, "application_accepted", application, None),
    ]
    assert len(service.mail.messages) == 2


async def test_who_is_refused_is_told_why_and_has_no_account(service: Service) -> None:
    api, team = service.api, service.back_office
    application, people = an_application(api), service.database.counts()["people"]
    answer = await api.post(f"/v1/applications/{application}/refusal", team, {"reason": REASON})
    assert answer.status_code == 200, answer.text
    refused = answer.json()
    assert (refused["state"]["code"], refused["reason"], refused["technician"]) == ("refused", REASON, None)
    mail = await told(service, "application_refused", application)
    assert mail.to == ZOE["mail"]
    assert REASON in " ".join(mail.text.replace("\u00a0", " ").split())
    assert service.database.counts()["people"] == people
    assert entries(api) == [(team, "application_refused", application, None)]


async def test_of_two_answers_at_once_one_counts(service: Service) -> None:
    api, team, other = service.api, service.back_office, a_person(service.database, "back_office")
    path = f"/v1/applications/{an_application(api)}"
    answers = await asyncio.gather(
        api.post(f"{path}/acceptance", team, CONFIRMED),
        api.post(f"{path}/refusal", other, {"reason": REASON}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_applying_is_limited_and_says_nothing_of_whose_an_address_is(service: Service) -> None:
    api = service.api
    client = a_client(service.database)
    [(known,)] = service.database.rows("SELECT mail FROM people WHERE id = %s", client)
    for mail in (known, ZOE["mail"]):
        for _ in range(5):
            answer = await api.http.post("/v1/applications", json={**ZOE, "mail": mail})
            assert (answer.status_code, answer.json()) == (202, {"received": True})
        answer = await api.unchanged(api.http.post("/v1/applications", json={**ZOE, "mail": mail}))
        assert is_problem(answer, ApiCode.TOO_MANY_SIGN_UPS)
        assert answer.headers["retry-after"].isdecimal()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"privacy": "2025-01"}, 422, "consent_text_outdated"),
        ({"skills": [{"skill": "magic", "level": 1}]}, 422, Refusal.UNKNOWN_SKILL.value),
        ({"skills": []}, 422, "invalid_input"),
        ({"text": "Ma carte est 4242 4242 4242 4242."}, 422, "invalid_input"),
        ({}, 503, "temporal_unavailable"),
    ],
)
async def test_what_is_no_application_leaves_nothing(
    api: Frontend, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await api.unchanged(api.http.post("/v1/applications", json=ZOE | change))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_another_site_applies_for_nobody(api: Frontend) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = await api.unchanged(api.http.post("/v1/applications", json=ZOE, headers=foreign))
    assert is_problem(answer, ApiCode.CROSS_SITE_REQUEST)


async def test_an_answer_that_cannot_be_leaves_the_application_open(api: Frontend) -> None:
    team = a_person(api.database, "back_office")
    taken = an_application(api, "taken@example.fr")
    a_person(api.database, "client", mail="Taken@example.fr")
    nobody = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"
    unknown = {"skills": [{"skill": "magic", "level": 1}]}
    for application, body, code in (
        (taken, CONFIRMED, ApiCode.MAIL_TAKEN),
        (taken, unknown, Refusal.UNKNOWN_SKILL),
        (nobody, CONFIRMED, ApiCode.APPLICATION_NOT_FOUND),
    ):
        path = f"/v1/applications/{application}/acceptance"
        assert is_problem(await api.unchanged(api.post(path, team, body)), code)
    answer = await api.unchanged(api.post(f"/v1/applications/{nobody}/refusal", team, {"reason": REASON}))
    assert is_problem(answer, ApiCode.APPLICATION_NOT_FOUND)


async def test_a_page_leads_to_the_next(api: Frontend) -> None:
    team = a_person(api.database, "back_office")
    made = []
    for _ in range(3):
        made.append(an_application(api))
        api.clock.advance(minutes=1)
    first = (await api.get("/v1/applications", team, limit=2)).json()
    second = (await api.get("/v1/applications", team, limit=2, cursor=first["next"])).json()
    assert [one["id"] for page in (first, second) for one in page["applications"]] == made
    assert second["next"] is None


async def test_who_asks_for_it_is_forgotten_at_once(api: Frontend) -> None:
    team, gone, kept = a_person(api.database, "back_office"), an_application(api), an_application(api)
    for _ in range(2):
        assert (await api.delete(f"/v1/applications/{gone}", team, "k")).status_code == 204
    assert api.database.rows("SELECT id::text FROM applications") == [(kept,)]
    assert {one[1:3] for one in entries(api)} == {("application_deleted", gone)}
    answer = await api.unchanged(api.delete(f"/v1/applications/{gone}", team))
    assert is_problem(answer, ApiCode.APPLICATION_NOT_FOUND)
