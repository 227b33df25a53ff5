"""What the team reads and does of others is entered before it is answered, and the back office reads it."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from api.codes import ApiCode
from domain.accesses import Act, Reading
from domain.errors import Refusal
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import a_gain, a_ticket, an_invoice, insert
from tests.api.test_declarations import JANUARY, paid_twice
from tests.api.test_payees import IBAN, IDENTITY
from tests.api.test_reading_money import a_statement
from tests.api.test_tariffs import a_tariff
from tests.api.test_technicians import HOURS, LEAVE, THOMAS
from tests.api.test_who_sees_images import Illustrated
from tests.bank.messages import a_report, a_status
from tests.support.payments import a_declared_person
from tests.support.people import a_client, a_person, a_technician

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"
Line = tuple[str, str, str | None, str | None]


def entries(api: Frontend) -> list[Line]:
    """Who, what, of what and which part of it, oldest first."""
    rows = api.database.rows("SELECT person_id::text, kind, subject, part FROM accesses ORDER BY id")
    return [(who, kind, subject, part) for who, kind, subject, part in rows]


async def look(api: Frontend, who: str, **query: Any) -> httpx.Response:
    return await api.http.get("/v1/accesses", params=query, headers=api.signed_in(who))


def of_2026(path: str) -> dict[str, int]:
    """What the accountant's file alone asks for."""
    return {"year": 2026} if path.endswith("journal.csv") else {}


class Told:
    """A suspended ticket with images and an invoice, its gain on a statement, and the two who may look."""

    def __init__(self, api: Frontend) -> None:
        self.api = api
        self.team, self.finance = (a_person(api.database, role) for role in ("back_office", "finance"))
        self.file = Illustrated(api)

    async def fill(self) -> None:
        await self.file.fill()
        database, at = self.api.database, self.api.clock()
        closed = a_ticket(database, self.client, self.technician, status="closed")
        an_invoice(database, closed, self.client, "F2026-000123", at)
        gain = a_gain(database, closed, self.technician, at)
        a_statement(database, self.technician, [gain], "failed", cents=1600)
        self.closed = closed
        [(self.statement,)] = database.rows("SELECT number FROM statements")

    @property
    def client(self) -> str:
        return self.file.client

    @property
    def technician(self) -> str:
        return self.file.technician


@pytest.fixture
async def told(api: Frontend) -> Told:
    made = Told(api)
    await made.fill()
    return made


async def test_each_reading_of_the_team_is_one_entry(api: Frontend, told: Told) -> None:
    image, ticket, technician = told.file.images["request"], told.file.ticket, told.technician
    spelled = technician.upper().replace("-", "")
    readings: list[tuple[str, str, Reading, str | None, str | None]] = [
        ("team", "/v1/tickets", Reading.TICKETS, None, None),
        ("team", "/v1/queue", Reading.QUEUE, None, None),
        ("team", f"/v1/tickets/{ticket[:4]} {ticket[4:]}", Reading.TICKET, ticket, None),
        ("finance", f"/v1/tickets/{ticket}", Reading.TICKET, ticket, None),
        ("team", f"/v1/tickets/{ticket}/attachments/{image}", Reading.IMAGE, ticket, image),
        ("finance", f"/v1/tickets/{ticket}/journal", Reading.TICKET_JOURNAL, ticket, None),
        ("team", f"/v1/tickets/{told.closed}/invoice", Reading.INVOICE, told.closed, None),
        ("finance", f"/v1/tickets/{told.closed}/refunds", Reading.REFUNDS, told.closed, None),
        ("finance", "/v1/chargebacks", Reading.CHARGEBACKS, None, None),
        ("team", "/v1/technicians", Reading.TECHNICIANS, None, None),
        ("finance", f"/v1/technicians/{spelled}/payee", Reading.PAYEE, technician, None),
        ("finance", f"/v1/statements/{told.statement}", Reading.STATEMENT, told.statement, None),
        ("team", "/v1/accesses", Reading.ACCESSES, None, None),
        ("finance", "/v1/statements/contests", Reading.CONTESTS, None, None),
        ("finance", "/v1/payouts/2026-11", Reading.PAYOUTS, "2026-11", None),
        ("finance", f"/v1/payouts/2026-11/preview/{technician}", Reading.EARNINGS, technician, "2026-11"),
        ("finance", "/v1/ledger", Reading.LEDGER, None, None),
        ("finance", "/v1/ledger/journal.csv", Reading.LEDGER_EXPORT, "2026", None),
        ("finance", "/v1/declarations/2026", Reading.DECLARATION, "2026", None),
    ]
    for who, path, _, _, _ in readings:
        answer = await api.get(path, getattr(told, who), **of_2026(path))
        assert answer.status_code == 200, path
    assert entries(api) == [
        (getattr(told, who), kind.value, subject, part) for who, _, kind, subject, part in readings
    ]


