"""The accounts for finance and for the accountant: trial balance, year's file, month's close."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.auth import AnyFinance
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import SIGNED_IN, problems
from api.formats import FIRST_YEAR, LAST_YEAR, Instant
from api.recording import recorded
from api.routes.payouts import MonthInPath
from api.shapes.ledger import PeriodBalance, period_balance
from api.shapes.month_close import MonthCloseView, month_close_view
from db.reads.ledger import moves_between
from db.reads.ledger_entries import fec_of_year
from db.reads.month_close import closed_month
from domain import fec
from domain.accesses import Reading
from domain.errors import Refusal, Refused
from domain.payouts import Month, parse_month

router = APIRouter(prefix="/v1/ledger", tags=["finance"])

FEC_TYPE = f"text/plain; charset={fec.ENCODING}"


@router.get(
    "/trial-balance",
    summary="Trial balance of a period",
    dependencies=[recorded(Reading.LEDGER)],
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT, Refusal.PERIOD_ORDER),
)
async def read_trial_balance(
    _: AnyFinance,
    given: Given,
    start: Annotated[
        Instant | None, Query(alias="from", description="From the very beginning, if not given.")
    ] = None,
    until: Annotated[Instant | None, Query(description="Now, if not given; itself not included.")] = None,
) -> PeriodBalance:
    """Each account and sub-account: what it was, its debit and credit in the period, and its balance."""
    end = until or given.clock()
    if start is not None and end <= start:
        raise Refused(Refusal.PERIOD_ORDER)
    async with given.sessions() as session:
        moves = await moves_between(session, start, end)
    return period_balance(moves, start, end)


@router.get(
    "/journal.csv",
    summary="The year's entries, for the accountant (FEC)",
    response_class=StreamingResponse,
    dependencies=[recorded(Reading.LEDGER_EXPORT, "year")],
    responses={
        200: {
            "description": "The file",
            "content": {FEC_TYPE: {"schema": {"type": "string"}}},
        },
        **problems(*SIGNED_IN, ApiCode.INVALID_INPUT, Refusal.FUTURE_YEAR),
    },
)
async def read_journal(
    _: AnyFinance,
    given: Given,
    year: Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR, examples=[2026])],
) -> StreamingResponse:
    """The fichier des écritures comptables of a calendar year, Paris time (LPF, art. A. 47 A-1): 18 columns
    between tabulations, ISO 8859-15. `EcritureNum` counts the entries of the year as they were recorded: a
    late one comes last. Clients and technicians are ids: no name is in it."""
    if given.clock() < Month(year, 1).start:
        raise Refused(Refusal.FUTURE_YEAR)
    name = fec.file_name(year, given.siren)
    return StreamingResponse(
        _file(given, year),
        media_type=FEC_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _file(given: Dependencies, year: int) -> AsyncIterator[bytes]:
    """The connection is held while the file is read, and given back if the reader goes away."""
    async with given.sessions() as session:
        async for part in fec_of_year(session, year):
            yield part


@router.get(
    "/months/{month}",
    summary="A month's close",
    responses=problems(*SIGNED_IN, Refusal.INVALID_MONTH, Refusal.FUTURE_MONTH),
)
async def read_month_close(_: AnyFinance, month: MonthInPath, given: Given) -> MonthCloseView:
    """What was billed, credited and collected, what is due to the State, to technicians and by clients, and
    what the month leaves. Months are Paris time; a month not over is provisional, up to now."""
    wanted = parse_month(month)
    async with given.sessions() as session:
        return month_close_view(await closed_month(session, wanted, given.clock()))
