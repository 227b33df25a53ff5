"""A paid technician, and how their transfer is taken back: at the dashboard, or by finance."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError

from db.engine import create_engine, sessions
from db.reads.invariants.looking import look
from deploy.signals import begin
from domain.ids import transfer_workflow_id
from domain.invariants import Invariant, Patience, Row
from domain.payouts import TechnicianPaid
from domain.reversals import TakeBackAsked, TransferRequest
from tests.payouts.builders import a_gain
from tests.payouts.conftest import Finance
from tests.support.outside import outside
from tests.support.people import a_person, a_submission
from tests.support.stripe_sandbox import API_KEY
from tests.support.temporal import replay
from workflows.transfer.starting import start_options
from workflows.transfer.workflow import TransferWorkflow

MONTH = "2025-10"
IBAN = "FR1420041010050500013M02606"
KEYS = count(1)
# Which are about Stripe's own account, shared by all tests; another test looks at those.
OF_THE_ACCOUNT = {Invariant.PROVIDER_ENTRIES}


def key_of(technician: str) -> str:
    return f"payout:{MONTH}:{technician}:1"


async def a_paid_technician(finance: Finance) -> tuple[str, int]:
    """Paid by Stripe for what was earned in the month."""
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")
    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    return technician, owed


def payout(finance: Finance, technician: str) -> tuple[Any, ...]:
    """Status, transfer, failure, attempts and whether it has a day of payment."""
    [row] = finance.database.rows(
        "SELECT status, transfer, failure, attempts, paid_at IS NOT NULL FROM payouts WHERE key = %s",
        key_of(technician),
    )
    return row


def transfer_of(finance: Finance, technician: str) -> str:
    return str(payout(finance, technician)[1])


def at_the_dashboard(finance: Finance, transfer: str, **what: int) -> str:
    """Somebody takes a transfer back, all of it or `amount`, without a word to us. Answers the reversal."""
    answer = outside.post(
        f"{finance.stripe_url}/v1/transfers/{transfer}/reversals",
        data=what,
        headers={"Authorization": f"Bearer {API_KEY}"},
    )
    answer.raise_for_status()
    return str(answer.json()["id"])


async def news(finance: Finance, technician: str) -> None:
    """The provider's notice of it comes, and is acted upon."""
    request = TransferRequest(key_of(technician))
    assert await begin(finance.client, finance.task_queue, request, "transfer_news")
    await ended(finance, technician)


async def ended(finance: Finance, technician: str) -> None:
    """The look is over; its history is replayed."""
    name = transfer_workflow_id(key_of(technician))
    known = await finance.client.get_workflow_handle(name).describe()
    handle: WorkflowHandle[Any, Any] = finance.client.get_workflow_handle(name, run_id=known.run_id)
    await handle.result()
    await replay(await handle.fetch_history())


def asked_by_finance(finance: Finance) -> TakeBackAsked:
    person = a_person(finance.database, "finance")
    return TakeBackAsked(person, a_submission(finance.database, person, "payout_reason", reason="Erreur."))


async def take_back(
    finance: Finance, technician: str, asked: TakeBackAsked | None = None, key: str = ""
) -> None:
    """As the API asks it."""
    request = TransferRequest(key_of(technician))
    operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        TransferWorkflow.run,
        request,
        task_queue=finance.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        **start_options(request),
    )
    try:
        await finance.client.execute_update_with_start_workflow(
            "take_back",
            asked or asked_by_finance(finance),
            start_workflow_operation=operation,
            id=key or f"reversal-{next(KEYS)}",
        )
    finally:
        await ended(finance, technician)


async def refused_with(finance: Finance, technician: str) -> tuple[str | None, Any]:
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await take_back(finance, technician)
    cause: BaseException | None = failed.value.cause
    while cause is not None and not (isinstance(cause, ApplicationError) and cause.type):
        cause = cause.__cause__
    assert isinstance(cause, ApplicationError)
    return cause.type, cause.details[0]


def books(finance: Finance, technician: str) -> int:
    """What is owed to the technician."""
    return -finance.ledger(f"401:{technician}")


def postings(finance: Finance, technician: str) -> list[tuple[str, int]]:
    """What moved at the provider for this payout: the events and their cents on 5112."""
    return sorted(
        (event, cents)
        for event, cents in finance.database.rows(
            "SELECT split_part(transaction, ':', 1), amount_cents FROM ledger_lines "
            "WHERE account = '5112' AND position(%s IN transaction) > 0",
            key_of(technician),
        )
    )


def taken_back(technician: str) -> dict[Invariant, list[Row]]:
    """What is not true while the payout waits for a rerun."""
    return {Invariant.PAYOUTS_SENT: [{"reference": key_of(technician), "fault": "taken_back"}]}


async def violations(finance: Finance) -> dict[Invariant, list[Row]]:
    engine = create_engine(finance.database.url("omea_worker"))
    running = finance.database.rows("SELECT number, opened_at FROM tickets")
    async with sessions(engine)() as session:
        found = await look(session, datetime.now(UTC), dict(running), Patience())
    await engine.dispose()
    return {one.name: list(one.rows) for one in found if not one.ok and one.name not in OF_THE_ACCOUNT}


def statements(finance: Finance) -> list[tuple[Any, ...]]:
    return finance.database.rows(
        "SELECT s.*, c.gain_id FROM statements s JOIN gain_claims c ON statement = key"
    )