async def test_other_forms_of_the_same_are_the_same_reading(api: Frontend, told: Told) -> None:
    for path in (".csv", ""):
        answer = await api.get(f"/v1/statements/{told.statement}{path}", told.finance)
        assert answer.status_code == 200
    for path in ("/v1/payouts/2026-11/statements.csv", "/v1/payouts/2026-11/reversals"):
        assert (await api.get(path, told.finance)).status_code == 200
    assert entries(api) == [
        (told.finance, "statement", told.statement, None),
        (told.finance, "payouts", "2026-11", None),
    ]


async def test_files_that_leave_the_house_are_readings_of_their_own(api: Frontend) -> None:
    finance, technician = a_person(api.database, "finance"), paid_twice(api)
    api.clock.now = JANUARY
    a_transfer_file(api)
    declared = "/v1/declarations/2026"
    incomplete = await api.unchanged(api.get(f"{declared}.xml", finance))
    assert is_problem(incomplete, Refusal.DECLARATION_INCOMPLETE, technicians=[technician])
    a_declared_person(api.database, technician)
    for path in (
        f"{declared}.xml",
        f"{declared}/statements/{technician}.pdf",
        "/v1/transfer-files/OMEA-2026-11-1.xml",
    ):
        assert (await api.get(path, finance)).status_code == 200
    assert entries(api) == [
        (finance, "declaration_file", "2026", None),
        (finance, "yearly_statement", technician, "2026"),
        (finance, "transfer_file", "OMEA-2026-11-1", None),
    ]


def a_transfer_file(api: Frontend) -> None:
    run = {"key": "r1", "month": "2026-11", "n": 1, "cut_off": MORNING, "actor_id": "system"}
    insert(api.database, "payout_runs", **run, started_at=MORNING)
    insert(
        api.database,
        "transfer_files",
        message_id="OMEA-2026-11-1",
        month="2026-11",
        n=1,
        run="r1",
        created_at=MORNING,
        execution_date=MORNING.date(),
        debtor_name="Omea",
        debtor_iban=IBAN,
        total_cents=100,
        xml=b"<Document/>",
        sha256=hashlib.sha256(b"<Document/>").hexdigest(),
    )


