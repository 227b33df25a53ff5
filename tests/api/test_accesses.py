"""What the team reads of others is entered before it is shown."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from api.codes import ApiCode
from domain.accesses import Reading
from domain.errors import Refusal
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import a_ticket, insert
from tests.api.test_declarations import JANUARY, paid_twice
from tests.api.test_payees import IBAN
from tests.api.told import Told, entries, look
from tests.support.payments import a_declared_person
from tests.support.people import a_client, a_person, a_technician

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"


def of_2026(path: str) -> dict[str, int]:
    """What the accountant's file alone asks for."""
    return {"year": 2026} if path.endswith("journal.csv") else {}


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


async def test_a_reading_costs_one_statement_more(api: Frontend, told: Told) -> None:
    """Signing in, the ticket's file, and its entry."""

    async def statements(person: str) -> list[str]:
        said: list[str] = []
        engine = api.given.sessions.kw["bind"].sync_engine

        def saw(_: Any, __: Any, statement: str, *___: Any) -> None:
            # Who asks is told to each transaction.
            if "set_config" not in statement:
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
