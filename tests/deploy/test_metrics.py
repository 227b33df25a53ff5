"""What is told of the business to those who watch: the right figures, seldom asked for, of each source."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from prometheus_client.core import GaugeMetricFamily

from db.engine import create_engine, sessions
from deploy.demo.figures import Figure, figures_of
from deploy.metrics import app
from deploy.metrics.figures import from_postgres, gauge
from deploy.settings import process_environment
from domain.deadlines import PRODUCTION
from domain.invariants import Invariant
from domain.opening_hours import PRODUCTION as HOURS
from tests.api.frontend import MORNING
from tests.api.rows import a_ticket, insert
from tests.support.log_lines import lines_of
from tests.support.payments import a_payment
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database


async def scrape(sources: dict[str, app.Source]) -> dict[Figure, float]:
    transport = httpx.ASGITransport(app.build(sources))
    async with httpx.AsyncClient(transport=transport, base_url="http://metrics") as http:
        answer = await http.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/plain")
    return figures_of(answer.text)


@pytest.fixture
async def postgres(database: Database) -> AsyncIterator[app.Source]:
    engine = create_engine(database.url("omea_worker"), pool_size=1)

    async def source() -> list[GaugeMetricFamily]:
        return await from_postgres(sessions(engine), MORNING, PRODUCTION, HOURS)

    yield source
    await engine.dispose()


async def test_each_figure_is_what_the_database_has(database: Database, postgres: app.Source) -> None:
    before = await scrape({"postgres": postgres})
    assert {sample: value for sample, value in before.items() if value} == {("omea_source_up", "postgres"): 1}

    client, technician = a_client(database), a_technician(database)
    last_week = MORNING - timedelta(days=7)
    a_ticket(database, client, technician, status="scheduled")
    a_ticket(database, client, technician, status="suspended", start=last_week)
    a_ticket(database, client, technician, status="unpaid", start=last_week + timedelta(hours=2))
    a_ticket(database, client, None, status="to_assign", start=MORNING + timedelta(days=1))
    a_ticket(database, client, technician, status="closed", start=last_week + timedelta(hours=4))
    a_payment(database, technician, MORNING - timedelta(days=1), [], cents=1600)
    broken = {Invariant.SALES: 2, Invariant.VAT_DUE: 0}
    for at, found in ((last_week, {Invariant.SALES: 7}), (MORNING - timedelta(minutes=4), broken)):
        for name, total in found.items():
            insert(database, "invariant_checks", at=at, name=name, ok=not total, total=total, rows="[]")
    for number, (state, age) in enumerate((("pending", 10), ("pending", 3), ("done", 99), ("parked", 99))):
        insert(
            database,
            "webhook_events",
            id=f"evt_{number}",
            type="charge.refunded",
            subject={"object": "re_1"},
            state=state,
            received_at=MORNING - timedelta(minutes=age),
        )
    after = await scrape({"postgres": postgres})
    assert {sample: value for sample, value in after.items() if value} == {
        ("omea_source_up", "postgres"): 1,
        ("omea_tickets", "scheduled"): 1,
        ("omea_tickets", "suspended"): 1,
        ("omea_tickets", "unpaid"): 1,
        ("omea_tickets", "to_assign"): 1,
        ("omea_tickets_waiting", "suspended"): 1,
        ("omea_tickets_waiting", "unpaid"): 1,
        ("omea_tickets_waiting", "to_assign"): 1,
        ("omea_tickets_late", "suspended"): 1,
        ("omea_tickets_late", "unpaid"): 1,
        ("omea_payouts", "2026-11", "paid"): 1,
        ("omea_payouts_cents", "2026-11", "paid"): 1600,
        ("omea_invariant_violations", "sales"): 2,
        ("omea_invariants_checked_timestamp_seconds",): (MORNING - timedelta(minutes=4)).timestamp(),
        ("omea_webhooks_pending",): 2,
        ("omea_webhooks_pending_age_seconds",): 600,
    }
    # Nothing that is there and zero is left out: an alert would be silent about it.
    assert set(after) - set(before) == {
        ("omea_invariant_violations", "sales"),
        ("omea_invariant_violations", "vat_due"),
        ("omea_invariants_checked_timestamp_seconds",),
    }


async def test_a_source_that_is_away_leaves_out_its_own_figures_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app, "SOURCE_SECONDS", 0.1)

    async def there() -> list[GaugeMetricFamily]:
        return [gauge("there", "It is.", [((), 4)])]

    async def gone() -> list[GaugeMetricFamily]:
        raise OSError("refused")

    async def silent() -> list[GaugeMetricFamily]:
        await asyncio.Event().wait()
        return []

    assert await scrape({"there": there, "gone": gone, "silent": silent}) == {
        ("omea_source_up", "there"): 1,
        ("omea_source_up", "gone"): 0,
        ("omea_source_up", "silent"): 0,
        ("there",): 4,
    }


async def test_however_many_ask_the_sources_are_asked_once_in_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = 0

    async def counted() -> list[GaugeMetricFamily]:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)
        return [gauge("asked", "How often.", [((), asked)])]

    scraped = app.Scraped({"counted": counted})
    texts = await asyncio.gather(*(scraped.text() for _ in range(5)))
    assert (len(set(texts)), asked) == (1, 1)
    monkeypatch.setattr(app, "KEPT_SECONDS", 0)
    forgetful = app.Scraped({"counted": counted})
    await forgetful.text()
    await forgetful.text()
    assert asked == 3


def test_the_process_does_not_start_without_a_port(sandbox_environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.metrics"],
        env=process_environment() | sandbox_environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    [line] = lines_of(ended.stderr)
    assert (ended.returncode, line["level"]) == (1, "critical")
    assert line["event"] == "démarrage refusé, réglages à corriger :\n  METRICS_PORT : manque"
