"""A technician's statements: the self-billed invoices, their transfers, and contesting one."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyTechnician
from api.contests import Contests
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.forms import BLANK, Filled, SentForm, settled
from api.desks.sections import GAIN
from api.desks.showing import desk_page, done
from api.desks.technician.words import CONTEST_DONE, PAYOUT_TONES
from api.routes import contests as contest_routes
from api.routes import me
from api.shapes.contests import ContestStatement
from api.statement_reading import StatementNumber, read_statement
from db.reads.people import KnownPerson
from domain.contests import Contestation
from domain.errors import Refusal, Refused

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/gain/releves", tags=["pages"], include_in_schema=False)

ON_A_PAGE = 12


@router.get("", summary="My statements")
async def show_all(
    request: Request,
    person: AnyTechnician,
    given: Given,
    avant: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> HTMLResponse:
    found = await me.read_payouts(person, given, avant, ON_A_PAGE)
    return desk_page(
        request,
        person,
        "desk/technician/statements.html.j2",
        GAIN,
        statements=found.statements,
        next=found.next,
        is_first=avant is None,
        now=given.clock(),
        tones=PAYOUT_TONES,
    )


@router.get("/{number}", summary="One of my statements")
async def show(
    request: Request, person: AnyTechnician, number: StatementNumber, given: Given
) -> HTMLResponse:
    return await _statement_page(request, person, given, number, "statement")


@router.get("/{number}/contester", summary="The page to contest a statement")
async def show_contest(
    request: Request, person: AnyTechnician, number: StatementNumber, given: Given
) -> HTMLResponse:
    return await _statement_page(request, person, given, number, "contest", BLANK.anew())


@router.post("/{number}/contester", summary="Contest a statement, from the page")
async def contest(
    request: Request,
    person: AnyTechnician,
    number: StatementNumber,
    given: Given,
    workflows: GivenWorkflows,
    form: SentForm,
) -> Response:
    asked, tickets = Contests(given, workflows, form.key), form.lists.get("tickets", [])

    async def contesting() -> None:
        body = form.body(ContestStatement, tickets=tickets)
        await contest_routes.contest_statement(person, number, body, asked)

    return await settled(
        form,
        contesting,
        done(f"/gain/releves/{number}", "conteste"),
        lambda again: _statement_page(request, person, given, number, "contest", again, tickets=tickets),
    )


async def _statement_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    template: str,
    form: Filled | None = None,
    *,
    tickets: list[str] | None = None,
) -> HTMLResponse:
    """`tickets` are those that were ticked. Raises `Refused` for a contest that could only be refused."""
    view = await read_statement(given, person, number)
    state = view.contest.state.code
    if template == "contest" and tickets is None and state != Contestation.CONTESTABLE:
        raise Refused(
            Refusal.CONTEST_PERIOD_OVER if state == Contestation.ACCEPTED else Refusal.STATEMENT_CONTESTED
        )
    return desk_page(
        request,
        person,
        f"desk/technician/{template}.html.j2",
        GAIN,
        form=form,
        said=CONTEST_DONE,
        view=view,
        own=f"/gain/releves/{view.number}",
        tickets=tickets or [],
        is_contestable=state == Contestation.CONTESTABLE,
        contest_by=view.contest.until - timedelta(seconds=1),
        now=given.clock(),
        tones=PAYOUT_TONES,
    )
