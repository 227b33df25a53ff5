"""The yearly declaration: read by finance, held up while something is missing, told to each technician."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from activities.documents.yearly_statement import yearly_statement_pdf
from activities.exports.dac7_file import dac7_xml
from api.codes import ApiCode
from domain.dac7 import Declaration, Missing, QuarterTotals, Seller, SellerYear
from domain.documents import Address
from domain.errors import Refusal
from domain.opening_hours import PARIS
from tests.api.frontend import Frontend, is_problem
from tests.api.rows import insert
from tests.support.company import A_COMPANY
from tests.support.payments import a_declared_person, a_payment, gains_of
from tests.support.people import a_person, a_technician

SPRING, AUTUMN = datetime(2026, 5, 2, 9, tzinfo=PARIS), datetime(2026, 11, 2, 9, tzinfo=PARIS)
JANUARY = datetime(2027, 1, 15, 9, 30, tzinfo=PARIS)
MIDNIGHT = datetime(2027, 1, 15, tzinfo=PARIS)
NOTHING = {"paid_cents": 0, "fees_cents": 0, "activities": 0, "declared_euros": 0}


@pytest.fixture
def finance(api: Frontend) -> str:
    api.clock.now = JANUARY
    return a_person(api.database, "finance")


def paid_twice(api: Frontend) -> str:
    technician = a_technician(api.database)
    spring, autumn = (gains_of(api.database, technician, at, 2) for at in (SPRING, AUTUMN))
    a_payment(api.database, technician, SPRING, spring, cents=3250)
    a_payment(api.database, technician, AUTUMN, autumn, cents=1600, vat_cents=320)
    return technician


def totals(cents: int, activities: int, euros: int) -> dict[str, int]:
    return {"paid_cents": cents, "fees_cents": 0, "activities": activities, "declared_euros": euros}


def as_declared(technician: str, siren: str) -> SellerYear:
    seller = Seller(
        id=technician,
        name="Thomas Leroy",
        first_name="Thomas",
        last_name="Leroy",
        birth_date=date(1987, 7, 31),
        siren=siren,
        vat_number=None,
        tax_id="3023217600053",
        address=Address("12 rue des Lilas", "69003", "Lyon"),
        country="FR",
        iban=None,
        is_entity=False,
    )
    none = QuarterTotals(0, 0, 0)
    return SellerYear(seller, (none, QuarterTotals(3250, 0, 2), none, QuarterTotals(1920, 0, 2)))


def expected_year(api: Frontend, technician: str) -> SellerYear:
    [(siren,)] = api.database.rows("SELECT siren FROM payees WHERE technician_id = %s", technician)
    return as_declared(technician, siren)


async def test_finance_reads_what_was_paid_and_what_is_missing(api: Frontend, finance: str) -> None:
    thomas = paid_twice(api)
    seller: dict[str, Any] = {
        "technician": {"id": thomas, "name": "Thomas Leroy"},
        "is_company": False,
        "declared": True,
        "quarters": [NOTHING, totals(3250, 2, 33), NOTHING, totals(1920, 2, 19)],
        "total": totals(5170, 4, 52),
        "missing": [
            {"code": "first_name", "label": "prénom"},
            {"code": "last_name", "label": "nom"},
            {"code": "birth_date", "label": "date de naissance"},
            {"code": "tax_id", "label": "numéro fiscal"},
        ],
        "statement": f"/v1/declarations/2026/statements/{thomas}.pdf",
    }
    year = {"year": 2026, "due_on": "2027-01-31", "provisional": False, "complete": False, "erased": []}
    answer = await api.get("/v1/declarations/2026", finance)
    assert (answer.status_code, answer.json()) == (200, year | {"sellers": [seller]})
    refused = await api.get("/v1/declarations/2026.xml", finance)
    assert is_problem(refused, Refusal.DECLARATION_INCOMPLETE, technicians=[thomas])

    a_declared_person(api.database, thomas)
    complete = year | {"complete": True, "sellers": [seller | {"missing": []}]}
    assert (await api.get("/v1/declarations/2026", finance)).json() == complete
    assert (await api.get("/v1/declarations/2025", finance)).json()["sellers"] == []


async def test_a_company_is_told_apart_by_what_it_lacks(api: Frontend, finance: str) -> None:
    paid_twice(api)
    api.database.execute("UPDATE payees SET is_company = true, siren = NULL, city = ' '")
    [seller] = (await api.get("/v1/declarations/2026", finance)).json()["sellers"]
    assert (seller["is_company"], seller["missing"]) == (
        True,
        [{"code": Missing.SIREN, "label": "numéro SIREN"}, {"code": Missing.ADDRESS, "label": "adresse"}],
    )


async def test_the_file_says_the_same_all_day(api: Frontend, finance: str) -> None:
    thomas = paid_twice(api)
    a_declared_person(api.database, thomas)
    # Too little to be declared: what is missing of them holds up nobody.
    a_payment(api.database, a_technician(api.database, name="Zoé Blanc"), SPRING, [], cents=49)
    one = expected_year(api, thomas)
    for hour, sequence in ((0, 1), (23, 1), (23, 2)):
        api.clock.now = MIDNIGHT + timedelta(hours=hour)
        answer = await api.get("/v1/declarations/2026.xml", finance, sequence=sequence)
        message = Declaration(2026, A_COMPANY, f"20270115-00{sequence}", MIDNIGHT, (one,))
        name = f"DPIDAC7_2026_123456782_00{sequence}_20270115000000.xml"
        assert (answer.status_code, answer.content) == (200, dac7_xml(message))
        assert {header: answer.headers[header] for header in ("content-type", "content-disposition")} == {
            "content-type": "application/xml",
            "content-disposition": f'attachment; filename="{name}"',
        }
        assert answer.headers["cache-control"] == "private, no-store"
    assert (await api.get("/v1/declarations/2026.xml", finance, sequence=0)).status_code == 422


async def test_nobody_paid_is_a_file_that_says_so(api: Frontend, finance: str) -> None:
    answer = await api.get("/v1/declarations/2026.xml", finance)
    assert etree.fromstring(answer.content).findtext(".//{*}MessageTypeIndic") == "DPI403"


async def test_a_year_that_lasts_is_provisional_and_one_to_come_is_refused(
    api: Frontend, finance: str
) -> None:
    thomas = paid_twice(api)
    a_declared_person(api.database, thomas)
    api.clock.now = datetime(2026, 12, 31, 23, 59, tzinfo=PARIS)
    assert (await api.get("/v1/declarations/2026", finance)).json()["provisional"] is True
    named = (await api.get("/v1/declarations/2026.xml", finance)).headers["content-disposition"]
    assert named == 'attachment; filename="PROVISOIRE_DPIDAC7_2026_123456782_001_20261231000000.xml"'
    for path, person in (
        ("/v1/declarations/2027", finance),
        ("/v1/declarations/2027.xml", finance),
        (f"/v1/declarations/2027/statements/{thomas}.pdf", finance),
        ("/v1/me/yearly-statements/2027.pdf", thomas),
    ):
        assert is_problem(await api.get(path, person), Refusal.FUTURE_YEAR)
    for year in ("1999", "MMXXVI"):
        answer = await api.get(f"/v1/declarations/{year}", finance)
        assert (answer.status_code, answer.json()["code"]) == (422, ApiCode.INVALID_INPUT)


async def test_a_technician_is_told_their_own_year_and_finance_what_they_are_told(
    api: Frontend, finance: str
) -> None:
    thomas, zoe = paid_twice(api), a_technician(api.database, name="Zoé Blanc")
    a_declared_person(api.database, thomas)
    pdf = yearly_statement_pdf(A_COMPANY, expected_year(api, thomas), 2026, MIDNIGHT)
    mine, of_zoe = "/v1/me/yearly-statements/2026.pdf", f"/v1/declarations/2026/statements/{zoe}.pdf"
    for path, person in ((mine, thomas), (f"/v1/declarations/2026/statements/{thomas}.pdf", finance)):
        answer = await api.get(path, person)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["content-disposition"] == 'attachment; filename="recapitulatif-2026.pdf"'
        assert answer.content == pdf
    for path, person in ((mine, zoe), (of_zoe, finance), ("/v1/me/yearly-statements/2025.pdf", thomas)):
        assert is_problem(await api.get(path, person), ApiCode.YEARLY_STATEMENT_NOT_FOUND)
    assert is_problem(await api.get(of_zoe, thomas), ApiCode.ROLE_NOT_ALLOWED)


async def test_who_was_erased_holds_up_nobody_and_is_named_apart(api: Frontend, finance: str) -> None:
    thomas, gone = paid_twice(api), a_technician(api.database, name="Zoé Blanc")
    a_declared_person(api.database, thomas)
    a_payment(api.database, gone, SPRING, [], cents=4900)
    api.clock.now = datetime(2027, 2, 3, 9, tzinfo=PARIS)
    assert is_problem(
        await api.get("/v1/declarations/2026.xml", finance),
        Refusal.DECLARATION_INCOMPLETE,
        technicians=[gone],
    )
    asked = api.clock.now - timedelta(days=31)
    insert(
        api.database,
        "erasures",
        person_id=gone,
        key="leave",
        asked_by="person",
        actor_id=gone,
        asked_at=asked,
        due_at=asked + timedelta(days=30),
        erased_at=api.clock.now,
    )
    year = (await api.get("/v1/declarations/2026", finance)).json()
    assert (year["complete"], year["erased"]) == (True, [gone])
    assert [seller["technician"]["id"] for seller in year["sellers"]] == [thomas]
    file = await api.get("/v1/declarations/2026.xml", finance)
    day = datetime(2027, 2, 3, tzinfo=PARIS)
    message = Declaration(2026, A_COMPANY, "20270203-001", day, (expected_year(api, thomas),))
    assert (file.status_code, file.content) == (200, dac7_xml(message))
