"""A month as finance sees it first: what was billed and collected, what technicians earn, what is to do."""

from collections.abc import Mapping
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth import AnyFinance
from api.dependencies import Dependencies, Given
from api.desks.finance import charts, words
from api.desks.finance.duties import duties, stage_of
from api.desks.finance.months import ShownMonth, current_month, shown_month
from api.desks.sections import MONTH
from api.desks.showing import desk_page
from api.routes.payouts import MonthInPath
from db.reads.month_close import receivables
from db.reads.month_figures import MonthGains, figures_by_day, gains_of_month, standing_of_month
from db.reads.people import KnownPerson
from domain import french
from domain.month_close import Figures
from domain.opening_hours import PARIS
from domain.payouts import Month, parse_month

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/mois", tags=["pages"], include_in_schema=False)

# The chart of months shows so many, the one of the page being the last.
MONTHS_SHOWN = 6
NAMED_EVERY = 5

Totals = list[tuple[Month, Figures]]


@router.get("", summary="This month")
async def show_current(request: Request, person: AnyFinance, given: Given) -> HTMLResponse:
    return await _month_page(request, person, given, current_month(given.clock()))


@router.get("/{month}", summary="A month")
async def show(request: Request, person: AnyFinance, month: MonthInPath, given: Given) -> HTMLResponse:
    return await _month_page(request, person, given, month)


async def _month_page(request: Request, person: KnownPerson, given: Dependencies, text: str) -> HTMLResponse:
    now = given.clock()
    month = shown_month(text, now)
    months = _months_up_to(month.month)
    async with given.sessions() as session:
        by_day = await figures_by_day(session, months[0].start, month.until)
        left = await receivables(session, month.until)
        gains = await gains_of_month(session, str(month))
        standing = await standing_of_month(session, str(month))
    stage = stage_of(standing, month)
    days = _days(month, by_day)
    totals = _by_month(months, by_day)
    return desk_page(
        request,
        person,
        "desk/finance/month.html.j2",
        MONTH,
        month=month,
        figures=totals[-1][1],
        unpaid_cents=sum(one.cents for one in left.unpaid),
        unpaid=left.unpaid,
        gains=gains,
        standing=standing,
        stage=stage.value,
        label=words.STAGES[stage][0],
        tone=words.STAGES[stage][1],
        duties=duties(standing, month),
        days=days,
        totals=[(str(one), figures) for one, figures in totals],
        days_chart=_days_chart(days),
        months_chart=_months_chart(totals),
        gains_chart=_gains_chart(gains),
        now=now,
    )


def _months_up_to(last: Month) -> list[Month]:
    months = [last]
    while len(months) < MONTHS_SHOWN:
        months.insert(0, months[0].previous())
    return months


def _days(month: ShownMonth, by_day: Mapping[date, Figures]) -> list[tuple[date, Figures]]:
    """All days of the month, those to come as well: half a month must not look like a whole one."""
    first = month.month.start.astimezone(PARIS).date()
    end = month.month.next().start.astimezone(PARIS).date()
    days = [first + timedelta(days=number) for number in range((end - first).days)]
    return [(day, by_day.get(day, Figures())) for day in days]


def _by_month(months: list[Month], by_day: Mapping[date, Figures]) -> Totals:
    totals = dict.fromkeys(months, Figures())
    for day, found in by_day.items():
        totals[parse_month(f"{day:%Y-%m}")] += found
    return list(totals.items())


def _days_chart(days: list[tuple[date, Figures]]) -> charts.Columns:
    named = [0, *range(NAMED_EVERY - 1, len(days), NAMED_EVERY)]
    return charts.columns(
        [(str(day.day), (found.billed_cents, found.collected_cents)) for day, found in days], named
    )


def _months_chart(totals: Totals) -> charts.Columns:
    return charts.columns(
        [
            (french.SHORT_MONTHS[month.number - 1], (found.billed_cents, found.collected_cents))
            for month, found in totals
        ]
    )


def _gains_chart(gains: MonthGains) -> charts.Rows:
    return charts.rows(
        [
            (label, french.euros(found.cents), found.cents)
            for label, found in (
                (words.PAID, gains.paid),
                (words.CLAIMED, gains.claimed),
                (words.PAYABLE, gains.payable),
                (words.HELD, gains.held),
            )
        ]
    )
