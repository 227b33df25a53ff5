"""The process with one mistake each, put in for the length of a test: what the machine must find."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio import workflow

from db.stores.money import acceptance, gains
from db.stores.tickets import endings
from domain.messages import Actor
from domain.notices import Notice
from domain.ticket_steps import Act
from domain.tickets import Command, Status
from workflows.agenda import Deadline, never, wait
from workflows.ticket.appointment import Appointment
from workflows.ticket.dispute import Dispute
from workflows.ticket.process import TicketProcess


@dataclass(frozen=True)
class Mutant:
    name: str
    put_in: Callable[[pytest.MonkeyPatch], None]


def _drop_the_lock(patch: pytest.MonkeyPatch) -> None:
    """Acts are checked and go on side by side."""

    @asynccontextmanager
    async def accepting(self: TicketProcess, command: Command, actor: Actor) -> AsyncIterator[Act]:
        update = workflow.current_update_info()
        assert update is not None
        self.check(command, actor)
        yield self.act(update.id, actor)

    patch.setattr(TicketProcess, "accepting", accepting)


def _lose_the_second_check(patch: pytest.MonkeyPatch) -> None:
    """Acts wait for their turn, and are then taken as legal because they were."""

    @asynccontextmanager
    async def accepting(self: TicketProcess, _command: Command, actor: Actor) -> AsyncIterator[Act]:
        update = workflow.current_update_info()
        assert update is not None
        async with self._lock:
            yield self.act(update.id, actor)

    patch.setattr(TicketProcess, "accepting", accepting)


def _keep_the_slot(patch: pytest.MonkeyPatch) -> None:
    """A ticket that ends before its session keeps its technician's time."""

    async def release(*_: Any) -> None: ...

    patch.setattr(endings, "placing", SimpleNamespace(release=release))


def _earn_twice(patch: pytest.MonkeyPatch) -> None:
    async def earn(*given: Any) -> None:
        await gains.earn(*given)
        await gains.earn(*given)

    patch.setattr(acceptance, "earn", earn)


def _remind_of_the_past(patch: pytest.MonkeyPatch) -> None:
    """An appointment that moves leaves its alarms behind."""
    alarm = TicketProcess.alarm

    async def await_session(self: Appointment) -> None:
        self.agenda = self._deadlines()
        await wait(lambda: self.status is not Status.SCHEDULED, self.agenda)

    def of_today(
        self: TicketProcess,
        notice: Notice,
        at: datetime,
        void: Callable[[], bool] = never,
        *,
        daily: bool = False,
        about_appointment: bool = False,
    ) -> Deadline:
        made = alarm(self, notice, at, void, daily=daily)
        if not about_appointment:
            return made

        async def ring() -> None:
            self.tell(notice, f"{self.sequence}:" + workflow.now().isoformat(timespec="seconds"))

        return Deadline(at, made.label, ring, void)

    patch.setattr(Appointment, "await_session", await_session)
    patch.setattr(TicketProcess, "alarm", of_today)


def _bill_the_suspended(patch: pytest.MonkeyPatch) -> None:
    """The silence that accepts a report also accepts one in dispute."""

    async def await_ruling(self: Dispute) -> None:
        async def accept() -> None:
            async with self.deciding(Status.SUSPENDED) as still:
                if still:
                    await self.accept(self.act(f"silence:{self.session}:{self.suspensions}"))

        self.agenda = [Deadline(workflow.now() + self.deadlines.review, "Silence", accept)]
        await wait(lambda: self.status is not Status.SUSPENDED, self.agenda)

    patch.setattr(Dispute, "await_ruling", await_ruling)


MUTANTS = (
    Mutant("a dropped lock", _drop_the_lock),
    Mutant("a lost second check", _lose_the_second_check),
    Mutant("a slot that is not given back", _keep_the_slot),
    Mutant("a doubled gain", _earn_twice),
    Mutant("a reminder that is not cancelled", _remind_of_the_past),
    Mutant("a suspension that is billed", _bill_the_suspended),
)
