"""What a run of a month would do now: to whom it would send what, whom it would leave out and why."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from api import french
from api.auth import AnyFinance
from api.codes import ApiCode
from api.dependencies import Given
from api.desks.finance import words
from api.desks.finance.months import shown_month
from api.desks.sections import PAYOUTS
from api.desks.showing import desk_page
from api.errors import Problem
from api.formats import Id
from api.recording import recorded
from api.routes.payouts import MonthInPath
from db.reads.payout_pages import due_of_technician, dues_of_month
from domain.accesses import Reading

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/virements/{month}/apercu", tags=["pages"], include_in_schema=False)


@router.get("", summary="What a run would do", dependencies=[recorded(Reading.PAYOUTS, "month")])
async def show(request: Request, person: AnyFinance, month: MonthInPath, given: Given) -> HTMLResponse:
    now = given.clock()
    shown = shown_month(month, now)
    async with given.sessions() as session:
        dues = await dues_of_month(session, shown.month, shown.until, now)
    return desk_page(
        request,
        person,
        "desk/finance/preview.html.j2",
        PAYOUTS,
        month=shown,
        own=f"/virements/{shown}",
        paid=[one for one in dues if one.due.due_cents],
        held=[one for one in dues if one.due.holds],
        later=[one for one in dues if one.due.carried_over and not one.due.holds],
        to_pay_cents=sum(one.due.due_cents for one in dues),
        reasons=french.PAYOUT_FAILURES,
        carried=french.CARRIED_OVER,
        now=now,
    )


@router.get(
    "/{technician}",
    summary="What a run would do for a technician",
    dependencies=[recorded(Reading.EARNINGS, "technician", "month")],
)
async def show_technician(
    request: Request, person: AnyFinance, month: MonthInPath, technician: Annotated[Id, Path()], given: Given
) -> HTMLResponse:
    now = given.clock()
    shown = shown_month(month, now)
    async with given.sessions() as session:
        found = await due_of_technician(session, shown.month, shown.until, now, technician)
    if found is None:
        raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
    one, lines = found
    return desk_page(
        request,
        person,
        "desk/finance/preview_lines.html.j2",
        PAYOUTS,
        month=shown,
        own=f"/virements/{shown}",
        one=one.due,
        name=one.file.name,
        lines=lines,
        unpaid=[(line, *words.state(line.payout), words.why(line.payout)) for line in one.due.unpaid],
        reasons=french.PAYOUT_FAILURES,
        carried=french.CARRIED_OVER,
        now=now,
    )
