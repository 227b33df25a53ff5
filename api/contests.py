"""Contesting a statement, and answering: what is written is kept with its key, then its workflow is asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from api.auth import actor
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.errors import Problem
from api.idempotency import IdempotencyKey, Key, asking, update_id_of
from api.processes import Workflows
from api.shapes.contests import AnswerStatementContest, ContestStatement
from api.shapes.payouts import StatementView
from api.statement_reading import read_statement, seen_statement
from db.models.tickets import SubmissionKind
from db.reads.payouts import StatementLine
from db.reads.people import KnownPerson
from db.stores import submissions
from db.stores.requests import attach, remember
from domain.contests import (
    ContestAnswered,
    ContestRequest,
    Correction,
    check_contestable,
    check_correction,
)
from domain.errors import Refusal, Refused


@dataclass(frozen=True)
class Contests:
    given: Dependencies
    workflows: Workflows
    key: Key

    async def ask(self, person: KnownPerson, number: str, body: ContestStatement) -> StatementView:
        """Contest, or find the contest of this same request. Raises `Refused`, and then nothing is kept. What
        was received in time counts, however late it can be recorded."""
        now = self.given.clock()
        async with self.given.sessions.begin() as session:
            line = await seen_statement(session, person, number)
            asked = asking(person, self.key, f"contest {number}", body)
            submission_id = (await remember(session, asked)).submission_id
            if submission_id is None:
                _check_new(line, body, now)
                submission_id = await submissions.keep(
                    session, person.id, SubmissionKind.CONTEST, text=body.text
                )
                await attach(session, asked, submission_id=submission_id)
        if _contest_of(line) != submission_id:
            tickets = tuple(sorted(set(body.tickets)))
            request = ContestRequest(number, actor(person), now, submission_id, tickets)
            await self.workflows.open_contest(request, update_id_of(asked))
            async with self.given.sessions() as session:
                line = await seen_statement(session, person, number)
            if _contest_of(line) != submission_id:
                raise Refused(Refusal.STATEMENT_CONTESTED)
        return await read_statement(self.given, person, number)

    async def answer(self, person: KnownPerson, number: str, body: AnswerStatementContest) -> StatementView:
        """Answer, or find that this same request did. Raises `Refused`."""
        corrected = body.correction
        correction = (
            Correction(corrected.ticket, corrected.session, corrected.amount_cents) if corrected else None
        )
        async with self.given.sessions.begin() as session:
            line = await seen_statement(session, person, number)
            if line.contest is None:
                raise Problem(ApiCode.CONTEST_NOT_FOUND)
            contest = line.contest.contest
            asked = asking(person, self.key, f"contest_answer {number}", body)
            submission_id = (await remember(session, asked)).submission_id
            if submission_id is None:
                if contest.outcome is not None:
                    raise Refused(Refusal.CONTEST_ANSWERED)
                check_correction(body.outcome, correction)
                submission_id = await submissions.keep(
                    session, person.id, SubmissionKind.CONTEST_ANSWER, text=body.text
                )
                await attach(session, asked, submission_id=submission_id)
        if contest.answer_id != submission_id:
            answered = ContestAnswered(actor(person), body.outcome, submission_id, correction)
            await self.workflows.answer_contest(number, answered, update_id_of(asked))
        return await read_statement(self.given, person, number)


def _contest_of(line: StatementLine) -> str | None:
    return line.contest.contest.submission_id if line.contest else None


def _check_new(line: StatementLine, body: ContestStatement, now: datetime) -> None:
    if line.contest is not None:
        raise Refused(Refusal.STATEMENT_CONTESTED)
    check_contestable(line.statement.issued_at, now)
    if not set(body.tickets) <= {gain.ticket for gain in line.gains}:
        raise Refused(Refusal.NOT_ON_STATEMENT)


def contests(given: Given, workflows: GivenWorkflows, key: IdempotencyKey) -> Contests:
    return Contests(given, workflows, key)


GivenContests = Annotated[Contests, Depends(contests)]
