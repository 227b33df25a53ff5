"""Finance's payouts: a month as it stands, what a run would pay, and the run itself."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import AnyFinance
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.documentation import SIGNED_IN, THROUGH_TEMPORAL, problems
from api.errors import Problem
from api.formats import Body, Id, RunReason
from api.idempotency import IdempotencyKey, Key, asking, update_id_of
from api.processes import RunStarted
from api.recording import recorded
from api.shapes.payout_months import (
    PayoutMonth,
    Preview,
    PreviewLines,
    RunAnswer,
    RunProgress,
    outcome_view,
    payout_month,
    preview,
    run_progress,
    run_view,
    technician_preview,
)
from api.shapes.payouts import gains_view
from db.models.tickets import SubmissionKind
from db.reads.contests import statements_corrected_by
from db.reads.payout_previews import TechnicianDue, lines_due, month_due
from db.reads.payouts import RunLine, StatementLine, run_of_key, runs_of, statements_of_month
from db.reads.people import KnownPerson, is_technician, names_of
from db.stores import submissions
from db.stores.requests import Asking, attach, remember
from domain.accesses import Act, Reading
from domain.errors import Refusal
from domain.ids import update_id
from domain.payouts import Month, PayoutRunRequest, cut_off, parse_month

router = APIRouter(prefix="/v1/payouts", tags=["finance"])

MonthInPath = Annotated[str, Path(description="`YYYY-MM`, Paris.", max_length=20, examples=["2026-11"])]
MONTH = (*SIGNED_IN, Refusal.INVALID_MONTH)


class RunAsked(Body):
    """`technician_id` narrows the run to one technician; `reason` is kept with it."""

    reason: RunReason | None = None
    technician_id: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Compte de Thomas complété.", "technician_id": None}]}
    )


@router.get(
    "/{month}",
    summary="A month's payouts",
    dependencies=[recorded(Reading.PAYOUTS, "month")],
    responses=problems(*MONTH),
)
async def read_month(_: AnyFinance, month: MonthInPath, given: Given) -> PayoutMonth:
    """The runs of the month, and each statement with its gains and its transfer."""
    wanted = str(parse_month(month))
    async with given.sessions() as session:
        runs = await runs_of(session, wanted)
        lines = await statements_of_month(session, wanted)
        names = await names_of(session, {line.statement.technician_id for line in lines})
    return payout_month(wanted, runs, lines, names, given.clock())


@router.get(
    "/{month}/preview",
    summary="What a run would pay now",
    dependencies=[recorded(Reading.PAYOUTS, "month")],
    responses=problems(*MONTH, Refusal.FUTURE_MONTH),
)
async def preview_month(_: AnyFinance, month: MonthInPath, given: Given) -> Preview:
    """By technician: the gains that no statement has yet, up to the cut-off (the month's end, or now while it
    is open), the statements of the month that are not paid, and what holds them. The exact lines are one
    technician's preview."""
    wanted, now = parse_month(month), given.clock()
    until = cut_off(wanted, now)
    async with given.sessions() as session:
        due = await month_due(session, wanted, until, now)
        names = await names_of(session, {one.technician_id for one in due})
    return preview(str(wanted), until, due, names, now)


@router.get(
    "/{month}/preview/{technician}",
    summary="What a run would pay one technician now",
    dependencies=[recorded(Reading.EARNINGS, "technician", "month")],
    responses=problems(*MONTH, Refusal.FUTURE_MONTH, ApiCode.TECHNICIAN_NOT_FOUND),
)
async def preview_technician(
    _: AnyFinance, month: MonthInPath, technician: Annotated[Id, Path()], given: Given
) -> PreviewLines:
    """With the exact lines of what would be their statement."""
    wanted, now = parse_month(month), given.clock()
    until = cut_off(wanted, now)
    async with given.sessions() as session:
        if not await is_technician(session, technician):
            raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
        due = await month_due(session, wanted, until, now, technician)
        gains = await lines_due(session, until, technician)
        corrects = await statements_corrected_by(session, [gain.id for gain in gains])
        names = await names_of(session, {technician})
    nothing: TechnicianDue[StatementLine] = TechnicianDue(technician, 0, 0, 0, None, (), (), 0)
    found = technician_preview(due[0] if due else nothing, names[technician], now)
    return PreviewLines(month=str(wanted), cut_off=until, technician=found, lines=gains_view(gains, corrects))


