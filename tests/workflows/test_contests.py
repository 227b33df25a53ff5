"""The contest of a statement as a process: what is down meanwhile holds nothing up, and changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from activities.gateways.mail import MailUnavailable, Message
from db.engine import create_engine, sessions
from db.stores.payouts import contests
from domain.contests import (
    AnswerContest,
    ContestAnswered,
    ContestAsked,
    ContestOutcome,
    ContestRequest,
    ContestStanding,
    Correction,
)
from domain.errors import Refusal, Refused
from domain.messages import Actor
from domain.tickets import Role
from tests.api import rows
from tests.support.mail import SentMail
from tests.support.people import a_person, a_submission
from tests.support.played import Played
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.workflows.conftest import Office, open_office
from workflows.contest.starting import start_options
from workflows.contest.workflow import StatementContestWorkflow


@dataclass
class AwayMail(SentMail):
    away: bool = True

    async def send(self, message: Message) -> None:
        if self.away:
            raise MailUnavailable
        await super().send(message)


@pytest.fixture
def mail() -> AwayMail:
    return AwayMail()


@pytest.fixture
async def office(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox, mail: AwayMail
) -> AsyncIterator[Office]:
    async with open_office(environment, database, stripe, mail=mail) as running:
        yield running


class PlayedContest(Played[ContestStanding]):
    answer_type = ContestStanding


@dataclass
class Contested:
    office: Office
    request: ContestRequest
    ticket: str
    finance: Actor

    def answered(self, amount_cents: int | None) -> ContestAnswered:
        outcome = ContestOutcome.MAINTAINED if amount_cents is None else ContestOutcome.CORRECTED
        correction = Correction(self.ticket, 1, amount_cents) if amount_cents is not None else None
        text = a_submission(self.office.database, self.finance.id, "contest_answer", text="Exact.")
        return ContestAnswered(self.finance, outcome, text, correction)

    def corrections(self) -> list[int]:
        found = self.office.database.rows("SELECT amount_cents FROM gains WHERE number > 0")
        return [cents for (cents,) in found]


def a_contest(office: Office, number: str) -> Contested:
    """Of a statement of one session of two slices, about its ticket."""
    database, technician = office.database, office.technician
    at = datetime.now(UTC) - timedelta(days=1)
    ticket = rows.a_ticket(database, office.client, technician, status="closed")
    gain = rows.a_gain(database, ticket, technician, at)
    key = f"payout:{at:%Y-%m}:{technician}:1"
    stamps = {"cut_off": at, "issued_at": at}
    named = {"key": key, "technician_id": technician, "month": f"{at:%Y-%m}", "number": number}
    rows.insert(database, "statements", **named, **stamps, n=1, sequence=1, total_cents=1600)
    rows.insert(database, "gain_claims", gain_id=gain, statement=key)
    text = a_submission(database, technician, "contest", text="Il manque une tranche.")
    asked_by = Actor(technician, Role.TECHNICIAN)
    request = ContestRequest(number, asked_by, datetime.now(UTC), text, (ticket,))
    finance = Actor(a_person(database, "finance", "Nadia Faure"), Role.FINANCE)
    return Contested(office, request, ticket, finance)


async def begun(contested: Contested) -> PlayedContest:
    office, request = contested.office, contested.request
    handle = await office.environment.client.start_workflow(
        StatementContestWorkflow.run, request, task_queue=office.task_queue, **start_options(request)
    )
    played = PlayedContest(office.environment, office.database, handle)
    office.played.append(played)
    return played


async def between_attempts(handle: WorkflowHandle[Any, Any], activity: str) -> None:
    """Until none is under way of that activity."""
    while True:
        pending = (await handle.describe()).raw_description.pending_activities
        if all(
            one.state != PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
            for one in pending
            if one.activity_type.name == activity
        ):
            return
        await asyncio.sleep(0.02)


async def test_a_contest_is_answered_while_no_mail_goes_out(office: Office, mail: AwayMail) -> None:
    contested = a_contest(office, "AF0009-00001")
    played = await begun(contested)
    asked = ContestAsked(contested.request.submission_id)
    assert await played.act("opened", asked) == ContestStanding(None)
    other = replace(asked, submission_id=contested.finance.id)
    assert await played.refused("opened", other) == Refusal.STATEMENT_CONTESTED
    assert await played.refused("answer", contested.answered(801)) == Refusal.CORRECTION_AMOUNT
    assert await played.act("answer", contested.answered(800)) == ContestStanding(ContestOutcome.CORRECTED)
    assert await played.refused("answer", contested.answered(None)) == Refusal.CONTEST_ANSWERED
    # One that looked before the answer could still tell the team.
    await between_attempts(played.handle, "tell_of_contest")
    mail.away = False
    assert await played.handle.result() == "corrected"
    assert contested.corrections() == [800]
    # The team has nothing to do for it any more.
    assert [message.subject for message in mail.messages] == [
        "Réponse à votre contestation du relevé AF0009-00001"
    ]


async def test_a_step_repeated_after_a_crash_changes_nothing(office: Office) -> None:
    contested, now = a_contest(office, "AF0009-00002"), datetime.now(UTC)
    first = AnswerContest(contested.request.statement, now, contested.answered(-800))
    second = replace(first, answered=contested.answered(800))
    engine = create_engine(office.database.url("omea_worker"))
    try:
        worker = sessions(engine)
        for _ in range(2):
            async with worker.begin() as session:
                await contests.record(session, contested.request)
        with pytest.raises(Refused, match=Refusal.STATEMENT_CONTESTED):
            async with worker.begin() as session:
                await contests.record(session, replace(contested.request, submission_id=contested.finance.id))
        for _ in range(2):
            async with worker.begin() as session:
                await contests.answer(session, first)
        with pytest.raises(Refused, match=Refusal.CONTEST_ANSWERED):
            async with worker.begin() as session:
                await contests.answer(session, second)
    finally:
        await engine.dispose()
    assert contested.corrections() == [-800]
    assert office.database.rows("SELECT act FROM journal ORDER BY recorded_at, id") == [
        ("statement_contested",),
        ("contest_answered",),
    ]
