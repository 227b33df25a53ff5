"""The contest of a statement: recorded, told to the team, answered by finance, told to the technician."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.contests import ContestActivities
from activities.failures import refusal
from domain.contests import (
    AnswerContest,
    ContestAnswered,
    ContestAsked,
    ContestOutcome,
    ContestRequest,
    ContestStanding,
    TellOfContest,
)
from domain.errors import Refusal, Refused
from workflows import steps, wording
from workflows.options import DATABASE, NOTICE


@workflow.defn(name="StatementContest")
class StatementContestWorkflow:
    """It waits for finance without a timer of its own: one that waits too long is told by the invariants, as
    long as it does."""

    @workflow.init
    def __init__(self, request: ContestRequest) -> None:
        self._request = request
        self._recorded = False
        self._refused: ActivityError | None = None
        self._outcome: ContestOutcome | None = None
        self._lock = asyncio.Lock()

    @workflow.run
    async def run(self, _request: ContestRequest) -> str:
        """Answers how it ended. Fails with the refusal of a contest that may not be."""
        try:
            await workflow.execute_activity_method(
                ContestActivities.record_contest,
                self._request,
                summary=wording.CONTEST_RECORDED,
                **DATABASE,
            )
        except ActivityError as refused:
            # Whoever asked is told so first; then there is no such contest.
            self._refused = refused
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise
        self._recorded = True
        # A mail server that is away must not hold the answer up.
        team_told = asyncio.create_task(self._tell_the_team())
        await workflow.wait_condition(lambda: self._outcome is not None)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await asyncio.gather(team_told, self._tell_the_technician())
        return str(self._outcome)

    @workflow.update(description=steps.CONTEST)
    async def opened(self, asked: ContestAsked) -> ContestStanding:
        """Answers once the contest is committed. Another request's is refused."""
        await self._begun()
        if asked.submission_id != self._request.submission_id:
            raise refusal(Refused(Refusal.STATEMENT_CONTESTED))
        return ContestStanding(self._outcome)

    @workflow.update(description=steps.CONTEST_ANSWER)
    async def answer(self, answered: ContestAnswered) -> ContestStanding:
        """Once: of two answers at the same time the second is refused."""
        await self._begun()
        async with self._lock:
            if self._outcome is not None:
                raise refusal(Refused(Refusal.CONTEST_ANSWERED))
            await workflow.execute_activity_method(
                ContestActivities.answer_contest,
                AnswerContest(self._request.statement, workflow.now(), answered),
                summary=wording.CONTEST_ANSWERED,
                **DATABASE,
            )
            self._outcome = answered.outcome
        return ContestStanding(self._outcome)

    async def _begun(self) -> None:
        await workflow.wait_condition(lambda: self._recorded or self._refused is not None)
        if self._refused is not None:
            raise self._refused

    async def _tell_the_team(self) -> None:
        try:
            await workflow.execute_activity_method(
                ContestActivities.tell_of_contest,
                TellOfContest(self._request.statement),
                summary=wording.CONTEST_TOLD,
                **NOTICE,
            )
        except ActivityError:
            # Three days of trying: the contest is listed, and the invariants tell of it.
            workflow.logger.warning("the team could not be told of a contest")

    async def _tell_the_technician(self) -> None:
        try:
            await workflow.execute_activity_method(
                ContestActivities.tell_of_contest_answer,
                TellOfContest(self._request.statement),
                summary=wording.CONTEST_ANSWER_TOLD,
                **NOTICE,
            )
        except ActivityError:
            # The answer stays with the statement.
            workflow.logger.warning("a technician could not be told of an answer")
