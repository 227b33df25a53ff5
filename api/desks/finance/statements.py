"""Statements: those of a month, one of them whole, its contest and the answer, taking its transfer back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field
from starlette.responses import Response

from api import french
from api.auth import AnyFinance
from api.codes import ApiCode
from api.contests import Contests
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.finance import words
from api.desks.finance.months import month_to_pay, shown_month
from api.desks.finance.typed import Euros
from api.desks.forms import Filled, Sent, SentForm, settled
from api.desks.sections import PAYOUTS
from api.desks.showing import desk_page, done
from api.errors import Problem
from api.formats import Body
from api.recording import recorded
from api.routes import contests, reversals
from api.routes.payouts import MonthInPath
from api.shapes.contests import AnswerStatementContest
from api.shapes.payouts import statement_view
from api.shapes.reversals import ReversalAsked
from api.statement_reading import StatementNumber
from db.reads.contests import contested_statements
from db.reads.payout_pages import statements_paid
from db.reads.people import KnownPerson, names_of
from db.reads.statement_pages import statement_file
from domain.accesses import Act, Reading
from domain.contests import ContestOutcome

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

SHOWN = 200


class CorrectionTyped(Body):
    """`gain` names the session: `00000420-1`. `euros` are more, or less."""

    gain: Annotated[str, Field(pattern=r"^[0-9]{8}-[0-9]{1,4}$")]
    euros: Euros


@router.get(
    "/virements/{month}/releves",
    summary="A month's statements",
    dependencies=[recorded(Reading.PAYOUTS, "month")],
)
async def show_month(
    request: Request,
    person: AnyFinance,
    month: MonthInPath,
    given: Given,
    technicien: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    shown = shown_month(month, given.clock())
    async with given.sessions() as session:
        found = await statements_paid(session, str(shown))
    some = [one for one in found if technicien in ("", one.statement.technician_id)]
    return desk_page(
        request,
        person,
        "desk/finance/statements.html.j2",
        PAYOUTS,
        month=shown,
        own=f"/virements/{shown}",
        technicians=list({one.statement.technician_id: one.technician for one in found}.items()),
        chosen=technicien,
        statements=[(one, *words.state(one.payout), words.contest(one)) for one in some],
        total_cents=sum(one.statement.due_cents for one in some),
    )


@router.get("/contestations", summary="Contested statements", dependencies=[recorded(Reading.CONTESTS)])
async def show_contests(request: Request, person: AnyFinance, given: Given) -> HTMLResponse:
    now = given.clock()
    async with given.sessions() as session:
        found = await contested_statements(session, only_open=False, limit=SHOWN)
        names = await names_of(session, {one.statement.technician_id for one in found})
    return desk_page(
        request,
        person,
        "desk/finance/contests.html.j2",
        PAYOUTS,
        month=month_to_pay(now),
        contests=[(one, names.get(one.statement.technician_id, "")) for one in found],
        now=now,
    )


@router.get("/releves/{number}", summary="A statement", dependencies=[recorded(Reading.STATEMENT, "number")])
async def show(request: Request, person: AnyFinance, number: StatementNumber, given: Given) -> HTMLResponse:
    return await _statement_page(request, person, given, number)


@router.post(
    "/releves/{number}/reponse",
    summary="Answer the contest of a statement, from the page",
    dependencies=[recorded(Act.CONTEST_ANSWERED, "number")],
)
async def answer(
    request: Request,
    person: AnyFinance,
    number: StatementNumber,
    given: Given,
    workflows: GivenWorkflows,
    form: SentForm,
) -> Response:
    asked = Contests(given, workflows, form.key)
    return await settled(
        form,
        lambda: contests.answer_contest(person, number, _answer(form), asked),
        done(f"/releves/{number}", "reponse"),
        lambda again: _statement_page(request, person, given, number, again),
    )


@router.post(
    "/releves/{number}/reprise",
    summary="Take back the transfer of a statement, from the page",
    dependencies=[recorded(Act.TRANSFER_TAKEN_BACK, "number")],
)
async def take_back(
    request: Request,
    person: AnyFinance,
    number: StatementNumber,
    given: Given,
    workflows: GivenWorkflows,
    form: SentForm,
) -> Response:
    return await settled(
        form,
        lambda: reversals.take_back(person, number, form.key, form.body(ReversalAsked), given, workflows),
        done(f"/releves/{number}", "reprise"),
        lambda again: _statement_page(request, person, given, number, again),
    )


def _answer(form: Sent) -> AnswerStatementContest:
    """The session and the amount count with a correction only: a hidden field is no answer."""
    if form.value("outcome") != ContestOutcome.CORRECTED:
        return form.body(AnswerStatementContest)
    typed = form.body(CorrectionTyped)
    ticket, _, number = typed.gain.partition("-")
    correction = {"ticket": ticket, "session": int(number), "amount_cents": typed.euros}
    return form.body(AnswerStatementContest, correction=correction)


async def _statement_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    now = given.clock()
    async with given.sessions() as session:
        found = await statement_file(session, number)
    if found is None:
        raise Problem(ApiCode.STATEMENT_NOT_FOUND)
    line = found.line
    label, tone = words.state(line.payout)
    return desk_page(
        request,
        person,
        "desk/finance/statement.html.j2",
        PAYOUTS,
        form=form,
        said=words.DONE,
        view=statement_view(line, found.technician, now),
        payout=line.payout,
        label=label,
        tone=tone,
        why=words.why(line.payout),
        rail=french.RAILS[line.payout.rail] if line.payout.rail else None,
        session_choices=[
            (f"{ticket}-{session}", words.session(ticket, session))
            for ticket, session in sorted({(gain.ticket, gain.session) for gain in line.gains})
        ],
        reversals=found.reversals,
        take_backs=[
            (one, french.REVERSAL_FAILURES.get(one.refusal, french.REVERSAL_FAILED) if one.refusal else None)
            for one in found.take_backs
        ],
        may_take_back=line.payout.standing_transfer is not None,
        own=f"/releves/{number}",
        now=now,
    )
