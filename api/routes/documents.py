"""Documents of record, as PDF: the invoice of a ticket and the credit notes that take from it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.auth import ClientOrTeam
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.document_files import FILE, IfNoneMatch, download
from api.documentation import SIGNED_IN, problems
from api.errors import Problem
from api.recording import recorded
from api.ticket_reading import NumberInPath, seen_ticket
from db.reads.invoices import InvoiceWithPayment, invoice_of_ticket
from db.reads.people import KnownPerson
from domain.accesses import Reading

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])


@router.get(
    "/{number}/invoice.pdf",
    summary="Download a ticket's invoice",
    response_class=Response,
    dependencies=[recorded(Reading.INVOICE, "number")],
    responses=problems(
        *SIGNED_IN,
        ApiCode.TICKET_NOT_FOUND,
        ApiCode.INVOICE_NOT_FOUND,
        ApiCode.DOCUMENT_NOT_MADE,
        ApiCode.DOCUMENT_ARCHIVED,
    )
    | FILE,
)
async def download_invoice(
    person: ClientOrTeam, number: NumberInPath, given: Given, if_none_match: IfNoneMatch = None
) -> Response:
    """The invoice of record, the same bytes as were mailed. `document_not_made` for the moment between its
    issue and its making."""
    ticket, invoice = await _invoice(given, person, number)
    return await download(given, ticket, invoice.invoice.number, if_none_match)


@router.get(
    "/{number}/credit-notes/{credit_note}.pdf",
    summary="Download a credit note",
    response_class=Response,
    dependencies=[recorded(Reading.INVOICE, "number", "credit_note")],
    responses=problems(
        *SIGNED_IN,
        ApiCode.TICKET_NOT_FOUND,
        ApiCode.INVOICE_NOT_FOUND,
        ApiCode.CREDIT_NOTE_NOT_FOUND,
        ApiCode.DOCUMENT_NOT_MADE,
        ApiCode.DOCUMENT_ARCHIVED,
    )
    | FILE,
)
async def download_credit_note(
    person: ClientOrTeam,
    number: NumberInPath,
    credit_note: Annotated[str, Path(description="Its number, as the ticket lists it.")],
    given: Given,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One that takes from the ticket's own invoice."""
    ticket, invoice = await _invoice(given, person, number)
    if credit_note not in {one.number for one in invoice.credits}:
        raise Problem(ApiCode.CREDIT_NOTE_NOT_FOUND)
    return await download(given, ticket, credit_note, if_none_match)


async def _invoice(given: Dependencies, person: KnownPerson, number: str) -> tuple[str, InvoiceWithPayment]:
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        found = await invoice_of_ticket(session, row.ticket.number)
    if found is None:
        raise Problem(ApiCode.INVOICE_NOT_FOUND)
    return row.ticket.number, found
