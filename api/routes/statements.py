"""Statements: the document of each, its lines for a spreadsheet, and all those of a month."""

from fastapi import APIRouter, Response

from api import french_bank, spreadsheets
from api.auth import AnyFinance, TechnicianOrFinance
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.document_files import FILE, IfNoneMatch, download
from api.documentation import SIGNED_IN, problems
from api.recording import recorded
from api.routes.payouts import MONTH, MonthInPath
from api.shapes.payouts import StatementView, payout_label
from api.spreadsheets import TABLE, day, euros
from api.statement_reading import StatementNumber, read_statement, seen_statement
from db.models.payouts import PayoutStatus
from db.reads.payouts import StatementLine, statements_of_month
from db.reads.people import KnownPerson, names_of
from domain.accesses import Reading
from domain.ids import format_ticket_number
from domain.payouts import parse_month

router = APIRouter(prefix="/v1", tags=["finance"])

READ = (*SIGNED_IN, ApiCode.STATEMENT_NOT_FOUND, ApiCode.INVALID_INPUT)


@router.get(
    "/statements/{number}.pdf",
    summary="Download a statement",
    response_class=Response,
    dependencies=[recorded(Reading.STATEMENT, "number")],
    responses=problems(*READ, ApiCode.DOCUMENT_NOT_MADE, ApiCode.DOCUMENT_ARCHIVED) | FILE,
)
async def download_statement(
    person: TechnicianOrFinance, number: StatementNumber, given: Given, if_none_match: IfNoneMatch = None
) -> Response:
    """The self-billed invoice, the same bytes as were mailed."""
    found = await _seen(given, person, number)
    return await download(given, None, found.statement.number, if_none_match)


@router.get(
    "/statements/{number}.csv",
    summary="A statement's lines",
    response_class=Response,
    dependencies=[recorded(Reading.STATEMENT, "number")],
    responses=problems(*READ) | TABLE,
)
async def read_lines(person: TechnicianOrFinance, number: StatementNumber, given: Given) -> Response:
    """A line for each gain, oldest first. One that corrects another statement after a contest names it."""
    found = await _seen(given, person, number)
    rows = [
        (
            found.statement.number,
            format_ticket_number(gain.ticket),
            str(gain.session),
            day(gain.accepted_at),
            str(gain.slices),
            euros(gain.amount_cents),
            found.corrects.get(gain.id, ""),
        )
        for gain in found.gains
    ]
    return spreadsheets.table(french_bank.STATEMENT_LINES, rows, found.statement.number)


@router.get(
    "/statements/{number}",
    summary="Read a statement",
    dependencies=[recorded(Reading.STATEMENT, "number")],
    responses=problems(*READ),
)
async def read_one(person: TechnicianOrFinance, number: StatementNumber, given: Given) -> StatementView:
    """With its gains, its transfer, and whether it is contested."""
    return await read_statement(given, person, number)


@router.get(
    "/payouts/{month}/statements.csv",
    summary="What was paid to whom in a month",
    response_class=Response,
    dependencies=[recorded(Reading.PAYOUTS, "month")],
    responses=problems(*MONTH) | TABLE,
)
async def read_month(_: AnyFinance, month: MonthInPath, given: Given) -> Response:
    """Each statement of the month with its transfer."""
    wanted = str(parse_month(month))
    async with given.sessions() as session:
        lines = await statements_of_month(session, wanted)
        names = await names_of(session, {line.statement.technician_id for line in lines})
    rows = [_monthly(line, names.get(line.statement.technician_id, "")) for line in lines]
    return spreadsheets.table(french_bank.STATEMENTS, rows, f"releves-{wanted}")


async def _seen(given: Dependencies, person: KnownPerson, number: str) -> StatementLine:
    async with given.sessions() as session:
        return await seen_statement(session, person, number)


def _monthly(line: StatementLine, name: str) -> tuple[str, ...]:
    statement, payout = line.statement, line.payout
    failure = french_bank.failure_label(payout.failure, payout.rail) if payout.failure else ""
    return (
        statement.month,
        statement.number,
        statement.technician_id,
        name,
        day(statement.issued_at),
        euros(statement.total_cents),
        euros(statement.vat_cents),
        euros(statement.due_cents),
        payout_label(payout),
        payout.transfer or "",
        day(payout.paid_at),
        "" if payout.status is PayoutStatus.PAID else failure,
    )
