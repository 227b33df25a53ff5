"""A workflow on the virtual clock: people act on it, and time passes."""

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from temporalio.client import (
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateHandle,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from tests.support.people import a_submission
from tests.support.postgres import Database

AnswerType = TypeVar("AnswerType")


@dataclass
class Played(Generic[AnswerType]):
    """Each act has a key of its own, unless one is given."""

    answer_type: ClassVar[type[Any]]
    environment: WorkflowEnvironment
    database: Database
    handle: WorkflowHandle[Any, Any]

    async def act(self, command: str, argument: Any, key: str | None = None) -> AnswerType:
        answer: AnswerType = await self.handle.execute_update(
            command, argument, id=key or uuid.uuid4().hex, result_type=self.answer_type
        )
        return answer  # named for its type

    async def begin(self, command: str, argument: Any) -> WorkflowUpdateHandle[AnswerType]:
        """An act that the workflow has accepted, and not ended yet."""
        return await self.handle.start_update(
            command,
            argument,
            id=uuid.uuid4().hex,
            result_type=self.answer_type,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )

    async def refused(self, command: str, argument: Any) -> str:
        """The code with which the act is refused."""
        answered = await self.answered(command, argument)
        assert isinstance(answered, str), f"{command} was accepted"
        return answered

    async def answered(self, command: str, argument: Any, key: str | None = None) -> AnswerType | str:
        """The answer, or the code with which the act is refused."""
        try:
            return await self.act(command, argument, key)
        except WorkflowUpdateFailedError as failed:
            cause: BaseException | None = failed.cause
            if isinstance(cause, ActivityError):
                cause = cause.cause
            assert isinstance(cause, ApplicationError)
            return str(cause.type)

    def written(self, author: str, kind: str) -> str:
        return a_submission(self.database, author, kind, text="Parce que.")

    async def pass_time(self, length: timedelta) -> None:
        await self.environment.fast_forward(self.handle, length)

    async def pass_time_until(self, instant: datetime) -> None:
        now = await self.now()
        await self.pass_time(instant - now)

    async def settle(self) -> None:
        """Until nothing is under way: no step, no mail, no decision."""
        idle = 0
        for _ in range(1000):
            told = (await self.handle.describe()).raw_description
            under_way = told.pending_activities or told.HasField("pending_workflow_task")
            # Just after time has passed, the server may not have looked at its timers yet.
            idle = 0 if under_way else idle + 1
            if idle == 5:
                return
            await asyncio.sleep(0.03)
        raise AssertionError(f"still under way: {told.pending_activities}")

    async def history_length(self) -> int:
        return (await self.handle.describe()).history_length

    async def now(self) -> datetime:
        """The workflow's own time."""
        info = await self.environment.get_time_skipping_info(self.handle)
        if info is None or not info.HasField("current_time"):
            return datetime.now(UTC)
        return info.current_time.ToDatetime(tzinfo=UTC)

    async def is_quiet(self) -> bool:
        """Whether nothing is under way but deadlines."""
        description = (await self.handle.describe()).raw_description
        return not description.pending_activities and not description.HasField("pending_workflow_task")

    async def settle_by(self, pace: timedelta, within_seconds: float = 60) -> None:
        """Let time pass, `pace` by `pace`, until nothing is under way but deadlines: what failed is tried
        again meanwhile."""
        async with asyncio.timeout(within_seconds):
            while not await self.is_quiet():
                # It may end at any moment; its clock then stands still.
                with suppress(RPCError):
                    await self.pass_time(pace)
