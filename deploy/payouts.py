"""Running a month's payouts by hand, as finance does: a preview's twin, and safe to repeat."""

from datetime import UTC, datetime
from uuid import uuid4

from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError

from db.engine import Sessions
from db.models.tickets import SubmissionKind
from db.stores import submissions
from domain.errors import Refusal, Refused
from domain.payouts import PayoutRunRequest, PayoutRunResult, cut_off, parse_month
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options

# Nobody signs in on the command line; the machine's own accounts are no business of the books.
ACTOR = "omea"


async def run(
    client: Client, database: Sessions, task_queue: str, month: str, reason: str | None
) -> PayoutRunResult:
    """Run the month, or follow the run of it that is open, and answer what it did.

    A month already run is run again, and pays only what is missing. Raises `Refused(INVALID_MONTH)` or
    `Refused(FUTURE_MONTH)`.
    """
    wanted = parse_month(month)
    cut_off(wanted, datetime.now(UTC))
    request = PayoutRunRequest(
        month=str(wanted),
        key=f"hand:{uuid4()}",
        actor_id=ACTOR,
        reason_id=await _kept(database, reason) if reason else None,
    )
    handle = await client.start_workflow(
        PayoutRunWorkflow.run,
        request,
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        **start_options(request),
    )
    try:
        return await handle.result()
    except WorkflowFailureError as failed:
        cause = failed.cause
        if isinstance(cause, ApplicationError) and cause.type in set(Refusal):
            raise Refused(Refusal(cause.type)) from None
        raise


async def _kept(database: Sessions, reason: str) -> str:
    async with database.begin() as session:
        return await submissions.keep(session, None, SubmissionKind.PAYOUT_REASON, reason=reason)
