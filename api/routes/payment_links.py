"""The page on which a client pays by the link of a mail, without signing in. It works in any browser: two
forms, and the payment provider's own pages for everything about the card."""

from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from api import french_refusals
from api.acting import Acts
from api.card_pages import card_page_url
from api.codes import STATUS
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.errors import Problem, refused
from api.idempotency import Key, idempotency_key
from api.linked import linked_ticket
from api.pages import page
from db.models.money import PaymentStatus
from db.models.tickets import Ticket
from db.reads.cards import saved_card
from db.reads.invoices import InvoiceWithPayment, invoice_of_ticket
from db.stores.requests import KeyReusedError
from domain.card_refusals import card_refusal
from domain.errors import Refused
from domain.messages import PayAsked
from domain.signed_links import Purpose
from domain.tickets import LEGAL, Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(
    prefix="/v1/payments", tags=["pages"], default_response_class=HTMLResponse, include_in_schema=False
)

Token = Annotated[str, Path(max_length=1000, description="As the mail's link has it.")]

# Drawn with the page, so that a form sent twice is one request.
FormKey = Annotated[str, Form(max_length=64)]
# What the bank's page adds to the address to which it sends the client back.
Returned = Annotated[str | None, Query(alias="redirect_status", max_length=32)]


@router.get("/{token}", summary="The page to pay an invoice")
async def show(token: Token, given: Given, returned: Returned = None) -> Response:
    """What is left to pay, and whether it was paid. Shows nothing else of the ticket."""
    try:
        return await _shown(given, token, returned)
    except Problem as problem:
        return _sorry(problem)


@router.post("/{token}", summary="Pay by the page")
async def pay(token: Token, given: Given, workflows: GivenWorkflows, key: FormKey = "") -> Response:
    """Tries the saved card, and leads to the bank's page if the client is to confirm there."""
    own_key = Key(idempotency_key(key))
    try:
        async with given.sessions() as session:
            client, row = await linked_ticket(session, given, token, Purpose.PAYMENT)
        own = f"{given.public_url}/v1/payments/{token}"
        done = await Acts(given, workflows, own_key).ask(
            client, row.ticket.number, Command.PAY, lambda who, _: PayAsked(who, own)
        )
    except (Problem, Refused, KeyReusedError) as error:
        return await _explained(given, token, error)
    tried = done.answer.payment
    if tried is None or (tried.refusal is None and tried.confirm_url is None):
        return _see(f"{own}?redirect_status=succeeded")
    return _see(tried.confirm_url or own)


@router.post("/{token}/card", summary="Give another card, from the page")
async def change_card(token: Token, given: Given, workflows: GivenWorkflows, key: FormKey = "") -> Response:
    """Leads to the provider's page, which leads back."""
    own_key = Key(idempotency_key(key))
    try:
        async with given.sessions() as session:
            client, row = await linked_ticket(session, given, token, Purpose.PAYMENT)
            found = await invoice_of_ticket(session, row.ticket.number)
        if not _payable(row.ticket, found):
            # Of use for this debt only: an old mail must not change a card for good.
            return await _shown(given, token)
        own = f"{given.public_url}/v1/payments/{token}"
        return _see(await card_page_url(given, workflows, client, own_key, own))
    except (Problem, KeyReusedError) as error:
        return await _explained(given, token, error)


async def _shown(
    given: Dependencies, token: str, returned: str | None = None, error: str | None = None
) -> HTMLResponse:
    async with given.sessions() as session:
        client, row = await linked_ticket(session, given, token, Purpose.PAYMENT)
        found = await invoice_of_ticket(session, row.ticket.number)
        card = await saved_card(session, client.id)
    payable = _payable(row.ticket, found)
    return page(
        "payment.html.j2",
        number=row.ticket.number,
        invoice=found.invoice if found else None,
        due_cents=found.due_cents if found else 0,
        paid=found is not None
        and found.due_cents > 0
        and found.payment is not None
        and found.payment.status is PaymentStatus.PAID,
        payable=payable,
        status=row.ticket.status,
        card=card.label if card else None,
        refusal=_refusal(found) if payable and returned is None else None,
        returned=returned,
        error=error,
        keys=(uuid4().hex, uuid4().hex),
        link=f"{given.public_url}/v1/payments/{token}",
    )


def _payable(ticket: Ticket, found: InvoiceWithPayment | None) -> bool:
    return ticket.status in LEGAL[Command.PAY] and found is not None and found.due_cents > 0


def _refusal(found: InvoiceWithPayment | None) -> str | None:
    last = found.attempts[-1].refusal if found and found.attempts else None
    return card_refusal(last) if last else None


async def _explained(given: Dependencies, token: str, error: Exception) -> HTMLResponse:
    """The page again, with what was wrong."""
    problem = refused(error) if isinstance(error, Refused) else error
    if not isinstance(problem, Problem):
        # The form was sent twice, for two things: the page as it is now has new ones.
        return await _shown(given, token)
    try:
        shown = await _shown(given, token, error=french_refusals.SENTENCES[problem.code])
    except Problem as invalid:
        return _sorry(invalid)
    shown.status_code = STATUS[problem.code].value
    return shown


def _sorry(problem: Problem) -> HTMLResponse:
    shown = page("sorry.html.j2", sentence=french_refusals.SENTENCES[problem.code])
    shown.status_code = STATUS[problem.code].value
    return shown


def _see(url: str) -> RedirectResponse:
    return RedirectResponse(url, HTTPStatus.SEE_OTHER)
