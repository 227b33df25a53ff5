"""The workflows, as the API starts and asks them."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.codes import ApiCode
from api.errors import Problem
from api.temporal import RPC_TIMEOUT, Temporal, problem_of
from domain.admissions import AdmissionLetterRequest
from domain.bank_steps import BankMessageApplied, BankMessageRequest
from domain.cards import CardPageOpened, CardRequest
from domain.chargebacks import ChargebackAnswer
from domain.contests import ContestAnswered, ContestAsked, ContestRequest, ContestStanding
from domain.erasures import ErasureOpened, ErasureRequest, ErasureWithdrawn
from domain.errors import Refusal
from domain.ids import (
    chargeback_workflow_id,
    contest_workflow_id,
    erasure_workflow_id,
    payout_run_workflow_id,
    refund_workflow_id,
    ticket_workflow_id,
)
from domain.messages import Actor, Answer, Ask, TicketRequest
from domain.payees import AccountPageOpened, AccountPageRequest
from domain.payouts import PayoutRunProgress, PayoutRunRequest, PayoutRunResult
from domain.refunds import RefundAnswer, RefundAsked, RefundRequest
from domain.reversals import TakeBackAsked, TransferRequest
from domain.sign_ins import SignInRequest
from domain.tickets import Command
from workflows.account.page import AccountPageWorkflow
from workflows.account.starting import page_start_options
from workflows.admission.starting import start_options as admission_start_options
from workflows.admission.workflow import AdmissionLetterWorkflow
from workflows.bank.message import BankMessageWorkflow
from workflows.bank.starting import start_options as bank_start_options
from workflows.card.starting import start_options as card_start_options
from workflows.card.workflow import CardWorkflow
from workflows.contest.starting import start_options as contest_start_options
from workflows.contest.workflow import StatementContestWorkflow
from workflows.erasure.starting import start_options as erasure_start_options
from workflows.erasure.workflow import ErasureWorkflow
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options as payout_start_options
from workflows.refund.starting import start_options as refund_start_options
from workflows.refund.workflow import RefundWorkflow
from workflows.sign_in.starting import start_options as sign_in_start_options
from workflows.sign_in.workflow import SignInLinkWorkflow
from workflows.ticket.starting import start_options as ticket_start_options
from workflows.ticket.workflow import TicketWorkflow
from workflows.transfer.starting import start_options as transfer_start_options
from workflows.transfer.workflow import TransferWorkflow

# A month is paid in a second or two; a longer run is looked up afterwards.
RUN_SECONDS = 3.0
# Under this name a run remembers which request started it.
RUN_KEY = "request_key"

AnswerType = TypeVar("AnswerType")


# A process that is over is not begun anew; or only where it failed, which is a refusal that has left nothing.
ONCE = {"id_reuse_policy": WorkflowIDReusePolicy.REJECT_DUPLICATE}
UNLESS_REFUSED = {"id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY}


@dataclass(frozen=True)
class Begun:
    """A process to begin unless it runs: its `run`, its input, and the rest of what it is started with."""

    run: Callable[..., Any]
    request: object
    options: dict[str, Any]


@dataclass(frozen=True)
class RunStarted:
    """`result` is None while the run goes on, or when another run of the month has come since."""

    result: PayoutRunResult | None


class Workflows:
    def __init__(self, temporal: Temporal, task_queue: str, public_url: str) -> None:
        self._temporal = temporal
        self._task_queue = task_queue
        self._public_url = public_url

    async def temporal_answers(self) -> bool:
        return await self._temporal.answers()

    async def has_worker(self) -> bool:
        return await self._temporal.has_worker(self._task_queue)

    async def act(self, number: str, command: Command, argument: object, update_id: str) -> Answer:
        """Ask a ticket; its answer comes once what it says is committed. Raises `Problem` or `Refused`."""
        return await self._asked(
            ticket_workflow_id(number), command.value, argument, update_id, Answer, Refusal.TICKET_CLOSED
        )

    async def open_ticket(self, request: TicketRequest, actor: Actor, update_id: str) -> None:
        """Start the ticket's workflow, unless it was started before, and wait until it is booked or lost. One
        that is over was booked long ago, and the database has it."""
        begun = Begun(
            TicketWorkflow.run, request, {**ticket_start_options(request, self._public_url), **ONCE}
        )
        await self._begin(begun, "booked", [Ask(actor)], update_id, Answer)

    async def open_refund(self, request: RefundRequest, update_id: str) -> None:
        """Start the case, unless it was started before, and wait until it is committed. Raises the refusal of
        a case that may not be, or that is somebody else's; of one that is over the rows say how."""
        begun = Begun(RefundWorkflow.run, request, {**refund_start_options(request), **UNLESS_REFUSED})
        await self._begin(begun, "opened", [RefundAsked(request.submission_id)], update_id, RefundAnswer)

    async def act_on_refund(
        self, invoice: str, n: int, command: str, argument: object, update_id: str
    ) -> RefundAnswer:
        """Ask a case; its answer comes once what it says is committed. Raises `Problem` or `Refused`."""
        return await self._asked(
            refund_workflow_id(invoice, n), command, argument, update_id, RefundAnswer, Refusal.REFUND_CLOSED
        )

    async def act_on_chargeback(
        self, reference: str, command: str, argument: object, update_id: str
    ) -> ChargebackAnswer:
        """Its answer comes once what it says is committed. Raises `Problem` or `Refused`."""
        workflow_id, over = chargeback_workflow_id(reference), Refusal.CHARGEBACK_CLOSED
        return await self._asked(workflow_id, command, argument, update_id, ChargebackAnswer, over)

    async def open_contest(self, request: ContestRequest, update_id: str) -> None:
        """Start the contest, unless it was started before, and wait until it is committed. Raises the refusal
        of a statement that is contested by another request; that of one which is over is in its row."""
        begun = Begun(
            StatementContestWorkflow.run, request, {**contest_start_options(request), **UNLESS_REFUSED}
        )
        await self._begin(begun, "opened", [ContestAsked(request.submission_id)], update_id, ContestStanding)

    async def answer_contest(self, statement: str, answered: ContestAnswered, update_id: str) -> None:
        """Answered once what it says is committed. Raises `Problem` or `Refused`."""
        workflow_id, over = contest_workflow_id(statement), Refusal.CONTEST_ANSWERED
        await self._asked(workflow_id, "answer", answered, update_id, ContestStanding, over)

    async def open_card_page(self, workflow_id: str, request: CardRequest, update_id: str) -> CardPageOpened:
        begun = Begun(CardWorkflow.run, request, {"id": workflow_id, **card_start_options(request), **ONCE})
        page = await self._begin(begun, "page", [], update_id, CardPageOpened)
        if page is None:
            raise Problem(ApiCode.CARD_PAGE_CLOSED)
        return page

    async def open_account_page(self, request: AccountPageRequest, request_id: str) -> AccountPageOpened:
        """The same link for the same request, for some days. Raises `Problem(PROVIDER_AWAY)`."""
        begun = Begun(AccountPageWorkflow.run, request, {**page_start_options(request, request_id)})
        page = await self._begin(begun, "page", [], request_id, AccountPageOpened, Refusal.PROVIDER_AWAY)
        if page is None:
            raise Problem(ApiCode.ACCOUNT_PAGE_CLOSED)
        return page

    async def run_payouts(self, request: PayoutRunRequest) -> RunStarted:
        """Start a run, or find the one that this same key started. Waits a little for its result.

        Raises `Problem(RUN_IN_PROGRESS)` while a run that something else asked for is open.
        """
        async with self._temporal.bounded() as client:
            try:
                handle: WorkflowHandle[Any, PayoutRunResult] = await client.start_workflow(
                    PayoutRunWorkflow.run,
                    request,
                    task_queue=self._task_queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                    memo={RUN_KEY: request.key},
                    rpc_timeout=RPC_TIMEOUT,
                    **payout_start_options(request),
                )
            except WorkflowAlreadyStartedError:
                if not await self._asked_the_latest_run(client, request):
                    raise Problem(Refusal.RUN_IN_PROGRESS) from None
                handle = client.get_workflow_handle_for(
                    PayoutRunWorkflow.run, payout_run_workflow_id(request.month)
                )
        return RunStarted(await self._result_soon(handle))

    async def follow_payouts(self, request: PayoutRunRequest) -> RunStarted:
        """The result of a run started before, if it is still the month's latest."""
        async with self._temporal.bounded() as client:
            if not await self._asked_the_latest_run(client, request):
                return RunStarted(None)
            handle: WorkflowHandle[Any, PayoutRunResult] = client.get_workflow_handle_for(
                PayoutRunWorkflow.run, payout_run_workflow_id(request.month)
            )
        return RunStarted(await self._result_soon(handle))

    async def payout_progress(self, month: str) -> PayoutRunProgress | None:
        """Of the run of that month that is open now; None when none is, or it has just begun."""
        async with self._temporal.bounded() as client:
            handle = client.get_workflow_handle(payout_run_workflow_id(month))
            try:
                described = await handle.describe(rpc_timeout=RPC_TIMEOUT)
                if described.status is not WorkflowExecutionStatus.RUNNING:
                    return None
                progress: PayoutRunProgress | None = await handle.query(
                    "progress", result_type=PayoutRunProgress, rpc_timeout=RPC_TIMEOUT
                )
                return progress
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    return None
                raise

    async def apply_bank_message(self, request: BankMessageRequest) -> BankMessageApplied | None:
        """Have a message read that is kept, unless it is being read; None while that goes on."""
        async with self._temporal.bounded() as client:
            handle: WorkflowHandle[Any, BankMessageApplied] = await client.start_workflow(
                BankMessageWorkflow.run,
                request,
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                rpc_timeout=RPC_TIMEOUT,
                **bank_start_options(request),
            )
        return await self._result_soon(handle)

    async def take_back(self, payout: str, asked: TakeBackAsked, update_id: str) -> None:
        """Have a payout's transfer taken back; answers once that is committed. Raises `Problem`."""
        request = TransferRequest(payout)
        begun = Begun(TransferWorkflow.run, request, {**transfer_start_options(request)})
        await self._begin(begun, "take_back", [asked], update_id, type(None), Refusal.PROVIDER_AWAY)

    async def open_erasure(self, request: ErasureRequest, update_id: str) -> None:
        """Start it, unless it was started before, and wait until it, or the one that another request has
        opened meanwhile, is committed. Raises `Problem`."""
        begun = Begun(ErasureWorkflow.run, request, {**erasure_start_options(request), **ONCE})
        await self._begin(begun, "opened", [], update_id, ErasureOpened, Refusal.ERASURE_OVER)

    async def withdraw_erasure(
        self, person_id: str, key: str, withdrawn: ErasureWithdrawn, update_id: str
    ) -> None:
        """Answered once that is committed. Raises `Problem`, and the refusal of one that is over."""
        workflow_id, over = erasure_workflow_id(person_id, key), Refusal.ERASURE_OVER
        await self._asked(workflow_id, "withdraw", withdrawn, update_id, type(None), over)

    async def send_sign_in_link(self, request: SignInRequest) -> None:
        """Have it mailed. Answers before it is, whoever it is for."""
        async with self._temporal.bounded() as client:
            await client.start_workflow(
                SignInLinkWorkflow.run,
                request,
                task_queue=self._task_queue,
                rpc_timeout=RPC_TIMEOUT,
                **sign_in_start_options(request),
            )

    async def send_admission_letter(self, request: AdmissionLetterRequest) -> None:
        """Have it mailed, once. Answers before it is, whoever it is for. Asked for again, it is tried again
        if it could not be sent."""
        async with self._temporal.bounded() as client:
            # One that runs, or has sent it, is the same mail; one that failed is begun anew.
            with suppress(WorkflowAlreadyStartedError):
                await client.start_workflow(
                    AdmissionLetterWorkflow.run,
                    request,
                    task_queue=self._task_queue,
                    rpc_timeout=RPC_TIMEOUT,
                    **admission_start_options(request),
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                )

    async def _asked_the_latest_run(self, client: Client, request: PayoutRunRequest) -> bool:
        handle = client.get_workflow_handle(payout_run_workflow_id(request.month))
        try:
            description = await handle.describe(rpc_timeout=RPC_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return await description.memo_value(RUN_KEY, None, type_hint=str) == request.key

    async def _begin(
        self,
        begun: Begun,
        update: str,
        said: Sequence[object],
        update_id: str,
        answer_type: type[AnswerType],
        ended: Refusal = Refusal.TICKET_CLOSED,
    ) -> AnswerType | None:
        """Begin a process unless it runs, and ask it; None when it is over and may not be begun anew. Raises
        `Problem`, or the refusal that came: `ended` from one that ended before it answered."""
        async with self._temporal.bounded(ended) as client:
            operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
                begun.run,
                begun.request,
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                **begun.options,
            )
            try:
                answer: AnswerType = await client.execute_update_with_start_workflow(
                    update,
                    args=said,
                    start_workflow_operation=operation,
                    id=update_id,
                    result_type=answer_type,
                    rpc_timeout=RPC_TIMEOUT,
                )
            except WorkflowAlreadyStartedError:
                return None
            return answer

    async def _asked(
        self,
        workflow_id: str,
        command: str,
        argument: object,
        update_id: str,
        answer_type: type[AnswerType],
        over: Refusal,
    ) -> AnswerType:
        """`over` is the refusal by a workflow that has ended: that it was begun, its rows say."""
        async with self._temporal.bounded(over) as client:
            handle = client.get_workflow_handle(workflow_id)
            try:
                answer: AnswerType = await handle.execute_update(
                    command, argument, id=update_id, result_type=answer_type, rpc_timeout=RPC_TIMEOUT
                )
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    raise Problem(over) from None
                raise
            return answer

    async def _result_soon(self, handle: WorkflowHandle[Any, AnswerType]) -> AnswerType | None:
        try:
            async with asyncio.timeout(RUN_SECONDS):
                return await handle.result()
        except (TimeoutError, RPCError, RPCTimeoutOrCancelledError):
            return None
        except WorkflowFailureError as failed:
            raise problem_of(failed) from None
