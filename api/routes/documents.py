"""Documents of record, as PDF: the invoice of a ticket and the credit notes that take from it."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from api.auth import ClientOrTeam
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import SIGNED_IN, Responses, problems
from api.errors import Problem
from api.ticket_reading import NumberInPath, seen_ticket
from db.models.documents import StoredDocument
from db.reads.documents import document_of
from db.reads.invoices import InvoiceWithPayment, invoice_of_ticket
from db.reads.people import KnownPerson

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

MEDIA_TYPE = "application/pdf"
FILE: Responses = {
    200: {
        "description": "PDF/A-3, with the data of the document (Factur-X, EN 16931) embedded.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        "headers": {
            "ETag": {"description": "The SHA-256 of the file, quoted.", "schema": {"type": "string"}}
        },
    },
    304: {"description": "Unchanged: it never changes once it is made."},
}
IfNoneMatch = Annotated[str | None, Header(description="The `ETag` of the file that one has already.")]


@router.get(
    "/{number}/invoice.pdf",
    summary="Download a ticket's invoice",
    response_class=Response,
    responses=problems(
        *SIGNED_IN, ApiCode.TICKET_NOT_FOUND, ApiCode.INVOICE_NOT_FOUND, ApiCode.DOCUMENT_NOT_MADE
    )
    | FILE,
)
async def download_invoice(
    person: ClientOrTeam, number: NumberInPath, given: Given, if_none_match: IfNoneMatch = None
) -> Response:
    """The invoice of record, the same bytes as were mailed. `document_not_made` for the moment between its
    issue and its making."""
    ticket, invoice = await _invoice(given, person, number)
    return await _download(given, ticket, invoice.invoice.number, if_none_match)


@router.get(
    "/{number}/credit-notes/{credit_note}.pdf",
    summary="Download a credit note",
    response_class=Response,
    responses=problems(
        *SIGNED_IN,
        ApiCode.TICKET_NOT_FOUND,
        ApiCode.INVOICE_NOT_FOUND,
        ApiCode.CREDIT_NOTE_NOT_FOUND,
        ApiCode.DOCUMENT_NOT_MADE,
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
    return await _download(given, ticket, credit_note, if_none_match)


async def _invoice(given: Dependencies, person: KnownPerson, number: str) -> tuple[str, InvoiceWithPayment]:
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        found = await invoice_of_ticket(session, row.ticket.number)
    if found is None:
        raise Problem(ApiCode.INVOICE_NOT_FOUND)
    return row.ticket.number, found


async def _download(given: Dependencies, ticket: str, number: str, known: str | None) -> Response:
    async with given.sessions() as session:
        document = await document_of(session, number, ticket=ticket)
    if document is None:
        raise Problem(ApiCode.DOCUMENT_NOT_MADE)
    headers = _headers(document)
    if known is not None and headers["ETag"] in {tag.strip() for tag in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(
        document.pdf,
        media_type=MEDIA_TYPE,
        headers=headers | {"Content-Disposition": f'attachment; filename="{document.number}.pdf"'},
    )


def _headers(document: StoredDocument) -> dict[str, str]:
    """Kept by the person's own browser only, and asked about again each time: who may see it may change."""
    return {
        "ETag": f'"{document.sha256}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
