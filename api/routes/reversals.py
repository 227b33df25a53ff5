"""Transfers taken back: finance's own act, and all those of a month."""

from fastapi import APIRouter

from api.auth import AnyFinance
from api.codes import ApiCode
from api.dependencies import Given, GivenWorkflows
from api.documentation import THROUGH_TEMPORAL, problems
from api.idempotency import IdempotencyKey, asking, update_id_of
from api.recording import recorded
from api.routes.payouts import MONTH, MonthInPath
from api.shapes.payouts import StatementView
from api.shapes.reversals import MonthReversals, ReversalAsked, month_reversals
from api.statement_reading import StatementNumber, read_statement, seen_statement
from db.models.tickets import SubmissionKind
from db.reads.reversals import reversal_requests_of_month, reversals_of_month
from db.stores import submissions
from db.stores.requests import attach, remember
from domain.accesses import Act, Reading
from domain.errors import Refusal, Refused
from domain.payouts import parse_month
from domain.reversals import TakeBackAsked

router = APIRouter(prefix="/v1", tags=["finance"])


@router.get(
    "/payouts/{month}/reversals",
    summary="What was taken back of a month's transfers",
    dependencies=[recorded(Reading.PAYOUTS, "month")],
    responses=problems(*MONTH),
)
async def read_reversals(_: AnyFinance, month: MonthInPath, given: Given) -> MonthReversals:
    """Each part of a transfer that came back, whoever took it back; and each request of finance's, with who
    asked, why, and why the provider refused."""
    wanted = str(parse_month(month))
    async with given.sessions() as session:
        reversals = await reversals_of_month(session, wanted)
        requests = await reversal_requests_of_month(session, wanted)
    return month_reversals(wanted, reversals, requests)


@router.post(
    "/statements/{number}/reversal",
    summary="Take back the transfer of a statement",
    dependencies=[recorded(Act.TRANSFER_TAKEN_BACK, "number")],
    responses=problems(
        *THROUGH_TEMPORAL,
        ApiCode.STATEMENT_NOT_FOUND,
        Refusal.NOT_PAID_BY_PROVIDER,
        Refusal.REVERSAL_UNFUNDED,
        Refusal.REVERSAL_REFUSED,
        Refusal.PROVIDER_AWAY,
    ),
)
async def take_back(
    person: AnyFinance,
    number: StatementNumber,
    key: IdempotencyKey,
    body: ReversalAsked,
    given: Given,
    workflows: GivenWorkflows,
) -> StatementView:
    """All that is left of it comes back from the technician's account at the provider, which must have the
    money still. The statement stands, unpaid: a run of its month sends it again. What our bank has paid
    cannot be taken back. Sent again under the same key, it is done once."""
    asked = asking(person, key, f"transfer_reversal {number}", body)
    async with given.sessions.begin() as session:
        found = await seen_statement(session, person, number)
        known = await remember(session, asked)
        reason_id = known.submission_id
        if reason_id is None:
            # What is committed: the step that asks the provider looks again.
            if found.payout.standing_transfer is None:
                raise Refused(Refusal.NOT_PAID_BY_PROVIDER)
            reason_id = await submissions.keep(
                session, person.id, SubmissionKind.PAYOUT_REASON, reason=body.reason
            )
            await attach(session, asked, submission_id=reason_id)
    await workflows.take_back(found.statement.key, TakeBackAsked(person.id, reason_id), update_id_of(asked))
    return await read_statement(given, person, number)
