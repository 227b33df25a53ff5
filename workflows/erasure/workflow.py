"""Leaving: 30 days to change one's mind, all of it settled, then erased, forgotten elsewhere, certified."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.erasures import ErasureActivities
from activities.failures import refusal
from domain.erasures import (
    LOOKED_AT_EVERY,
    REFLECTION,
    Erase,
    ErasureMail,
    ErasureOpened,
    ErasureRequest,
    ErasureWithdrawn,
    OfErasure,
    Settled,
    TellOfErasure,
    WithdrawErasure,
)
from domain.errors import Refusal, Refused
from workflows import steps
from workflows.erasure import wording
from workflows.options import DATABASE, ERASURE, NOTICE, PROVIDER

TOLD = {
    ErasureMail.ASKED: wording.TOLD_ASKED,
    ErasureMail.WITHDRAWN: wording.TOLD_WITHDRAWN,
    ErasureMail.CERTIFICATE: wording.CERTIFICATE,
    ErasureMail.FAILED: wording.TOLD_FAILED,
}


@workflow.defn(name="Erasure")
class ErasureWorkflow:
    @workflow.init
    def __init__(self, request: ErasureRequest) -> None:
        self._request = request
        # Of the erasure that stands, which another request may have opened.
        self._key = request.key
        self._recorded = False
        self._refused: ActivityError | None = None
        self._withdrawn = False
        self._erased = False
        self._alert: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    @workflow.run
    async def run(self, _request: ErasureRequest) -> str:
        """Answers how it ended: `erased`, `withdrawn`, or `asked_before` where another request's stands.
        Fails with the refusal of one that may not be."""
        await self._open()
        if self._key != self._request.key:
            await workflow.wait_condition(workflow.all_handlers_finished)
            return "asked_before"
        acknowledged = asyncio.create_task(self._tell(ErasureMail.ASKED))
        await self._reflect()
        while not self._withdrawn and not await self._erase():
            # Some twelve events a day: ten years of it are within what Temporal keeps of a process.
            await self._wait_or_withdrawn(LOOKED_AT_EVERY.total_seconds(), wording.LOOK_AGAIN)
        await acknowledged
        await (self._acknowledge_withdrawal() if self._withdrawn else self._finish())
        if self._alert is not None:
            await self._alert
        await workflow.wait_condition(workflow.all_handlers_finished)
        return "withdrawn" if self._withdrawn else "erased"

    @workflow.update(description=steps.ERASURE_ASKED)
    async def opened(self) -> ErasureOpened:
        """Answers once an erasure of the person's is committed: asked for twice, it is one."""
        await self._begun()
        return ErasureOpened(self._key)

    @workflow.update(description=steps.ERASURE_WITHDRAWN)
    async def withdraw(self, withdrawn: ErasureWithdrawn) -> None:
        """Possible until the person is erased, however long that waits."""
        await self._begun()
        async with self._lock:
            if self._erased:
                raise refusal(Refused(Refusal.ERASURE_OVER))
            if self._withdrawn:
                return
            await workflow.execute_activity_method(
                ErasureActivities.withdraw_erasure,
                WithdrawErasure(self._key, withdrawn.actor, workflow.now()),
                summary=wording.WITHDRAWN,
                **DATABASE,
            )
            self._withdrawn = True

    async def _open(self) -> None:
        try:
            opened: ErasureOpened = await workflow.execute_activity_method(
                ErasureActivities.open_erasure, self._request, summary=wording.OPENED, **DATABASE
            )
        except ActivityError as refused:
            # Whoever asked is told so first; then there is no such erasure.
            self._refused = refused
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise
        self._key, self._recorded = opened.key, True

    async def _begun(self) -> None:
        await workflow.wait_condition(lambda: self._recorded or self._refused is not None)
        if self._refused is not None:
            raise self._refused

    async def _reflect(self) -> None:
        due_at = self._request.at + REFLECTION
        workflow.set_current_details(wording.until(due_at))
        left = (due_at - workflow.now()).total_seconds()
        if left > 0:
            await self._wait_or_withdrawn(left, wording.REFLECTION)

    async def _wait_or_withdrawn(self, seconds: float, why: str) -> None:
        try:
            await workflow.wait_condition(lambda: self._withdrawn, timeout=seconds, timeout_summary=why)
        except TimeoutError:
            return

    async def _erase(self) -> bool:
        """Whether the person is erased, or has changed their mind meanwhile."""
        async with self._lock:
            if self._withdrawn:
                return True
            try:
                settled: Settled = await workflow.execute_activity_method(
                    ErasureActivities.erase_person,
                    Erase(self._key, workflow.now()),
                    summary=wording.ERASED,
                    **ERASURE,
                )
            except ActivityError:
                # Not known to be erased: if they are, the next look finds it, and a withdrawal is refused.
                workflow.logger.error("an erasure failed and is tried again the next day")
                workflow.set_current_details(wording.FAILED)
                # Beside it: a mail server that is away locks nobody in. The team is told once.
                if self._alert is None:
                    self._alert = asyncio.create_task(self._tell(ErasureMail.FAILED))
                return False
            self._erased = not settled.outstanding
        if not self._erased:
            workflow.set_current_details(wording.waiting(settled.outstanding))
        return self._erased

    async def _finish(self) -> None:
        """The provider may be away for days, which keeps nobody's certificate back."""
        await asyncio.gather(self._forget_customer(), self._certify())
        workflow.set_current_details(wording.DONE)

    async def _forget_customer(self) -> None:
        await workflow.execute_activity_method(
            ErasureActivities.forget_customer,
            OfErasure(self._key),
            summary=wording.CUSTOMER_FORGOTTEN,
            **PROVIDER,
        )

    async def _certify(self) -> None:
        await self._tell(ErasureMail.CERTIFICATE)
        await workflow.execute_activity_method(
            ErasureActivities.forget_address,
            OfErasure(self._key),
            summary=wording.ADDRESS_FORGOTTEN,
            **DATABASE,
        )

    async def _acknowledge_withdrawal(self) -> None:
        workflow.set_current_details(wording.WAS_WITHDRAWN)
        await self._tell(ErasureMail.WITHDRAWN)

    async def _tell(self, mail: ErasureMail) -> None:
        try:
            await workflow.execute_activity_method(
                ErasureActivities.tell_of_erasure,
                TellOfErasure(self._key, mail),
                summary=TOLD[mail],
                **NOTICE,
            )
        except ActivityError:
            # Three days of trying, or an address that does not exist: what was asked goes on without.
            workflow.logger.warning("a mail about an erasure could not be sent")
