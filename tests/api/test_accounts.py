"""The accounts over HTTP: the trial balance of a period, and the accountant's file of a year."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.codes import ApiCode
from db.askers import COMMAND_LINE
from db.reads import ledger_entries
from domain import ledger
from domain.errors import Refusal
from domain.fec import COLUMNS, ENCODING
from domain.money import Price
from domain.opening_hours import PARIS
from tests.api.frontend import Frontend, is_problem
from tests.support.books import an_invoice_of, enter
from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Database

PRICE = Price(3000, 2500, 500)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=PARIS)
MOMENT = timedelta(microseconds=1)
CLIENT, TECHNICIAN = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11", "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12"


def day(month: int, number: int, hour: int = 10) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=PARIS)


def some_books(database: Database) -> None:
    """An invoice of October paid in November, its gain paid in December, and one at the very new year."""
    payout = f"payout:2026-10:{TECHNICIAN}:1"
    enter(
        database,
        [
            (ledger.invoice_issued("F2026-000001", CLIENT, PRICE), day(10, 31)),
            (ledger.gain_earned("00000420:1", TECHNICIAN, 1600), day(10, 31)),
            # Recorded before what comes next, though later by its date: the order is that of recording.
            (ledger.transfer_sent(payout, "tr_1", TECHNICIAN, 1600), day(12, 1)),
            (ledger.invoice_paid("F2026-000001", CLIENT, 3000, PRICE), day(11, 2)),
            (ledger.stripe_fee("F2026-000001", 70), day(11, 2)),
            (ledger.statement_issued(payout, TECHNICIAN, 1600), day(11, 30)),
            (ledger.invoice_issued("F2026-000002", CLIENT, PRICE), NEW_YEAR - MOMENT),
            (ledger.invoice_issued("F2027-000001", CLIENT, PRICE), NEW_YEAR),
        ],
    )


def line(account: str, label: str, opening: int, debit: int, credit: int, auxiliary: Any = None) -> Any:
    return {
        "account": account,
        "label": label,
        "auxiliary": auxiliary,
        "opening_cents": opening,
        "debit_cents": debit,
        "credit_cents": credit,
        "balance_cents": opening + debit - credit,
    }


async def test_the_trial_balance_of_a_month(api: Frontend) -> None:
    some_books(api.database)
    finance = a_person(api.database, "finance")
    answer = await api.get(
        "/v1/ledger/trial-balance",
        finance,
        **{"from": "2026-11-01T00:00:00+01:00", "until": "2026-12-01T00:00:00+01:00"},
    )
    assert answer.json() == {
        "start": "2026-11-01T00:00:00+01:00",
        "until": "2026-12-01T00:00:00+01:00",
        "lines": [
            line("401", "Fournisseurs", 0, 0, 1600, TECHNICIAN),
            line("4081", "Fournisseurs - Factures non parvenues", -1600, 1600, 0, TECHNICIAN),
            line("411", "Clients", 3000, 0, 3000, CLIENT),
            line("44571", "TVA collectée", 0, 0, 500),
            line("44574", "TVA collectée en attente d’encaissement", -500, 500, 0),
            line("5112", "Valeurs à l’encaissement - Stripe", 0, 3000, 70),
            line("611", "Sous-traitance générale", 1600, 0, 0),
            line("627", "Services bancaires et assimilés", 0, 70, 0),
            line("706", "Prestations de services", -2500, 0, 0),
        ],
        "debit_cents": 5170,
        "credit_cents": 5170,
        "balance_cents": 0,
    }


async def test_a_trial_balance_is_of_an_instant_that_is_not_in_it(api: Frontend) -> None:
    some_books(api.database)
    finance = a_person(api.database, "finance")

    async def clients(**query: Any) -> list[tuple[int, int, int]]:
        answer = await api.get("/v1/ledger/trial-balance", finance, **query)
        return [
            (one["opening_cents"], one["debit_cents"], one["balance_cents"])
            for one in answer.json()["lines"]
            if one["account"] == "411"
        ]

    assert await clients(until=day(10, 31).isoformat()) == []
    assert await clients(until=(day(10, 31) + MOMENT).isoformat()) == [(0, 3000, 3000)]
    # By now, in November, it is paid.
    assert await clients() == [(0, 3000, 0)]
    api.clock.now = NEW_YEAR + MOMENT
    assert await clients() == [(0, 9000, 6000)]
    assert await clients(**{"from": NEW_YEAR.isoformat()}) == [(3000, 3000, 6000)]


async def test_a_period_that_ends_before_it_begins_is_refused(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    for start in ("2026-11-24T09:00:00+01:00", "2027-01-01T00:00:00+01:00"):
        answer = await api.get("/v1/ledger/trial-balance", finance, **{"from": start})
        assert is_problem(answer, Refusal.PERIOD_ORDER)
    answer = await api.get("/v1/ledger/trial-balance", finance, until="hier")
    assert answer.json()["code"] == ApiCode.INVALID_INPUT.value


def read(content: bytes) -> list[dict[str, str]]:
    first, *lines, after = content.decode(ENCODING).split("\r\n")
    assert (first.split("\t"), after) == (list(COLUMNS), "")
    return [dict(zip(COLUMNS, one.split("\t"), strict=True)) for one in lines]


async def test_the_file_of_a_year_has_its_entries_in_the_order_of_recording(api: Frontend) -> None:
    some_books(api.database)
    finance = a_person(api.database, "finance")
    answer = await api.get("/v1/ledger/journal.csv", finance, year=2026)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=iso-8859-15"
    assert answer.headers["content-disposition"] == 'attachment; filename="FEC20261231.txt"'
    payout = f"payout:2026-10:{TECHNICIAN}:1"
    rows = read(answer.content)
    assert [
        (
            row["EcritureNum"],
            row["JournalCode"],
            row["EcritureDate"],
            row["CompteNum"],
            row["CompAuxNum"],
            row["PieceRef"],
            row["PieceDate"],
            row["Debit"],
            row["Credit"],
        )
        for row in rows
    ] == [
        ("1", "VE", "20261031", "411", CLIENT, "F2026-000001", "20261031", "30,00", "0,00"),
        ("1", "VE", "20261031", "706", "", "F2026-000001", "20261031", "0,00", "25,00"),
        ("1", "VE", "20261031", "44574", "", "F2026-000001", "20261031", "0,00", "5,00"),
        ("2", "AC", "20261031", "611", "", "00000420:1", "20261031", "16,00", "0,00"),
        ("2", "AC", "20261031", "4081", TECHNICIAN, "00000420:1", "20261031", "0,00", "16,00"),
        ("3", "BQ", "20261201", "401", TECHNICIAN, payout, "20261130", "16,00", "0,00"),
        ("3", "BQ", "20261201", "5112", "", payout, "20261130", "0,00", "16,00"),
        ("4", "BQ", "20261102", "5112", "", "F2026-000001", "20261031", "30,00", "0,00"),
        ("4", "BQ", "20261102", "411", CLIENT, "F2026-000001", "20261031", "0,00", "30,00"),
        ("4", "BQ", "20261102", "44574", "", "F2026-000001", "20261031", "5,00", "0,00"),
        ("4", "BQ", "20261102", "44571", "", "F2026-000001", "20261031", "0,00", "5,00"),
        ("5", "BQ", "20261102", "627", "", "F2026-000001", "20261031", "0,70", "0,00"),
        ("5", "BQ", "20261102", "5112", "", "F2026-000001", "20261031", "0,00", "0,70"),
        ("6", "AC", "20261130", "4081", TECHNICIAN, payout, "20261130", "16,00", "0,00"),
        ("6", "AC", "20261130", "401", TECHNICIAN, payout, "20261130", "0,00", "16,00"),
        ("7", "VE", "20261231", "411", CLIENT, "F2026-000002", "20261231", "30,00", "0,00"),
        ("7", "VE", "20261231", "706", "", "F2026-000002", "20261231", "0,00", "25,00"),
        ("7", "VE", "20261231", "44574", "", "F2026-000002", "20261231", "0,00", "5,00"),
    ]
    [[recorded]] = api.database.rows("SELECT DISTINCT recorded_at FROM ledger_transactions LIMIT 1")
    assert {row["ValidDate"] for row in rows} == {f"{recorded.astimezone(PARIS):%Y%m%d}"}
    # The next year's begins at 1, and is not there before it begins.
    assert is_problem(await api.get("/v1/ledger/journal.csv", finance, year=2027), Refusal.FUTURE_YEAR)
    api.clock.now = NEW_YEAR
    rows = read((await api.get("/v1/ledger/journal.csv", finance, year=2027)).content)
    assert {(row["EcritureNum"], row["PieceRef"]) for row in rows} == {("1", "F2027-000001")}
    assert read((await api.get("/v1/ledger/journal.csv", finance, year=2025)).content) == []


async def test_the_file_names_nobody(api: Frontend) -> None:
    client = a_client(api.database, "Claire Petit")
    technician = a_technician(api.database, name="Thomas Leroy")
    an_invoice_of(api.database, client, technician, "F2026-000001", day(10, 31), 2)
    enter(api.database, [(ledger.invoice_issued("F2026-000001", client, PRICE), day(10, 31))])
    content = (
        await api.get("/v1/ledger/journal.csv", a_person(api.database, "finance"), year=2026)
    ).content.decode(ENCODING)
    assert client in content
    assert not [name for name in ("Claire", "Petit", "Thomas", "Leroy", "example.fr") if name in content]


async def test_a_large_file_comes_piece_by_piece_and_balances(
    api: Frontend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_entries, "POSTINGS_AT_ONCE", 90)
    enter(
        api.database,
        [
            (ledger.invoice_issued(f"F2026-{number:06d}", CLIENT, PRICE), day(3, 1) + timedelta(hours=number))
            for number in range(1, 201)
        ],
    )
    parts = []
    async with api.given.sessions(info={"asker": COMMAND_LINE}) as session:
        async for part in ledger_entries.fec_of_year(session, 2026):
            parts.append(part)
    assert [len(part.splitlines()) for part in parts] == [1, 270, 270, 60]
    rows = read(b"".join(parts))
    assert [int(row["EcritureNum"]) for row in rows[::3]] == list(range(1, 201))
    for column in ("Debit", "Credit"):
        assert sum(int(row[column].replace(",", "")) for row in rows) == 200 * 3000


async def test_the_file_is_named_by_the_company(api: Frontend) -> None:
    named = replace(api.given, siren="732829320")
    finance = a_person(api.database, "finance")
    transport: Any = api.http._transport
    transport.app.state.dependencies = named
    answer = await api.get("/v1/ledger/journal.csv", finance, year=2026)
    assert 'filename="732829320FEC20261231.txt"' in answer.headers["content-disposition"]


async def test_a_year_that_is_none_is_refused(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    for year in ("1999", "2101", "", "2026x"):
        answer = await api.get("/v1/ledger/journal.csv", finance, year=year)
        assert answer.json()["code"] == ApiCode.INVALID_INPUT.value
    assert (await api.get("/v1/ledger/journal.csv", finance)).status_code == 422
