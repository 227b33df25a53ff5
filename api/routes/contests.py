"""Contests of statements: by their technicians, within the days that each says; answered by finance."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import AnyFinance, AnyTechnician
from api.codes import ApiCode
from api.contests import GivenContests
from api.dependencies import Given
from api.documentation import SIGNED_IN, THROUGH_TEMPORAL, problems
from api.recording import recorded
from api.shapes.contests import AnswerStatementContest, ContestStatement, StatementContests, listed_contest
from api.shapes.payouts import StatementView
from api.statement_reading import StatementNumber
from db.reads.contests import contested_statements
from db.reads.people import names_of
from domain.accesses import Act, Reading
from domain.errors import Refusal

router = APIRouter(prefix="/v1/statements", tags=["finance"])

SHOWN = 200
ON_A_STATEMENT = (
    *THROUGH_TEMPORAL,
    ApiCode.STATEMENT_NOT_FOUND,
    Refusal.INVALID_TICKET_NUMBER,
    Refusal.NOT_ON_STATEMENT,
)


@router.get(
    "/contests",
    summary="Read the contests of statements",
    dependencies=[recorded(Reading.CONTESTS)],
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT),
)
async def read_contests(
    _: AnyFinance,
    given: Given,
    only_open: Annotated[bool, Query(alias="open", description="Only those without an answer.")] = False,
) -> StatementContests:
    """Those to answer first, the oldest before the others; then the newest."""
    async with given.sessions() as session:
        found = await contested_statements(session, only_open=only_open, limit=SHOWN)
        names = await names_of(session, {one.statement.technician_id for one in found})
    now = given.clock()
    return StatementContests(
        contests=[listed_contest(one, names.get(one.statement.technician_id, ""), now) for one in found]
    )


@router.post(
    "/{number}/contest",
    status_code=201,
    summary="Contest a statement",
    responses=problems(*ON_A_STATEMENT, Refusal.CONTEST_PERIOD_OVER, Refusal.STATEMENT_CONTESTED),
)
async def contest_statement(
    person: AnyTechnician, number: StatementNumber, body: ContestStatement, contests: GivenContests
) -> StatementView:
    """Once, until the end of the last of the days that the statement says, Paris time. The team is told at
    once; what was claimed is transferred as it is."""
    return await contests.ask(person, number, body)


@router.post(
    "/{number}/contest/answer",
    summary="Answer the contest of a statement",
    dependencies=[recorded(Act.CONTEST_ANSWERED, "number")],
    responses=problems(
        *ON_A_STATEMENT,
        ApiCode.CONTEST_NOT_FOUND,
        Refusal.CONTEST_ANSWERED,
        Refusal.CONTEST_CORRECTION,
        Refusal.CORRECTION_AMOUNT,
        Refusal.NOT_ALLOWED_IN_STATUS,
    ),
)
async def answer_contest(
    person: AnyFinance, number: StatementNumber, body: AnswerStatementContest, contests: GivenContests
) -> StatementView:
    """Once: the statement is maintained, or a gain of one of its sessions corrects it on the technician's
    next one. The statement itself never changes. Refused while the ticket to correct is suspended."""
    return await contests.answer(person, number, body)
