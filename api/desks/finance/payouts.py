"""The payouts of a month: what runs did, how far the open one is, and asking for another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response, StreamingResponse

from api.auth import AnyFinance, CurrentSignIn
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.finance import words
from api.desks.finance.months import ShownMonth, month_to_pay, shown_month
from api.desks.forms import BLANK, Filled, Sent, SentForm, settled
from api.desks.live import follow
from api.desks.sections import PAYOUTS
from api.desks.showing import desk_page, done
from api.errors import Problem
from api.formats import RunReason
from api.processes import Workflows
from api.recording import recorded
from api.routes import payouts
from api.routes.payouts import MonthInPath, RunAsked
from api.shapes.payout_months import TechnicianOutcome, outcome_view
from db.models.payouts import PayoutStatus
from db.reads.payout_pages import AskedRun, StatementPaid, asked_runs, statements_paid
from db.reads.payouts import runs_of
from db.reads.people import KnownPerson, names_of
from db.reads.watching import version_of_payouts
from domain.accesses import Act, Reading
from domain.payouts import PayoutRunProgress, PayoutRunRequest, parse_month

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/virements", tags=["pages"], include_in_schema=False)


class AgainAsked(RunAsked):
    """Another run of a month, or one for one technician only: somebody decides it, and says why."""

    reason: RunReason


@dataclass(frozen=True)
class Outcomes:
    """What Temporal says of the last run: its `progress` while it is open, what it did (`technicians`) once
    it is over, as long as that is kept. `away`: it could not be asked."""

    progress: PayoutRunProgress | None = None
    technicians: Sequence[TechnicianOutcome] = ()
    away: bool = False


@router.get(
    "", summary="The payouts of the month that is to be paid", dependencies=[recorded(Reading.PAYOUTS)]
)
async def show_last(
    request: Request, person: AnyFinance, given: Given, workflows: GivenWorkflows
) -> HTMLResponse:
    return await _payouts_page(request, person, given, workflows, month_to_pay(given.clock()))


@router.get("/{month}", summary="A month's payouts", dependencies=[recorded(Reading.PAYOUTS, "month")])
async def show(
    request: Request,
    person: AnyFinance,
    month: MonthInPath,
    given: Given,
    workflows: GivenWorkflows,
    technicien: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """With the form of another run made out for that technician, for who comes from their statement."""
    form = BLANK.anew(technician_id=technicien)
    return await _payouts_page(request, person, given, workflows, month, form)


@router.get("/{month}/suivi", summary="What changes in a month's payouts")
async def watch(
    request: Request, person: AnyFinance, found: CurrentSignIn, month: MonthInPath, given: Given
) -> StreamingResponse:
    wanted = str(parse_month(month))
    return await follow(request, given, found, lambda session: version_of_payouts(session, wanted))


@router.post(
    "/{month}/lancer",
    summary="Run a month's payouts, from the page",
    dependencies=[recorded(Act.PAYOUTS_RUN, "month")],
)
async def run(
    request: Request,
    person: AnyFinance,
    month: MonthInPath,
    given: Given,
    workflows: GivenWorkflows,
    form: SentForm,
) -> Response:
    wanted = parse_month(month)
    mine = payouts.key_of_run(person, wanted, form.key)
    async with given.sessions() as session:
        # Sent twice, a form is one run, and the first one still.
        is_again = any(one.run.key != mine for one in await runs_of(session, str(wanted)))
    return await settled(
        form,
        lambda: payouts.run_payouts(
            person, month, form.key, given, workflows, Response(), _asked(form, is_again=is_again)
        ),
        done(f"/virements/{wanted}", "lance"),
        lambda again: _payouts_page(request, person, given, workflows, month, again),
    )


def _asked(form: Sent, *, is_again: bool) -> RunAsked:
    """Raises `ValidationError` for one without the reason that it must have."""
    if is_again or form.value("technician_id"):
        again = form.body(AgainAsked)
        return RunAsked(reason=again.reason, technician_id=again.technician_id)
    return form.body(RunAsked)


async def _payouts_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    workflows: Workflows,
    text: str,
    form: Filled | None = None,
) -> HTMLResponse:
    now = given.clock()
    month = shown_month(text, now)
    async with given.sessions() as session:
        runs = await asked_runs(session, str(month))
        statements = await statements_paid(session, str(month))
    outcomes = await _outcomes(workflows, str(month), runs[-1] if runs else None)
    failures = [one for one in _told(outcomes) if one.failure is not None]
    names = {one.statement.technician_id: one.technician for one in statements}
    if unnamed := {one.technician_id for one in failures} - names.keys():
        async with given.sessions() as session:
            names |= await names_of(session, unnamed)
    is_open = bool(runs) and runs[-1].run.finished_at is None
    return desk_page(
        request,
        person,
        "desk/finance/payouts.html.j2",
        PAYOUTS,
        form=form or BLANK.anew(),
        said=words.DONE,
        live=True,
        month=month,
        own=f"/virements/{month}",
        runs=[(one.run, one.reason, words.asked_by(one)) for one in reversed(runs)],
        is_open=is_open,
        outcomes=outcomes,
        failures=[(names.get(one.technician_id, ""), one.failure) for one in failures],
        statements=[
            (one, *words.state(one.payout, sending=is_open), words.why(one.payout), words.contest(one))
            for one in statements
        ],
        unknown=0 if is_open else sum(words.is_unknown(one.payout) for one in statements),
        totals=_totals(statements),
        may_run_again=_rerun_choices(month, statements, failures, names),
        now=now,
    )


async def _outcomes(workflows: Workflows, month: str, last: AskedRun | None) -> Outcomes:
    """The page is whole without them: what is in the database does not wait for Temporal."""
    if last is None:
        return Outcomes()
    try:
        if last.run.finished_at is None:
            return Outcomes(progress=await workflows.payout_progress(month))
        asked = PayoutRunRequest(month=month, key=last.run.key, actor_id=last.run.actor_id)
        result = (await workflows.follow_payouts(asked)).result
    except Problem:
        return Outcomes(away=True)
    return Outcomes(technicians=[outcome_view(one) for one in result.technicians] if result else ())


def _told(outcomes: Outcomes) -> Sequence[TechnicianOutcome]:
    progress = outcomes.progress
    return [outcome_view(one) for one in progress.done] if progress else outcomes.technicians


def _totals(statements: Sequence[StatementPaid]) -> dict[str, tuple[int, int]]:
    """By status: how many statements, and what is transferred for them."""
    totals = {status.value: (0, 0) for status in PayoutStatus}
    for one in statements:
        count, cents = totals[one.payout.status.value]
        totals[one.payout.status.value] = (count + 1, cents + one.statement.due_cents)
    return totals


def _rerun_choices(
    month: ShownMonth,
    statements: Sequence[StatementPaid],
    failures: Sequence[TechnicianOutcome],
    names: Mapping[str, str],
) -> list[tuple[str, str]]:
    """All the month, or one technician of those who are not paid."""
    waiting = {
        one.statement.technician_id
        for one in statements
        if one.payout.status in (PayoutStatus.FAILED, PayoutStatus.TO_SEND)
    } | {one.technician_id for one in failures}
    some = sorted((names.get(one, ""), one) for one in waiting)
    return [("", words.EVERYBODY_DUE), *((one, words.only(name)) for name, one in some)]
