"""Running a month's payouts by hand, as finance does: a preview's twin, and safe to repeat."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from api import french
from db.engine import Sessions
from db.models.tickets import SubmissionKind
from db.reads.payout_previews import month_due
from db.stores import submissions
from deploy.accounts import reading
from deploy.amounts import euros
from deploy.settings import Settings
from domain.errors import Refusal, Refused
from domain.ids import payout_run_workflow_id
from domain.opening_hours import PARIS
from domain.payouts import PayoutRunRequest, PayoutRunResult, cut_off, parse_month
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options

# Nobody signs in on the command line; the machine's own accounts are no business of the books.
ACTOR = "omea"


async def run(
    client: Client,
    database: Sessions,
    task_queue: str,
    month: str,
    reason: str | None,
    *,
    technician: str | None = None,
    waiting: Callable[[], object] = lambda: None,
) -> PayoutRunResult:
    """Run the month, or one technician's part of it, and answer what this run did.

    A month already run is run again, and pays only what is missing. A run of it that somebody else has open
    may stop short of what this one is to pay: `waiting` is called, and its end waited for. Raises
    `Refused(INVALID_MONTH)` or `Refused(FUTURE_MONTH)`.
    """
    wanted = parse_month(month)
    cut_off(wanted, datetime.now(UTC))
    request = PayoutRunRequest(
        month=str(wanted),
        key=f"hand:{uuid4()}",
        actor_id=ACTOR,
        reason_id=await _kept(database, reason) if reason else None,
        technician_id=technician,
    )
    handle = await _start(client, task_queue, request, waiting)
    try:
        return await handle.result()
    except WorkflowFailureError as failed:
        cause = failed.cause
        if isinstance(cause, ApplicationError) and cause.type in set(Refusal):
            raise Refused(Refusal(cause.type)) from None
        raise


async def _start(
    client: Client, task_queue: str, request: PayoutRunRequest, waiting: Callable[[], object]
) -> WorkflowHandle[PayoutRunWorkflow, PayoutRunResult]:
    """The server knows a start sent twice, its answer lost, as one: a run that it finds open is not ours."""
    while True:
        try:
            return await client.start_workflow(
                PayoutRunWorkflow.run,
                request,
                task_queue=task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                **start_options(request),
            )
        except WorkflowAlreadyStartedError:
            waiting()
            # However it ends, ours comes after it.
            with suppress(WorkflowFailureError):
                await client.get_workflow_handle(payout_run_workflow_id(request.month)).result()


async def _kept(database: Sessions, reason: str) -> str:
    async with database.begin() as session:
        return await submissions.keep(session, None, SubmissionKind.PAYOUT_REASON, reason=reason)


async def preview(settings: Settings, month: str, show: Callable[[str], None]) -> None:
    """What a run would do now, a technician a line. Raises `Refused(INVALID_MONTH)` or
    `Refused(FUTURE_MONTH)`."""
    wanted, now = parse_month(month), datetime.now(UTC)
    until = cut_off(wanted, now)
    async with reading(settings) as session:
        due = await month_due(session, wanted, until, now)
    for one in due:
        reasons = [french.PAYOUT_FAILURES[hold] for hold in one.holds]
        reasons += [french.CARRIED_OVER[one.carried_over]] if one.carried_over else []
        show(f"  {one.technician_id}  {euros(one.due_cents):>12}  {', '.join(reasons)}".rstrip())
    total = euros(sum(one.due_cents for one in due))
    before = f"{until.astimezone(PARIS):%d/%m/%Y %H:%M}"
    show(f"à verser pour {wanted} : {total} (gains acceptés avant le {before})")
