"""Files for the accountant, the tax office and the bank, and what the bank sends back."""

from datetime import date, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyFinance
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.finance import words
from api.desks.finance.months import current_month, month_to_pay, shown_month
from api.desks.forms import Filled, SentForm, Trouble, tried
from api.desks.sections import BOOKS
from api.desks.showing import desk_page, done
from api.formats import FIRST_YEAR, LAST_YEAR
from api.recording import recorded
from api.routes import bank
from api.routes.declarations import YearInPath
from api.shapes.bank import BankMessageOutcome, transfer_files
from api.shapes.declarations import declaration_view
from db.reads.bank import files_of, message_of
from db.reads.declared_years import declared_year
from db.reads.ledger import first_posting_at
from db.reads.people import KnownPerson
from domain.accesses import Act, Reading
from domain.declared_years import check_begun
from domain.opening_hours import PARIS
from domain.payouts import Month

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

Year = Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)]
MonthAsked = Annotated[str, Query(max_length=20)]
# As a browser names a message of the bank that it has sent.
Digest = Annotated[str, Query(max_length=64)]


@router.get("/exports", summary="Files to download")
async def show(request: Request, person: AnyFinance, given: Given, annee: Year = None) -> HTMLResponse:
    now = given.clock()
    this_year = now.astimezone(PARIS).year
    year = min(annee or this_year, this_year)
    async with given.sessions() as session:
        first = await first_posting_at(session)
    months = [str(Month(year, number)) for number in range(1, 13)]
    return desk_page(
        request,
        person,
        "desk/finance/exports.html.j2",
        BOOKS,
        month=current_month(now),
        year=year,
        years=range(this_year, (first.astimezone(PARIS).year if first else this_year) - 1, -1),
        is_over=year < this_year,
        months=[month for month in months if month <= current_month(now)],
    )


@router.get("/declarations", summary="The next declaration", dependencies=[recorded(Reading.DECLARATION)])
async def show_next_declaration(request: Request, person: AnyFinance, given: Given) -> HTMLResponse:
    return await _declaration_page(request, person, given, _year_to_declare(given.clock()))


@router.get(
    "/declarations/{year}",
    summary="A year's declaration, to read",
    dependencies=[recorded(Reading.DECLARATION, "year")],
)
async def show_declaration(
    request: Request, person: AnyFinance, year: YearInPath, given: Given
) -> HTMLResponse:
    return await _declaration_page(request, person, given, year)


@router.get("/banque", summary="Files for the bank", dependencies=[recorded(Reading.PAYOUTS, "mois")])
async def show_bank(
    request: Request, person: AnyFinance, given: Given, mois: MonthAsked = "", message: Digest = ""
) -> HTMLResponse:
    return await _bank_page(request, person, given, mois, message)


@router.post(
    "/banque",
    summary="Bring a message of the bank, from the page",
    dependencies=[recorded(Act.BANK_MESSAGE_BROUGHT)],
)
async def bring(
    request: Request, person: AnyFinance, given: Given, workflows: GivenWorkflows, form: SentForm
) -> Response:
    month = form.value("mois")
    if not form.files:
        missing = Trouble(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            None,
            {"fichier": words.NO_FILE},
        )
        return await _bank_page(request, person, given, month, "", form.again(missing))
    content = await form.files[0].read()
    trouble = await tried(lambda: bank.apply_message(person, form.key, given, workflows, content))
    if trouble is not None:
        return await _bank_page(request, person, given, month, "", form.again(trouble))
    digest = sha256(content).hexdigest()
    own = f"/banque?mois={shown_month(month or month_to_pay(given.clock()), given.clock())}"
    return done(f"{own}&message={digest}", "message")


async def _bank_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    month: str,
    digest: str,
    form: Filled | None = None,
) -> HTMLResponse:
    now = given.clock()
    shown = shown_month(month or month_to_pay(now), now)
    async with given.sessions() as session:
        files = await files_of(session, str(shown))
        message = await message_of(session, digest) if digest else None
    outcome = BankMessageOutcome(**message.outcome) if message and message.outcome else None
    return desk_page(
        request,
        person,
        "desk/finance/bank.html.j2",
        BOOKS,
        form=form,
        said=words.DONE,
        month=shown,
        files=transfer_files(str(shown), files).files,
        message=message,
        outcome=words.told_by_the_bank(outcome) if outcome else [],
        now=now,
    )


async def _declaration_page(
    request: Request, person: KnownPerson, given: Dependencies, year: int
) -> HTMLResponse:
    now = given.clock()
    check_begun(year, now)
    async with given.sessions() as session:
        declared = await declared_year(session, year, now)
    # Declared under the name that the register of companies has.
    names = {one.seller.id: one.seller.name for one in declared.sellers}
    return desk_page(
        request,
        person,
        "desk/finance/declaration.html.j2",
        BOOKS,
        month=current_month(now),
        view=declaration_view(declared, names),
        next_year=year + 1 if year < now.astimezone(PARIS).year else None,
        due_on=datetime.combine(declared.due_on, datetime.min.time(), PARIS),
    )


def _year_to_declare(now: datetime) -> int:
    """In January, the year before, which is due at its end."""
    today: date = now.astimezone(PARIS).date()
    return today.year - 1 if today.month == 1 else today.year
