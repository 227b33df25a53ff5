"""What all phases of a ticket share: its state, the lock, the legality of acts, the notices."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.failures import refusal
from activities.notifications import NotificationActivities
from domain.errors import Refusal, Refused
from domain.messages import Actor, Answer, TicketRequest
from domain.notices import Notice
from domain.tariff import Tariff
from domain.ticket_steps import Act, Notify
from domain.tickets import COMMAND_ROLES, Command, Outcome, Role, Status, check_legal
from workflows import wording
from workflows.agenda import Deadline, never
from workflows.options import NOTICE
from workflows.search_attributes import TECHNICIAN_ID, TICKET_STATUS

SYSTEM = Actor(id="system", role=Role.SYSTEM)


class TicketProcess:
    """The state of one ticket. Each phase is a class of its own in a file of its own, on top of this one."""

    def __init__(self, request: TicketRequest) -> None:
        self.request = request
        self.deadlines = request.deadlines
        self.status = Status.REQUESTED
        self.outcome: Outcome | None = None
        self.technician_id: str | None = None
        self.tariff: Tariff | None = None
        self.session = 1
        self.acknowledged = False
        self.called = False
        self.consented = False
        self.started_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.billed_slices = 0
        self.billed_minutes = 0
        self.invoice: str | None = None
        self.payment_changed = False
        self._lock = asyncio.Lock()
        self._notices: set[asyncio.Task[None]] = set()
        self._told: set[tuple[Notice, str]] = set()

    # Acts of people.

    def validate(self, command: Command, actor: Actor) -> None:
        """Refuse at once what is not legal. While another act is under way nothing is refused yet: its write
        may be committed and seen by people before the workflow has heard of it. `accepting` decides then."""
        if not self.is_busy:
            self.check(command, actor)

    @property
    def is_busy(self) -> bool:
        return self._lock.locked()

    def check(self, command: Command, actor: Actor) -> None:
        """Raises the refusal of a command that is not legal now, or not this person's to give.

        It only looks: what a validator changed would be forgotten by a replay.
        """
        try:
            check_legal(command, self.status)
            if actor.role not in COMMAND_ROLES[command] or not self._concerns(actor):
                raise Refused(Refusal.NOT_YOUR_TICKET, command=command.value)
        except Refused as refused:
            raise refusal(refused) from None

    def _concerns(self, actor: Actor) -> bool:
        return actor.id == (self.technician_id if actor.role is Role.TECHNICIAN else self.request.client_id)

    @asynccontextmanager
    async def accepting(self, command: Command, actor: Actor) -> AsyncIterator[Act]:
        """One act at a time. What was legal when it was asked is checked again once it is its turn."""
        update = workflow.current_update_info()
        if update is None:
            raise RuntimeError("an act is accepted by its update's handler only")
        async with self._lock:
            self.check(command, actor)
            yield self.act(update.id, actor)

    @asynccontextmanager
    async def deciding(self, status: Status) -> AsyncIterator[bool]:
        """A deadline's own act, under the same lock. False when the status has changed meanwhile."""
        async with self._lock:
            yield self.status is status

    def act(self, key: str, actor: Actor = SYSTEM) -> Act:
        return Act(ticket=self.request.number, key=key, at=workflow.now(), actor=actor)

    def answer(self, *, accepted: bool = True) -> Answer:
        return Answer(self.status, accepted)

    # State that others can see.

    def enter(self, status: Status) -> None:
        """Take the status that was just committed, and show it in the Temporal UI."""
        self.status = status
        updates = [TICKET_STATUS.value_set(status.value)]
        if status is Status.SCHEDULED and self.technician_id:
            updates.append(TECHNICIAN_ID.value_set(self.technician_id))
        workflow.upsert_search_attributes(updates)
        workflow.set_current_details(wording.where_it_stands(status, workflow.now()))

    # Telling people. A mail server that is away must not hold the ticket up.

    def tell(self, notice: Notice, occasion: str = "") -> None:
        """Start telling those concerned, and go on. `occasion` tells repeats of the same notice apart.

        After an outage several alarms may ring at the same moment: two sendings side by side would each find
        that nothing was sent.
        """
        if (notice, occasion) in self._told:
            return
        self._told.add((notice, occasion))
        message = Notify(
            self.request.number,
            notice.value,
            workflow.now(),
            self.request.deadlines,
            self.request.hours,
            occasion,
        )
        task = asyncio.create_task(self._notify(message))
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)

    async def _notify(self, message: Notify) -> None:
        try:
            await workflow.execute_activity_method(
                NotificationActivities.notify, message, summary=wording.NOTICE[Notice(message.kind)], **NOTICE
            )
        except ActivityError:
            # Three days of trying, or an address that does not exist: the ticket goes on without.
            workflow.logger.warning("notice %s could not be delivered", message.kind)

    async def everyone_told(self) -> None:
        await workflow.wait_condition(lambda: not self._notices)

    def alarm(
        self, notice: Notice, at: datetime, void: Callable[[], bool] = never, *, daily: bool = False
    ) -> Deadline:
        """A deadline at which people are told, and again each day if `daily`."""

        async def ring() -> None:
            self.tell(notice, workflow.now().isoformat(timespec="seconds"))

        every = self.deadlines.repeat_alert if daily else None
        return Deadline(at, wording.NOTICE[notice], ring, void, every)

    def working(self, length: timedelta) -> datetime:
        """The instant at which that much opening time has passed."""
        return self.request.hours.add_working_time(workflow.now(), length)
