"""What all phases of a ticket share: the lock, the legality of acts, the notices, what the UI shows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from activities.failures import refusals
from domain.authorisation import TICKETS, Relation
from domain.errors import Refusal, Refused
from domain.messages import Actor, Answer, TicketRequest
from domain.notices import Notice
from domain.ticket_steps import Act
from domain.tickets import CLIENT_COMMANDS, COMMAND_ROLES, Command, Role, Status, check_legal
from workflows import wording
from workflows.agenda import Deadline, always, never
from workflows.messenger import Messenger
from workflows.search_attributes import APPOINTMENT, TECHNICIAN_ID, TICKET_STATUS
from workflows.ticket.state import TicketState

SYSTEM = Actor(id="system", role=Role.SYSTEM)


class TicketProcess(TicketState):
    """Each phase is a class of its own in a file of its own, on top of this one."""

    def __init__(self, request: TicketRequest) -> None:
        super().__init__(request)
        # The deadlines of the phase that the ticket is in; an act may add to them.
        self.agenda: list[Deadline] = []
        self._lock = asyncio.Lock()
        self.messenger = Messenger(request.number, request.deadlines, request.hours)
        # As `start_options` has it, of a resumed one as well.
        self._shown: tuple[str | None, datetime] = (None, request.start)
        # When it took its status, or its appointment: what waits there is counted from then.
        self.since = workflow.now() if request.resumed is None else request.resumed.since

    # Acts of people.

    def validate(self, command: Command, actor: Actor) -> None:
        """Refuse at once what is not legal. While another act is under way nothing is refused yet: its write
        may be committed and seen by people before the workflow has heard of it. Nor before the booking, which
        may be slow. `accepting` decides then."""
        if not self.is_busy:
            self.check(command, actor)

    @property
    def is_busy(self) -> bool:
        return self._lock.locked() or self.status is Status.REQUESTED

    def check(self, command: Command, actor: Actor) -> None:
        """Raises the refusal of a command that is not legal now, or not this person's to give.

        It only looks: what a validator changed would be forgotten by a replay.
        """
        with refusals():
            check_legal(command, self.status)
            if actor.role not in COMMAND_ROLES[command] or not self._concerns(command, actor):
                raise Refused(Refusal.NOT_YOUR_TICKET, command=command.value)

    def _concerns(self, command: Command, actor: Actor) -> bool:
        match TICKETS[actor.role]:
            case Relation.OWN:
                return actor.id == self.request.client_id
            case Relation.ASSIGNED:
                return actor.id == self.technician_id
            case Relation.ANY:
                behalf = self.request.client_id if command in CLIENT_COMMANDS else None
                return actor.on_behalf_of == behalf
            case Relation.NONE:
                return False

    @asynccontextmanager
    async def accepting(self, command: Command, actor: Actor) -> AsyncIterator[Act]:
        """One act at a time. What was legal when it was asked is checked again once it is its turn."""
        update = workflow.current_update_info()
        if update is None:
            raise RuntimeError("an act is accepted by its update's handler only")
        if self.status is Status.REQUESTED:
            await workflow.wait_condition(lambda: self.status is not Status.REQUESTED)
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
        self.status, self.since = status, workflow.now()
        self.show()

    def show(self) -> None:
        status = self.status
        updates: list[SearchAttributeUpdate[Any]] = [TICKET_STATUS.value_set(status.value)]
        now_shown = (self.technician_id, self.appointment_start)
        if now_shown != self._shown:
            self._shown = now_shown
            updates.append(TECHNICIAN_ID.value_set(self.technician_id or ""))
            updates.append(APPOINTMENT.value_set(self.appointment_start))
        workflow.upsert_search_attributes(updates)
        workflow.set_current_details(wording.where_it_stands(status, self.since))

    def suspended(self) -> None:
        """Enter a suspension, and tell those concerned of this one."""
        self.suspensions += 1
        self.taken_over_at = None
        self.enter(Status.SUSPENDED)
        self.tell(Notice.SUSPENDED, "" if self.suspensions == 1 else str(self.suspensions))

    # Telling people.

    def tell(self, notice: Notice, occasion: str = "", technician_id: str | None = None) -> None:
        """Start telling those concerned, and go on; see `Messenger`."""
        self.messenger.tell(notice, occasion, technician_id)

    def tell_of_appointment(self, notice: Notice, technician_id: str | None = None) -> None:
        """One whose occasion is the appointment it is about: dropped if that has moved again meanwhile."""
        self.tell(notice, str(self.sequence) if self.sequence else "", technician_id)

    async def everyone_told(self) -> None:
        await self.messenger.everyone_told()

    def alarm(
        self,
        notice: Notice,
        at: datetime,
        void: Callable[[], bool] = never,
        *,
        daily: bool = False,
        about_appointment: bool = False,
    ) -> Deadline:
        """A deadline at which people are told, and again each day if `daily`. What they were told before the
        process was resumed is not told again."""
        if self.goes_on and notice.value in self.told_before and at <= workflow.now():
            if not daily:
                void = always
            while at <= workflow.now():
                at = self._a_day_later(at)
        prefix = f"{self.sequence}:" if about_appointment and self.sequence else ""

        async def ring() -> None:
            self.tell(notice, prefix + workflow.now().isoformat(timespec="seconds"))

        again = self._a_day_later if daily else None
        return Deadline(at, wording.NOTICE[notice], ring, void, again)

    def _a_day_later(self, at: datetime) -> datetime:
        return at + self.deadlines.repeat_alert

    @property
    def goes_on(self) -> bool:
        """Whether the ticket is still where it was when its process was resumed."""
        return self.request.resumed is not None and self.since == self.request.resumed.since

    @property
    def told_before(self) -> tuple[str, ...]:
        return self.request.resumed.told if self.request.resumed is not None else ()
