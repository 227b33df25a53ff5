"""What waits for the back office: each in its queue, with its age, the most pressing first."""

from datetime import datetime, timedelta

import pytest

from tests.api.desks.visitor import page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_ticket, insert
from tests.support.people import a_client, a_person, a_technician

HOUR = timedelta(hours=1)


@pytest.fixture
def back_office(api: Frontend) -> str:
    return a_person(api.database, "back_office", "Sophie Roux")


def an_act(
    api: Frontend, ticket: str, actor: str, role: str, act: str, before: str, after: str, at: datetime
) -> None:
    [(n,)] = api.database.rows("SELECT count(*) FROM journal")
    insert(
        api.database,
        "journal",
        ticket=ticket,
        key=f"key-{n}",
        at=at,
        actor_id=actor,
        actor_role=role,
        act=act,
        before=before,
        after=after,
    )


async def test_each_ticket_is_in_its_queue_with_its_age_and_what_is_pressing(
    api: Frontend, back_office: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    suspended = a_ticket(api.database, client, technician, status="suspended", start=MORNING - 26 * HOUR)
    an_act(
        api, suspended, client, "client", "dispute", "in_review", "suspended", MORNING - timedelta(minutes=40)
    )
    silent = a_ticket(api.database, client, technician, start=MORNING - timedelta(minutes=15))
    page = await page_of(api, back_office, "/files")
    assert page.title == "Ce qui nous attend"
    assert "0 À attribuer 1 En retard dont 1 en retard 1 Suspendues 0 Impayées" in page.text
    assert f"n° {silent[:4]}" in page.text or silent in page.text.replace(" ", "")
    assert "en retard Client non appelé" in page.text
    assert "Attend depuis 5 min" in page.text
    assert "Attend depuis 40 min · à traiter avant aujourd’hui à 12 h" in page.text
    assert "Chaque demande a son technicien." in page.text
    assert [link for link in page.links() if link.startswith("/dossiers/")] == [
        f"/dossiers/{silent}",
        f"/dossiers/{suspended}",
    ]


async def test_who_has_a_suspended_one_in_hand_is_named(api: Frontend, back_office: str) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    a_ticket(
        api.database,
        client,
        technician,
        status="suspended",
        start=MORNING - 26 * HOUR,
        taken_over_by=back_office,
        taken_over_at=MORNING - HOUR,
    )
    page = await page_of(api, back_office, "/files")
    assert "à traiter avant demain à 8 h · reprise par Sophie Roux" in page.text


async def test_an_incident_waits_until_we_have_acted_or_the_ticket_has_moved_on(
    api: Frontend, back_office: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, start=MORNING + HOUR)
    steps = (
        (technician, "technician", "incident", "scheduled", "scheduled", True),
        (back_office, "back_office", "reschedule", "scheduled", "scheduled", False),
        (technician, "technician", "incident", "scheduled", "scheduled", True),
        (technician, "technician", "start", "scheduled", "in_session", False),
    )
    for minute, (actor, role, act, before, after, waits) in enumerate(steps):
        an_act(api, ticket, actor, role, act, before, after, MORNING + timedelta(minutes=minute - 30))
        queue = (await api.get("/v1/queue", back_office)).json()["waiting"]
        assert [one["reason"]["code"] for one in queue] == ["incident"] * waits, act
    api.database.execute("UPDATE tickets SET status = 'closed', outcome = 'paid', closed_at = now()")
    an_act(api, ticket, technician, "technician", "incident", "closed", "closed", MORNING)
    assert (await api.get("/v1/queue", back_office)).json()["waiting"] == []


async def test_nothing_waits(api: Frontend, back_office: str) -> None:
    page = await page_of(api, back_office, "/files")
    for sentence in ("Aucun client ne conteste.", "Rien à recouvrer, rien à rembourser."):
        assert sentence in page.text


async def test_hundreds_take_no_more_queries_and_say_that_there_are_others(
    api: Frontend, back_office: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    for number in range(301):
        start = MORNING - HOUR * (number + 2)
        a_ticket(api.database, client, technician, status="unpaid", start=start)
    page = await page_of(api, back_office, "/files")
    assert "Seules les 300 demandes les plus anciennes sont affichées" in page.text


def a_refused_mail(
    api: Frontend, who: str | None, ticket: str | None, kind: str, refused: datetime | None, **more: object
) -> None:
    [(n,)] = api.database.rows("SELECT count(*) FROM notifications")
    code = 550 if refused else None
    insert(
        api.database,
        "notifications",
        key=f"mail-{n}",
        message_id=f"<{n}>",
        ticket=ticket,
        kind=kind,
        recipient_id=who,
        refused_at=refused,
        refused_code=code,
        **more,
    )


async def untold(api: Frontend, back_office: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    people = (await api.get("/v1/refused-mails", back_office)).json()["people"]
    return [
        (one["person"]["id"], [(mail["kind"]["code"], mail["ticket"]) for mail in one["mails"]])
        for one in people
    ]


async def test_whoever_a_mail_did_not_reach_waits_whatever_it_was_about(
    api: Frontend, back_office: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    suspended = a_ticket(api.database, client, technician, status="suspended", start=MORNING - 26 * HOUR)
    closed = a_ticket(
        api.database, client, technician, status="closed", outcome="cancelled", start=MORNING + 50 * HOUR
    )
    a_refused_mail(api, technician, None, "papers_end", MORNING - HOUR)
    a_refused_mail(api, client, closed, "cancellation_confirmed", MORNING - 2 * HOUR)
    a_refused_mail(api, client, suspended, "suspended", MORNING - 26 * HOUR)
    # Ours, a stranger's, one that is still tried, and one that went after all.
    a_refused_mail(api, None, suspended, "suspended", MORNING)
    a_refused_mail(api, None, None, "sign_up", MORNING)
    a_refused_mail(api, technician, suspended, "suspended", None)
    a_refused_mail(api, technician, closed, "booked", MORNING, sent_at=MORNING)
    assert await untold(api, back_office) == [
        (client, [("suspended", suspended), ("cancellation_confirmed", closed)]),
        (technician, [("papers_end", None)]),
    ]
    page = await page_of(api, back_office, "/files")
    assert "2 Courriels refusés dont 1 en retard" in page.text
    assert "Claire Petit client en retard Courriel envoyé quand une demande est suspendue, " in page.text
    assert "Courriel envoyé quand une attestation arrive à son terme" in page.text
    assert "Marquer comme prévenu : Claire Petit" in page.text
    assert {f"/personnes/{client}", f"/dossiers/{closed}"} <= set(page.links())


async def test_c_est_note_takes_it_out_of_the_queue_and_says_who_and_when(
    api: Frontend, back_office: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    a_refused_mail(api, client, None, "sign_in", MORNING - HOUR)
    a_refused_mail(api, technician, None, "papers_end", MORNING - HOUR)
    page = await page_of(api, back_office, "/files")
    # Refused while somebody looks at the page: it was not shown, and still waits.
    a_refused_mail(api, client, None, "client_added", MORNING)
    await page.send(f"/files/courriels/{client}")
    assert "C’est noté : ces courriels n’attendent plus." in page.text
    assert sorted(await untold(api, back_office)) == sorted(
        [(client, [("client_added", None)]), (technician, [("papers_end", None)])]
    )
    noted = "SELECT person_id::text, until, noted_by::text FROM mail_notes"
    assert api.database.rows(noted) == [(client, MORNING - HOUR, back_office)]
    entered = "SELECT person_id::text, subject, at FROM accesses WHERE kind = 'refused_mail_noted'"
    assert api.database.rows(entered) == [(back_office, client, MORNING)]


async def test_what_a_colleague_has_noted_stays_theirs(api: Frontend, back_office: str) -> None:
    client, other = a_client(api.database), a_person(api.database, "back_office", "Karim Diallo")
    a_refused_mail(api, client, None, "sign_in", MORNING - HOUR)
    body = {"until": MORNING.isoformat()}
    path = f"/v1/people/{client}/refused-mails/noted"
    for who in (back_office, other):
        assert (await api.post(path, who, body)).status_code == 204
    assert api.database.rows("SELECT noted_by::text FROM mail_notes") == [(back_office,)]
    nobody = f"/v1/people/{client[:-1]}{'0' if client[-1] != '0' else '1'}/refused-mails/noted"
    answer = await api.post(nobody, back_office, body)
    assert (answer.status_code, answer.json()["code"]) == (404, "person_not_found")


async def test_nothing_is_noted_ahead(api: Frontend, back_office: str) -> None:
    client = a_client(api.database)
    path, body = f"/v1/people/{client}/refused-mails/noted", {"until": "2099-01-01T00:00:00+01:00"}
    assert (await api.post(path, back_office, body)).status_code == 204
    a_refused_mail(api, client, None, "sign_in", MORNING - HOUR)
    assert (await api.post(path, back_office, body)).status_code == 204
    assert await untold(api, back_office) == []
    a_refused_mail(api, client, None, "client_added", MORNING)
    assert await untold(api, back_office) == [(client, [("client_added", None)])]
