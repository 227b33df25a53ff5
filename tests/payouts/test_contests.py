"""A contested statement stays as it is: what finance corrects is on the next one, once, and in the books."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from db.engine import create_engine, sessions
from db.reads.declared_years import declared_year
from db.reads.invariants.looking import look
from domain.contests import ContestOutcome
from domain.ids import contest_workflow_id
from domain.invariants import Found, Invariant, Patience
from domain.opening_hours import paris_month
from domain.payouts import TechnicianPaid
from tests.api.frontend import Clock, Frontend, open_frontend
from tests.payouts.builders import a_gain
from tests.payouts.conftest import Finance
from tests.support.people import a_person
from tests.support.temporal import replay

MONTH = "2025-10"
TEXT = "La séance a duré plus longtemps."


@pytest.fixture
async def api(finance: Finance) -> AsyncIterator[Frontend]:
    clock = Clock(datetime.now(UTC))
    async with open_frontend(
        finance.database, finance.client, task_queue=finance.task_queue, clock=clock
    ) as frontend:
        yield frontend


async def corrected(
    finance: Finance, api: Frontend, technician: str, person: str, amount_cents: int
) -> dict[str, Any]:
    """The only statement so far, contested by its technician and corrected so, as it is seen afterwards."""
    [stated] = (await api.get("/v1/me/payouts", technician)).json()["statements"]
    path, [line] = f"/v1/statements/{stated['number']}/contest", stated["gains"]
    assert (await api.post(path, technician, {"text": TEXT})).status_code == 201
    correction = {"ticket": line["ticket"], "session": line["session"], "amount_cents": amount_cents}
    answer = await api.post(
        f"{path}/answer", person, {"outcome": "corrected", "text": "Exact.", "correction": correction}
    )
    assert answer.status_code == 200
    handle = finance.client.get_workflow_handle(contest_workflow_id(stated["number"]))
    assert await handle.result() == ContestOutcome.CORRECTED
    await replay(await handle.fetch_history())
    seen: dict[str, Any] = answer.json()
    assert seen | {"contest": None, "payout": None} == stated | {"contest": None, "payout": None}
    return seen


async def test_a_correction_is_paid_with_the_next_month_once(finance: Finance, api: Frontend) -> None:
    await finance.fund(100_000)
    # A series of statements that no other test has: its numbers name contests.
    finance.database.execute("SELECT setval(pg_get_serial_sequence('payees', 'series'), 7000)")
    vat, less = await finance.a_technician(), await finance.a_technician()
    finance.database.execute("UPDATE payees SET vat_number = 'FR32123456782' WHERE technician_id = %s", vat)
    for technician in (vat, less):
        a_gain(finance.database, technician, "2025-10-20 18:30", slices=2)
    await finance.run(MONTH)
    person = a_person(finance.database, "finance", "Nadia Faure")
    more = await corrected(finance, api, vat, person, 800)
    await corrected(finance, api, less, person, -800)
    # Less than nothing is carried over, until there is something to take it from.
    later = finance.database.rows("SELECT max(accepted_at) FROM gains")[0][0]
    earned = a_gain(finance.database, less, later, slices=3)
    api.clock.now = datetime.now(UTC)
    month = paris_month(api.clock.now)
    preview = (await api.get(f"/v1/payouts/{month}/preview", person)).json()
    assert {one["technician"]["id"]: one["due_cents"] for one in preview["technicians"]} == {
        vat: 960,
        less: earned - 800,
    }

    result = await finance.run(month)

    assert set(result.technicians) == {TechnicianPaid(vat, 960), TechnicianPaid(less, earned - 800)}
    assert preview["to_pay_cents"] == sum(one.paid_cents for one in result.technicians)
    statements = (await api.get("/v1/me/payouts", vat)).json()["statements"]
    assert [(one["total_cents"], one["vat_cents"]) for one in statements] == [(800, 160), (1600, 320)]
    [line] = statements[0]["gains"]
    assert (line["amount_cents"], line["corrects"]) == (800, more["number"])
    page = (await api.get(f"/v1/statements/{statements[0]['number']}.pdf", vat)).content
    text = " ".join(PdfReader(io.BytesIO(page)).pages[0].extract_text().split())
    assert f"Rectification du relevé {more['number']}" in text
    table = (await api.get(f"/v1/statements/{statements[0]['number']}.csv", vat)).text
    assert table.splitlines()[1].endswith(f";1;8,00;{more['number']}")
    for technician in (vat, less):
        assert finance.ledger(f"4081:{technician}") == finance.ledger(f"401:{technician}") == 0
    assert (await finance.run(month)).technicians == ()
    assert (await finance.run(MONTH)).technicians == ()

    found = {one.name: one.rows for one in await looked(finance)}
    # Tickets without a process and a provider that was never read are none of this test's.
    for name in (
        *(Invariant.TRANSACTIONS_BALANCED, Invariant.LEDGER_BALANCED, Invariant.GAINS_ACCOUNTED),
        *(Invariant.TECHNICIAN_ACCOUNTS, Invariant.STATEMENT_NUMBERS, Invariant.CONTESTS_ANSWERED),
    ):
        assert found[name] == ()
    # Each euro is of the year in which it was transferred, the correction with them.
    now = datetime.now(UTC)
    async with finance.api() as session:
        [seller] = (await declared_year(session, now.year, now, vat)).sellers
    assert sum(quarter.consideration_cents for quarter in seller.quarters) == 1920 + 960


async def looked(finance: Finance) -> list[Found]:
    engine = create_engine(finance.database.url("omea_worker"))
    try:
        async with sessions(engine)() as session:
            return await look(session, datetime.now(UTC), {}, Patience())
    finally:
        await engine.dispose()
