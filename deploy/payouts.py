"""Running a month's payouts by hand, as finance does: a preview's twin, and safe to repeat."""

from uuid import uuid4

from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError

from domain.errors import Refusal, Refused
from domain.payouts import PayoutRunRequest, PayoutRunResult, parse_month
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options


async def run(client: Client, task_queue: str, month: str, reason: str | None, actor: str) -> PayoutRunResult:
    """Run the month, or follow the run of it that is open, and answer what it did.

    A month already run is run again, and pays only what is missing. Raises `Refused(INVALID_MONTH)` or
    `Refused(FUTURE_MONTH)`.
    """
    request = PayoutRunRequest(
        month=str(parse_month(month)), key=f"hand:{uuid4()}", actor_id=actor, reason=reason
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
