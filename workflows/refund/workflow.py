"""A refund case: the team rules, the money goes back, and is watched until it cannot come back any more."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.failures import refusal
from activities.refunds import RefundActivities
from domain.errors import Refusal, Refused
from domain.messages import Actor, Ask, AskBecause
from domain.notices import Notice
from domain.refunds import (
    CheckRefund,
    OpenRefund,
    RefundAnswer,
    RefundAsked,
    RefundRequest,
    RefundRuled,
    RefundStatus,
    ResumedRefund,
    RuleRefund,
    SendRefund,
    SettleRefund,
    TransferState,
)
from domain.ticket_steps import Act
from domain.tickets import Role
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.messenger import Messenger
from workflows.options import DATABASE, PROVIDER
from workflows.papers import make_document

SYSTEM = Actor(id="system", role=Role.SYSTEM)
# A bank may give a refund back to us within about a month (a card that was closed); the provider tells us
# then, and every week we look by ourselves.
WATCHED = timedelta(days=30)
LOOK = timedelta(days=7)
# The provider had not enough of our money, or a bank has it until it has decided: tomorrow is another day.
WORTH_ANOTHER_TRY = frozenset({"balance_insufficient", "insufficient_funds", "charge_disputed"})


@workflow.defn(name="Refund")
class RefundWorkflow:
    @workflow.init
    def __init__(self, request: RefundRequest) -> None:
        self._request = request
        self._status: RefundStatus | None = None
        self._lock = asyncio.Lock()
        self._messenger = Messenger(request.ticket, request.deadlines, request.hours)
        self._attempt = 0
        self._failure: str | None = None
        self._refused: ActivityError | None = None
        self._try_again = False
        self._news = False

    @workflow.run
    async def run(self, request: RefundRequest) -> str:
        """Answers how it ended: refused, or refunded. Fails with the refusal of a case that may not be."""
        try:
            await self._open()
        except ActivityError as refused:
            # Whoever asked is told so first; then there is no such case.
            self._refused = refused
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise
        if request.resumed is not None:
            await self._go_on(request.resumed)
        await self._await_ruling()
        while self._status in {RefundStatus.SENDING, RefundStatus.FAILED}:
            if await self._send():
                await self._await_money()
                await self._watch()
            await self._await_help()
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._messenger.everyone_told()
        return str(self._status)

    # What people ask.

    @workflow.update(description=steps.REFUND_OPENED)
    async def opened(self, asked: RefundAsked) -> RefundAnswer:
        """Answers once the case is committed. Somebody else's is not theirs."""
        await workflow.wait_condition(lambda: self._status is not None or self._refused is not None)
        if self._refused is not None:
            raise self._refused
        if asked.submission_id != self._request.submission_id:
            raise refusal(Refused(Refusal.REFUND_OPEN))
        return self._answer()

    @workflow.update(description=steps.REFUND_RULING)
    async def ruling(self, ruled: RefundRuled) -> RefundAnswer:
        async with self._accepting(ruled.actor, lambda: self._status is RefundStatus.OPEN) as act:
            found = await workflow.execute_activity_method(
                RefundActivities.rule_refund,
                RuleRefund(act, self._request.invoice, self._request.n, ruled),
                summary=steps.CREDITED,
                **DATABASE,
            )
            self._status = RefundStatus.SENDING if found.amount_cents else RefundStatus.REFUSED
            self._messenger.tell(Notice.REFUND_RULED, str(self._request.n))
            for technician_id in found.technicians:
                self._messenger.tell(Notice.GAIN_CORRECTED, f"refund:{self._request.n}", technician_id)
            if found.credit_note is not None:
                self._messenger.beside(self._issue(found.credit_note))
        return self._answer()

    @workflow.update(description=steps.REFUND_AGAIN)
    async def retry(self, ask: Ask) -> RefundAnswer:
        async with self._accepting(ask.actor, lambda: self._status is RefundStatus.FAILED):
            self._try_again = True
        return self._answer()

    @workflow.update(description=steps.REFUND_ELSEWHERE)
    async def settle(self, asked: AskBecause) -> RefundAnswer:
        """The team gave the money back from our bank."""
        async with self._accepting(asked.actor, lambda: self._status is RefundStatus.FAILED) as act:
            await workflow.execute_activity_method(
                RefundActivities.settle_refund,
                SettleRefund(act, self._request.invoice, self._request.n, str(asked.submission_id)),
                summary=steps.REFUND_BY_BANK,
                **DATABASE,
            )
            self._status = RefundStatus.REFUNDED
            self._messenger.tell(Notice.REFUND_BY_BANK, str(self._request.n))
        return self._answer()

    @workflow.signal(description=steps.PROVIDER_NEWS)
    def refund_news(self) -> None:
        """No more than a hint to look."""
        self._news = True

    @asynccontextmanager
    async def _accepting(self, actor: Actor, possible: Callable[[], bool]) -> AsyncIterator[Act]:
        """One act at a time; what was possible when it was asked is looked at again when it is its turn."""
        update = workflow.current_update_info()
        if update is None:
            raise RuntimeError("an act is accepted by its update's handler only")
        await workflow.wait_condition(lambda: self._status is not None)
        async with self._lock:
            if not possible():
                raise refusal(Refused(Refusal.REFUND_CLOSED))
            yield self._act(update.id, actor)

    # What follows.

    async def _issue(self, credit_note: str) -> None:
        await make_document(credit_note, self._messenger, self._request.deadlines.repeat_alert)
        self._messenger.tell(Notice.CREDIT_NOTE_ISSUED, credit_note)

    async def _open(self) -> None:
        request = self._request
        act = self._act(f"refund:{request.invoice}:{request.n}", request.actor)
        await workflow.execute_activity_method(
            RefundActivities.open_refund,
            OpenRefund(act, request.invoice, request.n, request.submission_id),
            summary=steps.REFUND_OPENED,
            **DATABASE,
        )
        self._status = RefundStatus.OPEN
        self._messenger.tell(Notice.REFUND_ASKED, str(request.n))

    async def _go_on(self, known: ResumedRefund) -> None:
        """From what the database knows, when Temporal has forgotten: what was sent is watched, and nothing is
        sent for it again."""
        self._status, self._attempt, self._failure = known.status, known.attempt, known.failure
        if known.sent:
            await self._await_money()
            await self._watch()
        await self._await_help()

    async def _await_ruling(self) -> None:
        first = self._request.hours.add_working_time(workflow.now(), self._request.deadlines.suspension)
        reminder = Deadline(
            first,
            wording.NOTICE[Notice.REFUND_WAITING],
            self._remind,
            again=lambda at: at + self._request.deadlines.repeat_alert,
        )
        await wait(lambda: self._status is not RefundStatus.OPEN, [reminder])

    async def _remind(self) -> None:
        self._messenger.tell(Notice.REFUND_WAITING, f"{self._request.n}:{self._now()}")

    async def _send(self) -> bool:
        """True when the provider took it: then it may wait there, and come back."""
        async with self._lock:
            # Settled by our own bank meanwhile, nothing more is sent; while it is, nobody settles it.
            if self._status not in {RefundStatus.SENDING, RefundStatus.FAILED}:
                return False
            self._status = RefundStatus.SENDING
        self._attempt += 1
        self._try_again = False
        invoice, n = self._request.invoice, self._request.n
        sent = await workflow.execute_activity_method(
            RefundActivities.send_refund,
            SendRefund(self._act(f"refund_sent:{invoice}:{n}:{self._attempt}"), invoice, n, self._attempt),
            summary=steps.refund(self._attempt),
            **PROVIDER,
        )
        self._failure = sent.failure
        if sent.failure is not None:
            self._status = RefundStatus.FAILED
        elif not sent.waiting:
            self._status = RefundStatus.REFUNDED
        return sent.failure is None and not sent.needless

    async def _await_money(self) -> None:
        """Until the provider has enough of ours to send it: the team is told each day."""
        while self._status is RefundStatus.SENDING:
            self._messenger.tell(Notice.REFUND_UNFUNDED, f"{self._request.n}:{workflow.now():%Y-%m-%d}")
            look = workflow.now() + self._request.deadlines.repeat_alert
            await self._await_news(look)

    async def _watch(self) -> None:
        """Until the money cannot come back any more."""
        until = workflow.now() + WATCHED
        while self._status is RefundStatus.REFUNDED and workflow.now() < until:
            await self._await_news(min(workflow.now() + LOOK, until))

    async def _await_news(self, look: datetime) -> None:
        """Then look what has become of it; by ourselves at that time."""
        await wait(lambda: self._news, [Deadline(look, wording.REFUND_WATCHED, self._look)])
        # Before we look, for what comes meanwhile asks for another look.
        self._news = False
        await self._check()

    async def _look(self) -> None:
        self._news = True

    async def _check(self) -> None:
        invoice, n = self._request.invoice, self._request.n
        seen = await workflow.execute_activity_method(
            RefundActivities.check_refund,
            CheckRefund(self._act(f"refund_seen:{invoice}:{n}:{self._attempt}"), invoice, n, self._attempt),
            summary=steps.REFUND_READ,
            **PROVIDER,
        )
        self._failure = seen.failure
        match seen.state:
            case TransferState.SENT:
                self._status = RefundStatus.REFUNDED
            case TransferState.FAILED:
                self._status = RefundStatus.FAILED

    async def _await_help(self) -> None:
        """The team is told at once, then daily; what only lacked money is tried again each day."""
        if self._status is not RefundStatus.FAILED:
            return

        async def tell_again() -> None:
            self._messenger.tell(Notice.REFUND_FAILED, f"{self._request.n}:{self._now()}")
            self._try_again = self._try_again or self._failure in WORTH_ANOTHER_TRY

        self._messenger.tell(Notice.REFUND_FAILED, f"{self._request.n}:{self._attempt}")
        again = self._request.deadlines.repeat_alert
        reminder = Deadline(
            workflow.now() + again,
            wording.NOTICE[Notice.REFUND_FAILED],
            tell_again,
            again=lambda at: at + again,
        )
        await wait(lambda: self._try_again or self._status is not RefundStatus.FAILED, [reminder])

    def _act(self, key: str, actor: Actor = SYSTEM) -> Act:
        return Act(ticket=self._request.ticket, key=key, at=workflow.now(), actor=actor)

    def _answer(self) -> RefundAnswer:
        if self._status is None:
            raise RuntimeError("nothing is answered before the case is open")
        return RefundAnswer(self._status)

    def _now(self) -> str:
        return workflow.now().isoformat(timespec="seconds")
