"""Finance runs a month: once a key, and one run at a time."""

import contextlib
import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from temporalio.service import RPCError

from activities.documents.reading import read_inside
from api.codes import ApiCode
from domain.errors import Refusal
from domain.ids import payout_run_workflow_id
from domain.opening_hours import paris_month
from tests.api import rows
from tests.api.frontend import is_problem, open_frontend
from tests.api.service import DETAILS, Service
from tests.support.people import a_technician

pytestmark = pytest.mark.pays


def a_gain_of_an_hour_ago(service: Service) -> str:
    ticket = rows.a_ticket(service.database, service.client, service.technician, status="invoiced")
    at = service.api.clock() - timedelta(hours=1)
    return rows.a_gain(service.database, ticket, service.technician, at)


async def test_the_month_is_run_once_a_key(service: Service) -> None:
    account = await service.payments.open_account(service.technician, DETAILS)
    service.database.execute(
        "UPDATE technicians SET account_reference = %s WHERE id = %s", account, service.technician
    )
    await service.fund()
    gain = a_gain_of_an_hour_ago(service)
    month = paris_month(service.api.clock())
    path, reason = f"/v1/payouts/{month}/runs", {"reason": "Fin du mois."}
    preview = (await service.api.get(f"/v1/payouts/{month}/preview", service.finance)).json()
    assert preview["to_pay_cents"] == 1600

    first = await service.api.post(path, service.finance, reason, key="first")
    assert (first.status_code, first.headers["location"]) == (201, f"/v1/payouts/{month}")
    paid = {"technician_id": service.technician, "paid_cents": 1600, "ordered_cents": 0, "failure": None}
    assert first.json()["technicians"] == [paid]
    run = first.json()["run"]
    assert (run["n"], run["reason"], run["actor_id"]) == (1, "Fin du mois.", service.finance)
    again = await service.api.unchanged(service.api.post(path, service.finance, reason, key="first"))
    assert (again.status_code, again.json()) == (201, first.json())
    written = "SELECT kind, author_id::text, body FROM submissions WHERE kind = 'payout_reason'"
    assert service.database.rows(written) == [("payout_reason", service.finance, reason)]

    read = (await service.api.get(f"/v1/payouts/{month}", service.finance)).json()
    assert [one["gains"][0]["id"] for one in read["statements"]] == [gain]
    assert (read["total_cents"], read["paid_cents"]) == (1600, 1600)

    progress = await service.api.get(f"/v1/payouts/{month}/progress", service.finance)
    assert is_problem(progress, ApiCode.NO_RUN_OPEN)
    await statement_is_handed_over(service, read["statements"][0], gain)

    second = await service.api.post(path, service.finance, {"technician_id": service.technician})
    assert (second.status_code, second.json()["technicians"], second.json()["run"]["n"]) == (201, [], 2)
    # A later run has come: what the first one did is in the month, not in its answer any more.
    late = await service.api.unchanged(service.api.post(path, service.finance, reason, key="first"))
    assert (late.status_code, late.json()) == (201, first.json() | {"technicians": None})


async def statement_is_handed_over(service: Service, statement: dict[str, Any], gain: str) -> None:
    """To its technician and to finance, as a document and as a table; to nobody else."""
    path, [line] = f"/v1/statements/{statement['number']}", statement["gains"]
    other = a_technician(service.database, name="Zoé Blanc")
    for person in (service.technician, service.finance):
        file = await service.api.get(f"{path}.pdf", person)
        assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
        inside = read_inside(file.content)
        assert (inside.number, inside.total_ttc_cents) == (statement["number"], statement["due_cents"])
        table = await service.api.get(f"{path}.csv", person)
        rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0] == [
            *("Relevé", "Demande", "Séance", "Accepté le", "Tranches", "Montant HT", "Rectifie")
        ]
        [[number, _, session, _, slices, amount, corrects]] = rows[1:]
        assert (number, session, slices) == (statement["number"], "1", str(line["slices"]))
        assert (amount, corrects) == ("16,00", "")
    for kind in ("pdf", "csv"):
        assert is_problem(await service.api.get(f"{path}.{kind}", other), ApiCode.STATEMENT_NOT_FOUND)
    table = await service.api.get(f"/v1/payouts/{statement['month']}/statements.csv", service.finance)
    [_, row] = csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";")
    assert row[:2] + row[5:9] == [statement["month"], statement["number"], "16,00", "0,00", "16,00", "viré"]


async def test_one_run_of_a_month_at_a_time(service: Service) -> None:
    """Nobody works on this queue, so the first run stays open."""
    month = paris_month(service.api.clock())
    temporal = service.environment.client
    await cancel_runs(service, month)
    async with open_frontend(service.database, temporal, clock=service.api.clock) as unmanned:
        path = f"/v1/payouts/{month}/runs"
        for _ in range(2):
            started = await unmanned.post(path, service.finance, key="first")
            assert (started.status_code, started.headers["location"]) == (202, f"/v1/payouts/{month}")
            assert started.json() == {"month": month, "run": None, "technicians": None, "file": None}
        progress = await unmanned.get(f"/v1/payouts/{month}/progress", service.finance)
        assert (progress.status_code, progress.json()["code"]) == (503, "no_worker")
        other = await unmanned.post(path, service.finance, key="second")
        assert is_problem(other, Refusal.RUN_IN_PROGRESS)
    await cancel_runs(service, month)


async def cancel_runs(service: Service, month: str) -> None:
    handle = service.environment.client.get_workflow_handle(payout_run_workflow_id(month))
    with contextlib.suppress(RPCError):
        await handle.terminate()