async def test_a_subject_has_one_form_however_it_is_spelled(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    for year in ("2026", "0" * 90 + "2026"):
        assert (await api.get("/v1/ledger/journal.csv", finance, year=year)).status_code == 200
    assert entries(api) == [(finance, "ledger_export", "2026", None)]


async def test_no_query_makes_an_entry_say_something_else(api: Frontend, told: Told) -> None:
    answer = await api.get(f"/v1/tickets/{told.closed}", told.team, number=told.file.ticket, subject=NOBODY)
    assert answer.json()["number"] == told.closed
    assert entries(api) == [(told.team, "ticket", told.closed, None)]


async def test_what_is_read_again_within_ten_minutes_is_one_entry(api: Frontend, told: Told) -> None:
    path = f"/v1/tickets/{told.closed}"
    for minutes in (0, 9, 1, 9):
        api.clock.advance(minutes=minutes)
        assert (await api.get(path, told.team)).status_code == 200
        assert (await api.get(path, told.finance)).status_code == 200
    assert (await api.get(f"/v1/tickets/{told.file.ticket}", told.team)).status_code == 200
    first = [(told.team, "ticket", told.closed, None), (told.finance, "ticket", told.closed, None)]
    assert entries(api) == [*first, *first, (told.team, "ticket", told.file.ticket, None)]
    times = api.database.rows("SELECT DISTINCT at FROM accesses WHERE subject = %s ORDER BY at", told.closed)
    assert times == [(MORNING,), (MORNING + timedelta(minutes=10),)]


async def test_ones_own_is_not_entered(api: Frontend, told: Told) -> None:
    for path, person in (
        (f"/v1/tickets/{told.closed}", told.client),
        (f"/v1/tickets/{told.closed}/invoice", told.client),
        (f"/v1/tickets/{told.closed}", told.technician),
        (f"/v1/statements/{told.statement}", told.technician),
        ("/v1/me/payee", told.technician),
        ("/v1/me", told.team),
    ):
        answer = await api.unchanged(api.get(path, person))
        assert answer.status_code == 200, path


async def test_what_was_refused_was_not_read(api: Frontend, told: Told) -> None:
    for path, person, code in (
        ("/v1/queue", told.finance, ApiCode.ROLE_NOT_ALLOWED),
        (f"/v1/statements/{told.statement}", told.team, ApiCode.ROLE_NOT_ALLOWED),
        ("/v1/tickets/00000420", told.team, ApiCode.TICKET_NOT_FOUND),
        (f"/v1/tickets/{told.file.ticket}/invoice", told.team, ApiCode.INVOICE_NOT_FOUND),
        (f"/v1/tickets/{told.file.ticket}/attachments/{NOBODY}", told.team, ApiCode.ATTACHMENT_NOT_FOUND),
        (f"/v1/technicians/{NOBODY}/payee", told.team, ApiCode.TECHNICIAN_NOT_FOUND),
        ("/v1/ledger/journal.csv", told.finance, Refusal.FUTURE_YEAR),
    ):
        api.clock.now = MORNING.replace(year=2025)
        assert is_problem(await api.unchanged(api.get(path, person, **of_2026(path))), code)
    wrong = await api.unchanged(look(api, told.team, person="Claire"))
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "not_an_id")