@router.get(
    "/{month}/progress",
    summary="How far the month's open run is",
    dependencies=[recorded(Reading.PAYOUTS, "month")],
    responses=problems(*MONTH, *THROUGH_TEMPORAL, ApiCode.NO_RUN_OPEN),
)
async def read_progress(_: AnyFinance, month: MonthInPath, workflows: GivenWorkflows) -> RunProgress:
    """What it did so far, and whether it waits for our money at the provider."""
    found = await workflows.payout_progress(str(parse_month(month)))
    if found is None:
        raise Problem(ApiCode.NO_RUN_OPEN)
    return run_progress(month, found)


@router.post(
    "/{month}/runs",
    status_code=201,
    summary="Run a month's payouts",
    dependencies=[recorded(Act.PAYOUTS_RUN, "month")],
    responses={
        202: {"model": RunAnswer, "description": "Started; `Location` tells where to look"},
        **problems(
            *THROUGH_TEMPORAL,
            Refusal.INVALID_MONTH,
            Refusal.FUTURE_MONTH,
            Refusal.RUN_IN_PROGRESS,
            ApiCode.UNKNOWN_TECHNICIAN,
        ),
    },
)
async def run_payouts(
    person: AnyFinance,
    month: MonthInPath,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
    response: Response,
    body: RunAsked | None = None,
) -> RunAnswer:
    """Claims what is due and sends it; run again, it pays what is missing and nothing else. Refused while
    another run of the month is open. Sent again under the same key, it finds the same run."""
    wanted, said = parse_month(month), body or RunAsked()
    cut_off(wanted, given.clock())
    asked = asking(person, key, _command(wanted), said)
    async with given.sessions.begin() as session:
        if said.technician_id is not None and not await is_technician(session, said.technician_id):
            raise Problem(ApiCode.UNKNOWN_TECHNICIAN)
        request = PayoutRunRequest(
            month=str(wanted),
            key=update_id_of(asked),
            actor_id=person.id,
            reason_id=await _reason_kept(session, asked, said.reason),
            technician_id=said.technician_id,
        )
        run = await run_of_key(session, request.key)
    started = await (workflows.run_payouts(request) if run is None else workflows.follow_payouts(request))
    run = await _recorded(given, request.key)
    finished = run is not None and run.run.finished_at is not None
    response.status_code = 201 if finished else 202
    response.headers["Location"] = f"/v1/payouts/{wanted}"
    return _answer(str(wanted), run, started)


def key_of_run(person: KnownPerson, month: Month, key: Key) -> str:
    """Of the run that this person asks for, or has asked for, under that key."""
    return update_id(person.id, _command(month), key.text)


def _command(month: Month) -> str:
    return f"payout_run {month}"


async def _reason_kept(session: AsyncSession, asked: Asking, reason: str | None) -> str | None:
    """The id of what was written, the first time or now. Remembers the request."""
    known = await remember(session, asked)
    if not known.is_new or reason is None:
        return known.submission_id
    reason_id = await submissions.keep(session, asked.actor_id, SubmissionKind.PAYOUT_REASON, reason=reason)
    await attach(session, asked, submission_id=reason_id)
    return reason_id


async def _recorded(given: Dependencies, key: str) -> RunLine | None:
    async with given.sessions() as session:
        return await run_of_key(session, key)


def _answer(month: str, run: RunLine | None, started: RunStarted) -> RunAnswer:
    result = started.result
    return RunAnswer(
        month=month,
        run=run_view(run) if run else None,
        technicians=[outcome_view(one) for one in result.technicians] if result else None,
        file=result.file if result else None,
    )
