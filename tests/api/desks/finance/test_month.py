"""The month as finance sees it first: figures of the ledger, gains by state, and what is to do."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from lxml import html

from api.desks.finance import charts
from domain.payees import Rail
from tests.api.desks.finance.months import NOVEMBER, OCTOBER, a_business
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_gain, a_ticket, insert
from tests.api.test_reading_money import a_statement
from tests.support.people import a_person, a_submission

DIFFERENCE = {"invoice": "F2026-000123", "ledger_cents": -500, "expected_cents": 0}


async def test_nothing_has_happened_yet(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    page = await page_of(api, finance, "/mois")
    assert page.title == "Novembre 2026"
    assert "Rien ne vous attend pour l’instant." in page.text
    assert "Rien n’a été facturé ni encaissé ce mois-ci." in page.text
    assert "/mois/2026-10" in page.links()
    assert "/mois/2026-12" not in page.links()
    page = await page_of(api, finance, "/mois/2026-10")
    assert "Les virements du mois ne sont pas encore lancés" in page.text
    assert "/mois/2026-11" in page.links()


async def test_a_month_in_figures(api: Frontend) -> None:
    business = a_business(api.database)
    page = await page_of(api, business.finance, "/mois/2026-10")
    for words in (
        "Facturé TTC 60,00 € Encaissé 30,00 € Remboursé 0,00 € Impayé à la fin du mois 30,00 €",
        "À mettre sur un relevé 2 32,00 €",
        "De 8 à 30 jours 1 30,00 €",
    ):
        assert words in page.text
    page = await page_of(api, business.finance, "/mois/2026-11")
    # A refund without a credit note is owed again.
    assert "Facturé TTC 30,00 € Encaissé 0,00 € Remboursé 15,00 € Impayé aujourd’hui 75,00 €" in page.text


async def test_gains_by_what_became_of_them(api: Frontend) -> None:
    business = a_business(api.database)
    database = api.database

    def gain(cents: int, status: str = "invoiced") -> str:
        ticket = a_ticket(database, business.client, business.thomas, status="invoiced")
        earned = a_gain(database, ticket, business.thomas, NOVEMBER, cents)
        database.execute("UPDATE tickets SET status = %s WHERE number = %s", status, ticket)
        return earned

    gain(400, "suspended")
    paid: dict[str, Any] = {"transfer": "tr_1", "paid_at": MORNING, "rail": Rail.STRIPE.value}
    a_statement(database, business.thomas, [gain(800)], "paid", cents=800, **paid)
    a_statement(
        database,
        business.thomas,
        [gain(2400)],
        "failed",
        cents=2400,
        n=2,
        failure="account_missing",
    )
    page = await page_of(api, business.finance, "/mois/2026-11")
    for words in (
        "Versés 1 8,00 €",
        "Sur un relevé, à verser 1 24,00 €",
        "À mettre sur un relevé 1 16,00 €",
        "Retenus 1 4,00 €",
        "Virements incomplets Virés 8,00 € (1) À relancer 24,00 € (1)",
        "1 virement non abouti est à relancer",
    ):
        assert words in page.text


async def test_what_is_to_do(api: Frontend) -> None:
    business = a_business(api.database)
    database = api.database
    a_statement(database, business.thomas, [], "to_send", cents=1600)
    text = a_submission(database, business.thomas, "contest", text="Il manque une séance.")
    [(number,)] = database.rows("SELECT number FROM statements")
    insert(database, "statement_contests", statement=number, submission_id=text, asked_at=MORNING)
    database.execute(
        "UPDATE payees SET wanted_rail = 'stripe', wanted_at = %s WHERE technician_id = %s",
        *(MORNING, business.nadia),
    )
    looked_at(api, MORNING - timedelta(hours=1), broken=1)
    looked_at(api, MORNING, broken=0)
    page = await page_of(api, business.finance, "/mois/2026-10")
    assert [link for link in page.links() if link.startswith(("/cont", "/ret", "/virements/2026-10"))][
        :3
    ] == [
        "/virements/2026-10",
        "/contestations",
        "/retenues",
    ]
    assert "ne tient plus" not in page.text
    looked_at(api, MORNING + timedelta(minutes=15), broken=2)
    assert "2 contrôles qui ne tiennent plus" in (await page.open(page.path)).text


def looked_at(api: Frontend, at: datetime, *, broken: int) -> None:
    for place, name in enumerate(("sales", "vat_due")):
        total = 1 if place < broken else 0
        api.database.execute(
            "INSERT INTO invariant_checks (at, name, ok, total, rows) VALUES (%s, %s, %s, %s, %s)",
            *(at, name, total == 0, total, json.dumps([DIFFERENCE] * total)),
        )


async def test_a_month_that_is_none_or_not_yet(api: Frontend) -> None:
    visitor = a_visitor(api, a_person(api.database, "finance"))
    for month in ("2026-12", "2026-13", "novembre"):
        assert (await visitor.open(f"/mois/{month}")).answer.status_code == 422
        assert visitor.title == "Quelque chose est à corriger"


async def test_a_chart_and_its_table_say_the_same(api: Frontend) -> None:
    business = a_business(api.database)
    page = await page_of(api, business.finance, "/mois/2026-10")
    drawn = html.document_fromstring(page.answer.text).xpath("//*[@id='jours']//rect[@x != 1]")
    assert len(drawn) == 2
    assert "5 60,00 € 0,00 € 0,00 €" in page.text
    assert "6 0,00 € 30,00 € 0,00 €" in page.text
    assert date(2026, 10, 5) == OCTOBER.date()


@pytest.mark.parametrize(
    ("values", "low", "high", "step"),
    [
        ([], 0, 100, 100),
        ([0], 0, 100, 100),
        ([1, 99], 0, 100, 100),
        ([6000, 3000], 0, 6000, 2000),
        ([123_456], 0, 150_000, 50_000),
        ([-2500, 5000], -4000, 6000, 2000),
        ([-100], -100, 100, 100),
        ([987_654_321], 0, 1_000_000_000, 500_000_000),
    ],
)
def test_an_axis_begins_at_zero_and_has_few_round_steps(
    values: list[int], low: int, high: int, step: int
) -> None:
    assert charts.scale(values) == (low, high, step)


def test_bars_are_as_long_as_their_figures() -> None:
    chart = charts.columns([("a", (6000, 3000)), ("b", (-2000, 0))])
    tall, half, below, none = chart.bars
    assert tall.height == pytest.approx(2 * half.height, abs=0.2)
    assert tall.height == pytest.approx(3 * below.height, abs=0.3)
    assert tall.y + tall.height == pytest.approx(chart.zero, abs=0.2)
    assert (below.y, none.height) == (chart.zero, 0)
    lying = charts.rows([("a", "", 1000), ("b", "", -500)])
    one, other = (row.bar for row in lying.rows)
    assert (one.x, one.width, other.x, other.width) == (120, 240, 0, 120)
