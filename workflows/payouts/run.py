"""A month's payout run: every technician to whom something is due, each in a workflow of their own."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import VersioningBehavior
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    WorkflowAlreadyStartedError,
    is_cancelled_exception,
)

from activities.bank import BankActivities
from activities.issuing import DocumentActivities
from activities.payouts import PayoutActivities
from domain.bank_steps import MakeTransferFile
from domain.billing_steps import MakeDocument
from domain.errors import Refused
from domain.payout_steps import (
    DOCUMENT_MISSING,
    INTERRUPTED,
    FindStatements,
    FinishRun,
    OpenRun,
    RunOpened,
    StatementToWrite,
    TechnicianOrder,
)
from domain.payouts import (
    BALANCE_INSUFFICIENT,
    PayoutRunProgress,
    PayoutRunRequest,
    PayoutRunResult,
    Tally,
    TechnicianPaid,
    cut_off,
    parse_month,
)
from workflows import steps
from workflows.options import DATABASE, STATEMENT, TRANSFER_FILE
from workflows.payouts import wording
from workflows.payouts.starting import technician_start_options
from workflows.payouts.technician import TechnicianPayoutWorkflow

# Enough to pay a thousand technicians in minutes, and few enough for the provider's rate limits.
AT_ONCE = 10
# Clients' payments become available at the provider some days after they were made.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(hours=12)


# A month's money is moved by the code that began it, from the first technician to the last.
@workflow.defn(name="PayoutRun", versioning_behavior=VersioningBehavior.PINNED)
class PayoutRunWorkflow:
    @workflow.init
    def __init__(self, request: PayoutRunRequest) -> None:
        self._request = request
        self._paid = list(request.done)
        self._tally = Tally.of(self._paid)
        self._opened: RunOpened | None = None
        self._technicians = 0
        self._waits_until: datetime | None = None

    @workflow.run
    async def run(self, request: PayoutRunRequest) -> PayoutRunResult:
        opened = await self._open()
        await self._pay_technicians(opened)
        await self._await_balance(opened)
        file = await self._make_file()
        await self._write_statements(opened)
        await self._finish()
        return PayoutRunResult(
            month=request.month,
            n=opened.n,
            technicians=tuple(sorted(self._paid, key=lambda one: one.technician_id)),
            file=file,
        )

    @workflow.query(description=steps.PROGRESS)
    def progress(self) -> PayoutRunProgress | None:
        """None until it is open."""
        if self._opened is None:
            return None
        return PayoutRunProgress(self._opened.n, self._technicians, tuple(self._paid), self._waits_until)

    async def _open(self) -> RunOpened:
        return await workflow.execute_activity_method(
            PayoutActivities.open_run,
            OpenRun(self._request, self._cut_off(), workflow.now()),
            summary=wording.OPEN_RUN,
            **DATABASE,
        )

    def _cut_off(self) -> datetime:
        try:
            return cut_off(parse_month(self._request.month), workflow.now())
        except Refused as refused:
            raise ApplicationError(
                refused.code.value, refused.details, type=refused.code.value, non_retryable=True
            ) from None

    async def _pay_technicians(self, opened: RunOpened) -> None:
        """A bounded number at once, all of them done before anything else happens. A history grown too long
        continues as new: opened again under its key the run is the same, and passes by those done."""
        done = {one.technician_id for one in self._paid}
        waiting = [technician for technician in opened.technicians if technician not in done]
        total = len(done) + len(waiting)
        left = iter(waiting)
        self._opened, self._technicians = opened, total
        self._show()

        async def pay_the_waiting() -> None:
            for technician_id in left:
                order = TechnicianOrder(self._request.month, technician_id, opened.cut_off)
                paid = await self._pay(order)
                self._paid.append(paid)
                self._tally.add(paid)
                self._show()
                if workflow.info().is_continue_as_new_suggested():
                    return

        await asyncio.gather(*(pay_the_waiting() for _ in range(AT_ONCE)))
        if len(self._paid) < total:
            workflow.continue_as_new(replace(self._request, done=tuple(self._paid)))

    async def _await_balance(self, opened: RunOpened) -> None:
        """Those whom the provider could not pay for lack of our money are tried again, ever more rarely,
        while clients' payments arrive. Nothing else waits for it: the others are paid."""
        pause, until = FIRST_PAUSE, self._request.waits_until
        while until is not None and workflow.now() + pause <= until:
            short = [one for one in self._paid if one.failure == BALANCE_INSUFFICIENT]
            if not short:
                return
            self._waits_until = until
            self._show()
            await workflow.sleep(pause, summary=wording.BALANCE_AWAITED)
            self._waits_until = None
            self._take(one for one in self._paid if one.failure != BALANCE_INSUFFICIENT)
            await self._pay_technicians(opened)
            earlier = {one.technician_id: one.paid_cents for one in short}
            self._take(
                replace(one, paid_cents=one.paid_cents + earlier.get(one.technician_id, 0))
                for one in self._paid
            )
            pause = min(2 * pause, LONGEST_PAUSE)

    def _take(self, paid: Iterable[TechnicianPaid]) -> None:
        self._paid = list(paid)
        self._tally = Tally.of(self._paid)

    def _show(self) -> None:
        """In the Temporal UI."""
        if self._opened is not None:
            n, total, until = self._opened.n, self._technicians, self._waits_until
            workflow.set_current_details(wording.run_progress(n, total, self._tally, until))

    async def _pay(self, order: TechnicianOrder) -> TechnicianPaid:
        """Whatever happens to one technician is a line of the result, and stops nobody else."""
        try:
            return await workflow.execute_child_workflow(
                TechnicianPayoutWorkflow.run, order, **technician_start_options(order)
            )
        except ChildWorkflowError as failed:
            return TechnicianPaid(order.technician_id, 0, _code(failed))
        except WorkflowAlreadyStartedError:
            # Left over from a run that was terminated: it goes on by itself, and must not be doubled.
            return TechnicianPaid(order.technician_id, 0, INTERRUPTED)

    async def _make_file(self) -> str | None:
        """What was ordered at the bank, and what an earlier run has left: the file is for finance to hand in.
        None when there is nothing; when it could not be made, a rerun makes it, and the team is told of what
        waits."""
        try:
            made = await workflow.execute_activity_method(
                BankActivities.make_transfer_file,
                MakeTransferFile(self._request.month, self._request.key, workflow.now()),
                summary=wording.TRANSFER_FILE,
                **TRANSFER_FILE,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            return None
        return made.message_id

    async def _write_statements(self, opened: RunOpened) -> None:
        """The statement is what was claimed, and its document comes after the money: no page may keep a
        technician waiting. One that cannot be made is a line of the result, and a rerun makes it."""
        message = FindStatements(self._request.month, self._request.technician_id)
        found = await workflow.execute_activity_method(
            PayoutActivities.statements_to_write, message, summary=wording.FIND_STATEMENTS, **DATABASE
        )
        left, missing = iter(found), set[str]()

        async def write_the_waiting() -> None:
            for statement in left:
                if not await self._write(statement):
                    missing.add(statement.technician_id)
                if len(missing) >= AT_ONCE or workflow.info().is_continue_as_new_suggested():
                    return

        await asyncio.gather(*(write_the_waiting() for _ in range(AT_ONCE)))
        if next(left, None) is not None and len(missing) < AT_ONCE:
            workflow.continue_as_new(replace(self._request, done=tuple(self._paid)))
        self._take(
            replace(one, failure=DOCUMENT_MISSING)
            if one.technician_id in missing and one.failure is None
            else one
            for one in self._paid
        )
        self._show()

    async def _write(self, statement: StatementToWrite) -> bool:
        try:
            await workflow.execute_activity_method(
                DocumentActivities.make_document,
                MakeDocument(statement.number, workflow.now()),
                summary=wording.STATEMENT,
                **STATEMENT,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            return False
        return True

    async def _finish(self) -> None:
        await workflow.execute_activity_method(
            PayoutActivities.finish_run,
            FinishRun(self._request.key, workflow.now()),
            summary=wording.FINISH_RUN,
            **DATABASE,
        )


def _code(failure: BaseException) -> str:
    """The code of the error at the root; a termination or a time-out has none."""
    cause: BaseException | None = failure
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    return (cause.type if cause else None) or INTERRUPTED