async def test_a_technician_is_entered_for_as_long_as_they_see_how_to_reach_the_client(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    path, contact = f"/v1/tickets/{ticket}", (technician, "client_contact", ticket, None)
    assert (await api.unchanged(api.get(path, technician))).json()["phone"] is None
    api.clock.advance(minutes=45)
    for _ in range(2):
        assert (await api.get(path, technician)).json()["phone"] is not None
    assert entries(api) == [contact]
    api.clock.advance(minutes=10)
    image = await api.get(f"{path}/attachments/{NOBODY}", technician)
    assert is_problem(image, ApiCode.ATTACHMENT_NOT_FOUND)
    assert entries(api) == [contact]
    assert (await api.get(path, technician)).status_code == 200
    assert entries(api) == [contact, contact]
    api.database.execute("UPDATE tickets SET status = 'suspended' WHERE number = %s", ticket)
    api.clock.advance(minutes=10)
    assert (await api.unchanged(api.get(path, technician))).json()["phone"] is None


async def test_nothing_is_shown_that_cannot_be_entered(api: Frontend, told: Told) -> None:
    ticket = a_ticket(api.database, told.client, told.technician, start=MORNING)
    with api.database.out_of_reach("accesses"):
        answers = await asyncio.gather(
            api.get(f"/v1/tickets/{told.closed}", told.team),
            api.get("/v1/ledger/journal.csv", told.finance, year=2026),
            api.get(f"/v1/tickets/{ticket}", told.technician),
            api.put(f"/v1/technicians/{told.technician}/skills", told.team, {"skills": []}),
        )
    for answer in answers:
        assert is_problem(answer, ApiCode.DATABASE_UNAVAILABLE)
    # Nor is anything done.
    assert api.database.rows("SELECT skill FROM technician_skills") == [("internet",)]
    assert entries(api) == []


async def test_each_act_of_the_back_office_is_entered_with_its_request(api: Frontend) -> None:
    team, other = a_person(api.database, "back_office"), a_technician(api.database)
    thomas = (await api.post("/v1/technicians", team, THOMAS)).json()["id"]
    path = f"/v1/technicians/{thomas}"
    leave = (await api.post(f"{path}/leaves", team, LEAVE)).json()["id"]
    bank = {"rail": "sepa", "iban": IBAN}
    acts: list[tuple[str, str, Any, Act]] = [
        ("PUT", "/skills", {"skills": []}, Act.SKILLS_SET),
        ("PUT", "/working-hours", {"working_hours": HOURS}, Act.WORKING_HOURS_SET),
        ("POST", "/suspension", None, Act.TECHNICIAN_SUSPENDED),
        ("POST", "/reinstatement", None, Act.TECHNICIAN_REINSTATED),
        ("PUT", "/payee/identity", IDENTITY, Act.IDENTITY_SET),
        ("PUT", "/payee/papers", {"vigilance_until": "2027-05-31"}, Act.PAPERS_RECORDED),
        ("PUT", "/payee/bank", bank, Act.BANK_ASKED),
        ("POST", "/payee/bank/confirmation", None, Act.BANK_CONFIRMED),
        ("PUT", "/payee/bank", {"rail": "stripe"}, Act.BANK_ASKED),
        ("POST", "/payee/bank/refusal", None, Act.BANK_REFUSED),
    ]
    for method, about, body, _ in acts:
        answer = await (api.put if method == "PUT" else api.post)(f"{path}{about}", team, body)
        assert answer.status_code == 200, about
    assert (await api.delete(f"{path}/leaves/{leave}", team)).status_code == 204
    assert entries(api) == [
        (team, "technician_enrolled", thomas, None),
        (team, "leave_recorded", thomas, None),
        *((team, act.value, thomas, None) for *_, act in acts),
        (team, "leave_deleted", thomas, leave),
    ]
    requests = [request for (request,) in api.database.rows("SELECT request FROM accesses")]
    assert all(requests)
    assert len(set(requests)) == len(requests)
    # What technicians do with their own is theirs.
    assert (await api.put("/v1/me/payee/bank", other, bank)).status_code == 200
    assert (await api.post("/v1/me/leaves", other, LEAVE)).status_code == 201
    assert len(entries(api)) == len(requests)


async def test_an_act_sent_again_is_the_same_request_and_a_refused_one_is_none(api: Frontend) -> None:
    team, thomas = a_person(api.database, "back_office"), a_technician(api.database)
    path, papers = f"/v1/technicians/{thomas}/payee/papers", {"vigilance_until": "2027-05-31"}
    for person, body, refusal in (
        (team, {"vigilance_until": "soon"}, 422),
        (a_person(api.database, "finance"), papers, 403),
    ):
        assert (await api.unchanged(api.put(path, person, body))).status_code == refusal
    unknown = await api.unchanged(api.put(path.replace(thomas, NOBODY), team, papers))
    assert is_problem(unknown, ApiCode.TECHNICIAN_NOT_FOUND)
    none = await api.unchanged(api.post(path.replace("papers", "bank/confirmation"), team))
    assert is_problem(none, ApiCode.NO_BANK_CHANGE)
    await api.put(path, team, papers, "once")
    again = await api.unchanged(api.put(path, team, papers, "once"))
    assert again.status_code == 200
    # Later its answer shows the payee once more.
    api.clock.advance(hours=1)
    await api.put(path, team, papers, "once")
    assert entries(api) == [(team, "papers_recorded", thomas, None)] * 2
    assert api.database.rows("SELECT count(DISTINCT request) FROM accesses") == [(1,)]


async def test_the_acts_of_finance_are_entered_even_while_nobody_works(api: Frontend) -> None:
    """What a process is asked for is entered with the key under which it is asked."""
    finance = a_person(api.database, "finance")
    assert (await api.post("/v1/tariffs", finance, a_tariff())).status_code == 201
    run = await api.post("/v1/payouts/2026-11/runs", finance)
    assert is_problem(run, ApiCode.TEMPORAL_UNAVAILABLE)
    message = a_report(a_status("OMEA-2026-11-1", "ACSC"))
    headers = api.signed_in(finance) | {"Idempotency-Key": "once", "Content-Type": "application/xml"}
    brought = await api.http.post("/v1/bank-messages", content=message, headers=headers)
    assert is_problem(brought, ApiCode.TEMPORAL_UNAVAILABLE)
    assert entries(api) == [
        (finance, "tariff_set", "2027-01", None),
        (finance, "payouts_run", "2026-11", None),
        (finance, "bank_message_brought", hashlib.sha256(message).hexdigest(), None),
    ]


async def test_the_back_office_reads_the_journal_page_by_page(api: Frontend, told: Told) -> None:
    for path in ("/v1/queue", f"/v1/tickets/{told.closed}", f"/v1/technicians/{told.technician}/payee"):
        api.clock.advance(minutes=1)
        assert (await api.get(path, told.team)).status_code == 200
    api.clock.advance(days=1)
    image = told.file.images["report"]
    await api.get(f"/v1/tickets/{told.file.ticket}/attachments/{image}", told.team)
    await api.get("/v1/ledger", told.finance)

    async def read(**query: Any) -> list[str]:
        answer = await look(api, told.team, **query)
        assert answer.status_code == 200
        return [one["kind"]["code"] for one in answer.json()["accesses"]]

    first = (await api.get("/v1/accesses", told.team, limit=2)).json()
    assert [one["kind"] for one in first["accesses"]] == [
        {"code": "ledger", "label": "comptes consultés"},
        {"code": "image", "label": "image consultée"},
    ]
    [(about_image,)] = api.database.rows("SELECT id::text FROM accesses WHERE kind = 'image'")
    assert first["accesses"][1] == {
        "id": about_image,
        "at": "2026-11-25T09:03:00+01:00",
        "person": {"id": told.team, "name": "Camille Martin"},
        "role": {"code": "back_office", "label": "équipe Omea"},
        "kind": {"code": "image", "label": "image consultée"},
        "subject": told.file.ticket,
        "part": image,
        "request": None,
    }
    pages, cursor = [first], first["next"]
    while cursor:
        pages.append((await api.get("/v1/accesses", told.team, limit=2, cursor=cursor)).json())
        cursor = pages[-1]["next"]
    ids = [one["id"] for page in pages for one in page["accesses"]]
    kinds = [one["kind"]["code"] for page in pages for one in page["accesses"]]
    assert (len(set(ids)), kinds[-3:]) == (len(ids), ["payee", "ticket", "queue"])

    assert await read(day="2026-11-24") == ["payee", "ticket", "queue"]
    assert await read(person=told.finance) == ["ledger"]
    assert await read(subject=told.closed) == ["ticket"]
    assert await read(subject=told.technician) == ["payee"]
    # A client's own tickets are what was read of them.
    assert await read(subject=told.client) == ["image", "ticket"]
    assert await read(subject=told.client, day="2026-11-25") == ["image"]
    # That somebody looks at a colleague is entered too.
    assert (told.team, "accesses", told.finance, None) in entries(api)


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"day": "24/11/2026"}, "day", "not_a_day"),
        ({"day": "0001-01-01"}, "day", "not_a_day"),
        ({"subject": "Claire Petit"}, "subject", "string_pattern_mismatch"),
        ({"cursor": "page-2"}, "cursor", "not_a_cursor"),
        ({"limit": 101}, "limit", "less_than_equal"),
    ],
)
async def test_what_cannot_be_looked_for(api: Frontend, query: Any, field: str, code: str) -> None:
    team = a_person(api.database, "back_office")
    answer = await api.unchanged(look(api, team, **query))
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


async def test_a_reading_costs_one_statement_more(api: Frontend, told: Told) -> None:
    """Signing in, the ticket's file, and its entry."""

    async def statements(person: str) -> list[str]:
        said: list[str] = []
        engine = api.given.sessions.kw["bind"].sync_engine

        def saw(_: Any, __: Any, statement: str, *___: Any) -> None:
            said.append(statement)

        event.listen(engine, "before_cursor_execute", saw)
        try:
            assert (await api.get(f"/v1/tickets/{told.closed}", person)).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", saw)
        return said

    own, staff = await statements(told.client), await statements(told.team)
    assert len(staff) == len(own) + 1
    assert staff[-1].startswith("INSERT INTO accesses")
    assert len(staff) < 30
