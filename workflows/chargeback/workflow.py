"""A chargeback: entered as the provider tells it, answered in time by the team or else by itself, until the
bank has decided and no money moves any more."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow

from activities.chargebacks import ChargebackActivities
from activities.failures import refusal
from domain.chargebacks import (
    OPEN,
    AnswerChargeback,
    ChargebackAct,
    ChargebackAnswer,
    ChargebackRequest,
    ChargebackSeen,
    ChargebackStatus,
    ConcedeChargeback,
    LookAtChargeback,
)
from domain.errors import Refusal, Refused
from domain.messages import Actor
from domain.notices import Notice
from domain.ticket_steps import Act
from domain.tickets import Role
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.messenger import Messenger
from workflows.options import PROVIDER
from workflows.search_attributes import TICKET_NUMBER

SYSTEM = Actor(id="system", role=Role.SYSTEM)
# The provider's notices bring us to look; once a day we look by ourselves.
LOOK = timedelta(days=1)
# Before the bank's own date: the team has until then to add what it knows, then what we have is sent.
LAST_MOMENT = timedelta(days=1)
# A payment that is none of ours is looked at again after these: ours may not be entered yet.
PATIENCE = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1), timedelta(days=2))


@workflow.defn(name="Chargeback")
class ChargebackWorkflow:
    @workflow.init
    def __init__(self, request: ChargebackRequest) -> None:
        self._request = request
        self._seen: ChargebackSeen | None = None
        self._messenger: Messenger | None = None
        self._lock = asyncio.Lock()
        self._news = False
        self._answered = False

    @workflow.run
    async def run(self, _request: ChargebackRequest) -> str:
        """Answers how it ended, or `unknown` for a payment that is none of ours."""
        if not await self._find():
            return "unknown"
        self._tell(Notice.CHARGEBACK_OPENED)
        agenda, answer_by = self._agenda(), self._answer_by()
        while not self._is_settled():
            await wait(lambda: self._news, agenda)
            # Before we read, for what comes meanwhile asks for another reading.
            self._news = False
            await self._read()
            if self._answer_by() != answer_by:
                # An inquiry has become a chargeback, which asks for an answer of its own.
                agenda, answer_by, self._answered = self._agenda(), self._answer_by(), False
                self._tell(Notice.CHARGEBACK_OPENED)
        status = self._status()
        lost = status is ChargebackStatus.LOST
        self._tell(Notice.CHARGEBACK_LOST if lost else Notice.CHARGEBACK_CLOSED)
        if self._messenger is not None and self._seen is not None:
            changed = Notice.GAIN_CORRECTED if lost else Notice.GAIN_GIVEN_BACK
            for technician_id in self._seen.technicians:
                self._messenger.tell(changed, f"chargeback:{self._request.chargeback}", technician_id)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._messenger is not None:
            await self._messenger.everyone_told()
        return str(status)

    @workflow.signal(description=steps.PROVIDER_NEWS)
    def chargeback_news(self) -> None:
        """No more than a hint to look."""
        self._news = True

    @workflow.update(description=steps.CHARGEBACK_ANSWER)
    async def answer(self, asked: ChargebackAct) -> ChargebackAnswer:
        """With the evidence we have, and what the team adds to it. A bank reads one answer."""
        async with self._lock:
            await self._answer(self._own_act(asked), asked.submission_id)
        return ChargebackAnswer(self._status())

    @workflow.update(description=steps.CHARGEBACK_GIVE_UP)
    async def concede(self, asked: ChargebackAct) -> ChargebackAnswer:
        async with self._lock:
            act = self._own_act(asked)
            self._check(self._status() in OPEN)
            await workflow.execute_activity_method(
                ChargebackActivities.concede_chargeback,
                ConcedeChargeback(act, self._request.chargeback, str(asked.submission_id)),
                summary=steps.CHARGEBACK_GIVEN_UP,
                **PROVIDER,
            )
            await self._look()
        return ChargebackAnswer(self._status())

    @answer.validator
    def check_answer(self, asked: ChargebackAct) -> None:
        self._check(not self._answered and self._status() is ChargebackStatus.TO_ANSWER)

    @concede.validator
    def check_concede(self, asked: ChargebackAct) -> None:
        self._check(self._seen is not None and self._status() in OPEN)

    async def _find(self) -> bool:
        """Whether it is about a payment of ours."""
        for pause in (timedelta(0), *PATIENCE):
            if pause:
                await workflow.sleep(pause, summary=wording.CHARGEBACK_LOOK)
            await self._read()
            if self._seen is not None and self._seen.ticket is not None:
                request = self._request
                self._messenger = Messenger(self._seen.ticket, request.deadlines, request.hours)
                workflow.upsert_search_attributes([TICKET_NUMBER.value_set(self._seen.ticket)])
                return True
        return False

    def _agenda(self) -> list[Deadline]:
        """We look every day. The team is reminded half way, and what we have is sent a day before the bank's
        own date."""
        now, by = workflow.now(), self._answer_by()
        look = Deadline(now + LOOK, wording.CHARGEBACK_LOOK, self._hint, again=lambda at: at + LOOK)
        if by is None:
            return [look]
        last = max(now, by - LAST_MOMENT)

        def over() -> bool:
            return self._answered or self._status() is not ChargebackStatus.TO_ANSWER

        async def remind() -> None:
            self._tell(Notice.CHARGEBACK_DUE)

        async def send() -> None:
            async with self._lock:
                if not over():
                    key = f"chargeback_answer:{self._request.chargeback}:{by.isoformat()}"
                    await self._answer(self._act(key), None)

        return [
            look,
            Deadline(now + (last - now) / 2, wording.NOTICE[Notice.CHARGEBACK_DUE], remind, over),
            Deadline(last, wording.CHARGEBACK_ANSWER, send, over),
        ]

    async def _answer(self, act: Act, submission_id: str | None) -> None:
        self._check(not self._answered and self._status() is ChargebackStatus.TO_ANSWER)
        await workflow.execute_activity_method(
            ChargebackActivities.answer_chargeback,
            AnswerChargeback(act, self._request.chargeback, submission_id),
            summary=steps.EVIDENCE_SENT,
            **PROVIDER,
        )
        self._answered = True
        await self._look()

    async def _look(self) -> None:
        await self._read()
        # Lets the wait go on: what was seen may have ended it, and two readings may answer in either order.
        await self._hint()

    async def _read(self) -> None:
        self._seen = await workflow.execute_activity_method(
            ChargebackActivities.look_at_chargeback,
            LookAtChargeback(self._request.chargeback, self._request.intent, workflow.now()),
            summary=steps.CHARGEBACK_READ,
            **PROVIDER,
        )

    async def _hint(self) -> None:
        self._news = True

    def _check(self, possible: bool) -> None:
        if not possible:
            raise refusal(Refused(Refusal.CHARGEBACK_CLOSED))

    def _status(self) -> ChargebackStatus:
        return self._seen.status if self._seen is not None else ChargebackStatus.TO_ANSWER

    def _answer_by(self) -> datetime | None:
        return self._seen.answer_by if self._seen is not None else None

    def _is_settled(self) -> bool:
        return self._seen is not None and self._seen.is_settled

    def _own_act(self, asked: ChargebackAct) -> Act:
        update = workflow.current_update_info()
        if update is None:
            raise RuntimeError("an act is accepted by its update's handler only")
        return self._act(update.id, asked.actor)

    def _act(self, key: str, actor: Actor = SYSTEM) -> Act:
        ticket = self._seen.ticket if self._seen is not None else None
        if ticket is None:
            raise refusal(Refused(Refusal.CHARGEBACK_CLOSED))
        return Act(ticket=ticket, key=key, at=workflow.now(), actor=actor)

    def _tell(self, notice: Notice) -> None:
        if self._messenger is not None:
            by = self._answer_by()
            # An inquiry that becomes a chargeback is told anew.
            occasion = f"{self._request.chargeback}:{by:%Y-%m-%d}" if by else self._request.chargeback
            self._messenger.tell(notice, occasion)
