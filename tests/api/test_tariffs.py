"""Finance sets tariffs, the team reads them, everybody reads prices, and nobody changes what was booked."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from psycopg import errors

from api.codes import ApiCode
from db.reads.tariffs import tariff_in_force
from domain.errors import Refusal, Refused
from domain.opening_hours import PARIS
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.support.people import a_client, a_person, a_technician

NEW_YEAR = "2027-01-01T00:00:00+01:00"
FIRST = {
    "version": "2026-01",
    "skill": None,
    "state": {"code": "in_force", "label": "en vigueur"},
    "effective_from": "2026-01-01T00:00:00+01:00",
    "until": None,
    "slice_minutes": 15,
    "minimum_slices": 1,
    "grace_minutes": 2,
    "price_ttc_cents": 1500,
    "vat_bp": 2000,
    "technician_ht_cents": 800,
    "set_by": None,
    "set_at": None,
}


def a_tariff(**changed: Any) -> dict[str, Any]:
    return {
        "version": "2027-01",
        "effective_from": NEW_YEAR,
        "price_ttc_cents": 1800,
        "technician_ht_cents": 900,
    } | changed


async def test_a_tariff_is_set_once_and_says_who_set_it(api: Frontend) -> None:
    finance = a_person(api.database, "finance", "Paul Omea")
    answer = await api.post("/v1/tariffs", finance, a_tariff(), "one")
    to_come = {
        **FIRST,
        "version": "2027-01",
        "state": {"code": "to_come", "label": "à venir"},
        "effective_from": NEW_YEAR,
        "price_ttc_cents": 1800,
        "technician_ht_cents": 900,
        "set_by": {"id": finance, "name": "Paul Omea"},
        "set_at": "2026-11-24T09:00:00+01:00",
    }
    assert (answer.status_code, answer.json()) == (201, to_come)
    # Sent again, even once its date is past, it is answered and not set again.
    api.clock.now = datetime(2027, 1, 2, 9, tzinfo=PARIS)
    answer = await api.post("/v1/tariffs", finance, a_tariff(), "one")
    assert api.database.rows("SELECT count(*) FROM tariffs") == [(2,)]
    in_force = to_come | {"state": {"code": "in_force", "label": "en vigueur"}}
    assert (answer.status_code, answer.json()) == (201, in_force)
    other = await api.unchanged(api.post("/v1/tariffs", finance, a_tariff(price_ttc_cents=2400), "one"))
    assert is_problem(other, ApiCode.IDEMPOTENCY_KEY_REUSED)
    past = FIRST | {"state": {"code": "past", "label": "passé"}, "until": NEW_YEAR}
    for person in (finance, a_person(api.database, "back_office")):
        assert (await api.get("/v1/tariffs", person)).json() == {"tariffs": [past, in_force]}


async def test_a_tariff_without_a_date_has_effect_now(api: Frontend) -> None:
    finance, client = a_person(api.database, "finance"), a_client(api.database)
    query = {"skill": "internet", "minutes": 25}
    assert (await api.get("/v1/prices", client, **query)).json()["total_ttc_cents"] == 3000
    answer = await api.post("/v1/tariffs", finance, a_tariff(effective_from=None))
    assert answer.json()["effective_from"] == "2026-11-24T09:00:00+01:00"
    assert (await api.get("/v1/prices", client, **query)).json()["total_ttc_cents"] == 3600


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"price_ttc_cents": 1501}, Refusal.TARIFF_PRICE),
        ({"slice_minutes": 10}, Refusal.TARIFF_SLICES),
        ({"technician_ht_cents": 1501}, Refusal.TARIFF_GAIN),
        ({"effective_from": "2026-11-24T08:59:59+01:00"}, Refusal.TARIFF_PAST),
        ({"effective_from": "2029-01-01T00:00:00+01:00"}, Refusal.TARIFF_TOO_FAR),
        ({"skill": "unheard_of"}, Refusal.UNKNOWN_SKILL),
        ({"version": "2026-01"}, Refusal.TARIFF_VERSION_TAKEN),
        ({"version": "Janvier 2027"}, ApiCode.INVALID_INPUT),
        ({"price_ttc_cents": 15}, ApiCode.INVALID_INPUT),
        ({"price_ttc_cents": 1800.0}, ApiCode.INVALID_INPUT),
        ({"grace_minutes": 15}, ApiCode.INVALID_INPUT),
        ({"vat_bp": 1000}, ApiCode.INVALID_INPUT),
    ],
)
async def test_a_wrong_tariff_leaves_no_trace(
    api: Frontend, changed: dict[str, Any], refusal: Refusal | ApiCode
) -> None:
    finance = a_person(api.database, "finance")
    answer = await api.unchanged(api.post("/v1/tariffs", finance, a_tariff(**changed)))
    assert answer.json()["code"] == refusal.value


async def test_one_skill_has_one_tariff_at_one_date(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    for skill in (None, "printer"):
        assert (
            await api.post("/v1/tariffs", finance, a_tariff(version=f"first-{skill}".lower(), skill=skill))
        ).status_code == 201
        again = a_tariff(version=f"second-{skill}".lower(), skill=skill)
        answer = await api.unchanged(api.post("/v1/tariffs", finance, again))
        assert is_problem(answer, Refusal.TARIFF_DATE_TAKEN)


async def test_of_ten_tariffs_set_at_once_for_a_date_one_is(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    answers = await asyncio.gather(
        *(api.post("/v1/tariffs", finance, a_tariff(version=f"v{number}")) for number in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert api.database.rows("SELECT count(*) FROM tariffs") == [(2,)]


async def test_a_tariff_of_a_skill_wins_and_the_others_fall_back_to_the_general_one(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    for version, skill, days, price in (
        ("printer", "printer", 1, 2400),
        ("general", None, 2, 1800),
        ("printer-2", "printer", 3, 3000),
    ):
        body = a_tariff(
            version=version,
            skill=skill,
            effective_from=(MORNING + timedelta(days=days)).isoformat(),
            price_ttc_cents=price,
        )
        assert (await api.post("/v1/tariffs", finance, body)).status_code == 201
    prices = []
    async with api.given.sessions() as session:
        for days in range(5):
            at = MORNING + timedelta(days=days)
            prices.append(
                [(await tariff_in_force(session, at, skill)).version for skill in ("printer", "mail")]
            )
        with pytest.raises(Refused):
            await tariff_in_force(session, datetime(2025, 12, 31, 23, 59, tzinfo=PARIS), "printer")
    assert prices == [
        ["2026-01", "2026-01"],
        ["printer", "2026-01"],
        # Its own, though a newer one for all has come meanwhile.
        ["printer", "general"],
        ["printer-2", "general"],
        ["printer-2", "general"],
    ]
    listed = (await api.get("/v1/tariffs", finance)).json()["tariffs"]
    assert [(one["version"], one["skill"] and one["skill"]["code"]) for one in listed] == [
        ("2026-01", None),
        ("general", None),
        ("printer", "printer"),
        ("printer-2", "printer"),
    ]


async def test_the_price_list_needs_no_sign_in_and_says_nothing_of_gains(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    await api.post("/v1/tariffs", finance, a_tariff(skill="printer", effective_from=None))
    answer = (await api.http.get("/v1/price-list")).json()
    assert [(one["skill"]["code"], one["slice_price_ttc_cents"]) for one in answer["prices"]] == [
        ("internet", 1500),
        ("mail", 1500),
        ("printer", 1800),
        ("security", 1500),
        ("software", 1500),
    ]
    assert answer["prices"][2] == {
        "skill": {"code": "printer", "label": "Imprimante et scanner"},
        "tariff": "2027-01",
        "slice_minutes": 15,
        "minimum_slices": 1,
        "grace_minutes": 2,
        "slice_price_ttc_cents": 1800,
        "vat_bp": 2000,
    }


async def test_a_price_is_previewed_and_a_client_sees_no_gain(api: Frontend) -> None:
    query = {"skill": "internet", "minutes": 25, "ceiling_minutes": 60}
    seen = {
        "skill": {"code": "internet", "label": "Internet et Wi-Fi"},
        "tariff": "2026-01",
        "slice_minutes": 15,
        "minimum_slices": 1,
        "grace_minutes": 2,
        "slice_price_ttc_cents": 1500,
        "vat_bp": 2000,
        "minutes": 25,
        "ceiling_minutes": 60,
        "lines": [
            {"slice": 1, "until_minutes": 17, "price_ttc_cents": 1500},
            {"slice": 2, "until_minutes": 32, "price_ttc_cents": 1500},
        ],
        "total_ht_cents": 2500,
        "total_vat_cents": 500,
        "total_ttc_cents": 3000,
        "at_most_ttc_cents": 6000,
        "slice_gain_ht_cents": None,
        "gain_ht_cents": None,
    }
    assert (await api.get("/v1/prices", a_client(api.database), **query)).json() == seen
    answer = (await api.get("/v1/prices", a_technician(api.database), **query)).json()
    assert answer == seen | {"slice_gain_ht_cents": 800, "gain_ht_cents": 1600}
    answer = (await api.get("/v1/prices", a_client(api.database), skill="internet", minutes=31)).json()
    assert (answer["ceiling_minutes"], answer["at_most_ttc_cents"]) == (45, 4500)


async def test_a_price_of_nothing_known_is_refused(api: Frontend) -> None:
    client = a_client(api.database)
    for query, code in (
        ({"skill": "unheard_of", "minutes": 15}, Refusal.UNKNOWN_SKILL),
        ({"skill": "internet", "minutes": 0}, ApiCode.INVALID_INPUT),
        ({"skill": "internet", "minutes": 241}, ApiCode.INVALID_INPUT),
        ({"skill": "internet"}, ApiCode.INVALID_INPUT),
        ({"skill": "internet", "minutes": 15, "ceiling_minutes": 20}, Refusal.INVALID_DURATION),
    ):
        assert (await api.get("/v1/prices", client, **query)).json()["code"] == code.value


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tariffs SET price_ttc_cents = 1800",
        "DELETE FROM tariffs",
        "INSERT INTO tariffs (version, effective_from, slice_minutes, minimum_slices, grace_minutes, "
        "price_ttc_cents, vat_bp, technician_ht_cents) VALUES ('x', now(), 30, 1, 2, 1500, 2000, 800)",
        "INSERT INTO tariffs (version, effective_from, slice_minutes, minimum_slices, grace_minutes, "
        "price_ttc_cents, vat_bp, technician_ht_cents) VALUES ('x', now(), 15, 1, 2, 1500, 2000, 1251)",
        "INSERT INTO tariffs (version, effective_from, slice_minutes, minimum_slices, grace_minutes, "
        "price_ttc_cents, vat_bp, technician_ht_cents, set_by, set_at) SELECT 'x', now(), 15, 1, 2, 1500, "
        "2000, 800, id, now() + interval '1 second' FROM people",
    ],
)
async def test_the_database_itself_refuses_a_changed_or_a_wrong_tariff(api: Frontend, change: str) -> None:
    a_person(api.database, "finance")
    with pytest.raises((errors.RestrictViolation, errors.CheckViolation)):
        api.database.execute(change)


@pytest.mark.parametrize("role", ["client", "technician", "back_office", "system", None])
async def test_the_api_sets_a_tariff_in_the_name_of_finance_or_not_at_all(
    api: Frontend, role: str | None
) -> None:
    somebody = a_person(api.database, role) if role else None
    with api.database.connect("omea_api") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(
            "INSERT INTO tariffs (version, effective_from, slice_minutes, minimum_slices, grace_minutes, "
            "price_ttc_cents, vat_bp, technician_ht_cents, set_by, set_at) "
            "VALUES ('x', now(), 15, 1, 2, 1500, 2000, 800, %s, %s)",
            (somebody, MORNING if somebody else None),
        )
