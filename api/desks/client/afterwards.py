"""What a client does once a session has begun or is over: gives an opinion, is not satisfied, pays."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyClient
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.client import words
from api.desks.client.act_pages import act_page, back, shown_act
from api.desks.client.cards import to_card_page
from api.desks.client.reading import check_possible, read_request
from api.desks.client.request import path_of, request_page
from api.desks.disputing import Disputed, disputed
from api.desks.forms import BLANK, Filled, FormActs, SentForm, Trouble, settled, tried
from api.desks.showing import DONE, done
from api.pages import see
from api.routes import client_acts, payments
from api.shapes.acts import Pay, Review
from api.ticket_reading import NumberInPath, number_in_path, seen_ticket
from db.reads.people import KnownPerson
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/demandes", tags=["pages"], include_in_schema=False)


@router.get("/{number}/avis", summary="The page to give an opinion")
async def show_review(
    request: Request, person: AnyClient, number: NumberInPath, given: Given
) -> HTMLResponse:
    seen = await read_request(given, person, number)
    check_possible(seen, Command.REVIEW)
    said = seen.view.review
    form = BLANK.anew(stars=said.stars if said else None, comment=said.comment if said else None)
    return shown_act(request, person, given, seen, "review", form)


@router.post("/{number}/avis", summary="Give an opinion, from the page")
async def review(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    """Who is not satisfied says why on another page; the opinion is kept."""
    satisfied = form.value("satisfied") == "true"
    return await settled(
        form,
        lambda: client_acts.review(person, number, form.body(Review, satisfied=satisfied), acts),
        back(number, "avis"),
        lambda again: act_page(request, person, given, number, Command.REVIEW, "review", form=again),
    )


@router.get("/{number}/insatisfaction", summary="The page to be dissatisfied")
async def show_dispute(
    request: Request, person: AnyClient, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _dispute_page(request, person, given, number)


@router.post("/{number}/insatisfaction", summary="Be dissatisfied, from the page")
async def dispute(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    said = await disputed(request, given, person, number, form, acts)
    if isinstance(said, Filled):
        return await _dispute_page(request, person, given, number, said)
    return back(number, "remboursement" if said is Disputed.REFUND_ASKED else "insatisfaction")


async def _dispute_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    seen = await read_request(given, person, number)
    if form is None and not seen.may_dispute:
        check_possible(seen, Command.DISPUTE)
    return shown_act(request, person, given, seen, "dispute", form or BLANK.anew())


@router.post("/{number}/payer", summary="Pay the invoice, from the page")
async def pay(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    """Tries the saved card, and leads to the bank's page if the client is to confirm there."""
    own = path_of(number_in_path(number))
    answers: list[payments.PaymentTried] = []

    async def paying() -> None:
        asked = Pay(return_url=f"{given.public_url}{own}")
        answers.append(await payments.pay(person, number, acts, asked))

    trouble = await tried(paying)
    if trouble is None and answers[0].refusal is not None:
        trouble = _not_taken(answers[0].refusal.label)
    if trouble is not None:
        return await request_page(request, person, given, number, form.again(trouble))
    return see(answers[0].confirm_url) if answers[0].confirm_url is not None else done(own, "payee")


def _not_taken(why: str) -> Trouble:
    return Trouble(HTTPStatus.CONFLICT, words.not_taken(why))


@router.post("/{number}/carte", summary="Give another card, from the page")
async def change_card(
    request: Request,
    person: AnyClient,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    workflows: GivenWorkflows,
) -> Response:
    """Leads to the provider's page, which leads back."""
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
    own = path_of(row.ticket.number)
    led = await to_card_page(given, workflows, person, form, f"{own}?{DONE}=carte")
    if isinstance(led, Trouble):
        return await request_page(request, person, given, number, form.again(led))
    return led
