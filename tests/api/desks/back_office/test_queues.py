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
    assert "client non appelé en retard" in page.text
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


async def test_a_mail_refused_for_good_waits_until_somebody_would_know(
    api: Frontend, back_office: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, start=MORNING + 30 * HOUR)

    async def waits() -> list[str]:
        queue = (await api.get("/v1/queue", back_office)).json()["waiting"]
        return [one["reason"]["code"] for one in queue]

    for who, refused in ((client, None), (None, "now()"), (technician, "now()")):
        assert await waits() == []
        api.database.execute(
            "INSERT INTO notifications (key, ticket, kind, recipient_id, message_id, refused_at, "
            f"refused_code) VALUES (%s, %s, 'booked', %s, %s, {refused or 'NULL'}, %s)",
            *(f"{who}", ticket, who, f"<{who}>", 550 if refused else None),
        )
    assert await waits() == ["mail_refused"]
    page = await page_of(api, back_office, "/files")
    assert "1 Courriels refusés" in page.text
    assert "courriel refusé : prévenir par téléphone" in page.text
    # The client does something: their technician still does not know. The team does: it has seen it.
    an_act(api, ticket, client, "client", "extend", "scheduled", "scheduled", MORNING)
    assert await waits() == ["mail_refused"]
    an_act(api, ticket, back_office, "back_office", "reschedule", "scheduled", "scheduled", MORNING)
    assert await waits() == []


async def test_one_that_went_in_the_end_or_is_of_a_closed_ticket_does_not_wait(
    api: Frontend, back_office: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    gone = a_ticket(api.database, client, technician, start=MORNING + 30 * HOUR)
    closed = a_ticket(
        api.database, client, technician, status="closed", outcome="cancelled", start=MORNING + 50 * HOUR
    )
    for ticket, sent in ((gone, MORNING), (closed, None)):
        api.database.execute(
            "INSERT INTO notifications (key, ticket, kind, recipient_id, message_id, refused_at, "
            "refused_code, sent_at) VALUES (%s, %s, 'booked', %s, %s, now(), 550, %s)",
            *(ticket, ticket, client, ticket, sent),
        )
    assert (await api.get("/v1/queue", back_office)).json()["waiting"] == []
