"""The ledger: the balance of each account over a month, the entries of one, and the month's close."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.auth import AnyFinance
from api.dependencies import Dependencies, Given
from api.desks.finance.months import current_month, shown_month
from api.desks.finance.pieces import piece
from api.desks.sections import BOOKS
from api.desks.showing import desk_page
from api.recording import recorded
from api.routes import accounts
from api.routes.payouts import MonthInPath
from db.reads.ledger import entries_of_number, moves_by_number, moves_of_number
from db.reads.people import KnownPerson
from domain.accesses import Reading
from domain.chart_of_accounts import AUXILIARIES, Account

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/comptabilite", tags=["pages"], include_in_schema=False)

ON_A_PAGE = 100
# Enough to see whom an account is about; all of them are in the accountant's file.
OWNERS_SHOWN = 100

AccountInPath = Annotated[str, Path(pattern=r"^[0-9]{2,8}$", max_length=8)]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


@router.get("", summary="The ledger of this month", dependencies=[recorded(Reading.LEDGER)])
async def show_current(request: Request, person: AnyFinance, given: Given) -> HTMLResponse:
    return await _balance_page(request, person, given, current_month(given.clock()))


@router.get("/{month}", summary="The ledger of a month", dependencies=[recorded(Reading.LEDGER, "month")])
async def show(request: Request, person: AnyFinance, month: MonthInPath, given: Given) -> HTMLResponse:
    return await _balance_page(request, person, given, month)


@router.get("/{month}/cloture", summary="A month's close, to read")
async def show_close(request: Request, person: AnyFinance, month: MonthInPath, given: Given) -> HTMLResponse:
    shown = shown_month(month, given.clock())
    return desk_page(
        request,
        person,
        "desk/finance/close.html.j2",
        BOOKS,
        month=shown,
        own=f"/comptabilite/{shown}",
        view=await accounts.read_month_close(person, month, given),
    )


@router.get(
    "/{month}/comptes/{account}",
    summary="The entries of an account",
    dependencies=[recorded(Reading.LEDGER, "account", "month")],
)
async def show_account(
    request: Request,
    person: AnyFinance,
    month: MonthInPath,
    account: AccountInPath,
    given: Given,
    page: PageNumber = 1,
) -> HTMLResponse:
    shown = shown_month(month, given.clock())
    start, skip = shown.month.start, (page - 1) * ON_A_PAGE
    async with given.sessions() as session:
        owners = await moves_of_number(session, account, start, shown.until)
        entries = await entries_of_number(
            session, account, start, shown.until, limit=ON_A_PAGE + 1, skip=skip
        )
    moved = [one for one in owners if one.moves.debit_cents or one.moves.credit_cents]
    standing = [one for one in owners if one.moves.balance_cents or one in moved]
    return desk_page(
        request,
        person,
        "desk/finance/account.html.j2",
        BOOKS,
        month=shown,
        own=f"/comptabilite/{shown}",
        account=Account(account),
        opening_cents=sum(one.moves.opening_cents for one in owners),
        debit_cents=sum(one.moves.debit_cents for one in owners),
        credit_cents=sum(one.moves.credit_cents for one in owners),
        balance_cents=sum(one.moves.balance_cents for one in owners),
        owner_label=AUXILIARIES.get(account),
        owners=standing[:OWNERS_SHOWN],
        owners_left=max(0, len(standing) - OWNERS_SHOWN),
        entries=[(one, piece(one)) for one in entries[:ON_A_PAGE]],
        page=page,
        has_more=len(entries) > ON_A_PAGE,
    )


async def _balance_page(
    request: Request, person: KnownPerson, given: Dependencies, text: str
) -> HTMLResponse:
    month = shown_month(text, given.clock())
    async with given.sessions() as session:
        moves = await moves_by_number(session, month.month.start, month.until)
    return desk_page(
        request,
        person,
        "desk/finance/balance.html.j2",
        BOOKS,
        month=month,
        own=f"/comptabilite/{month}",
        lines=[(Account(one.account), one) for one in moves],
        debit_cents=sum(one.debit_cents for one in moves),
        credit_cents=sum(one.credit_cents for one in moves),
        balance_cents=sum(one.balance_cents for one in moves),
        opening_cents=sum(one.opening_cents for one in moves),
    )
