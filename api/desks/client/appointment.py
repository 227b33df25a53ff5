"""The client changes an appointment: moves it, cancels it, or withdraws from the contract."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyClient
from api.dependencies import Dependencies, Given
from api.desks.client.act_pages import act_page, back
from api.desks.client.request import path_of
from api.desks.forms import Filled, FormActs, SentForm, settled
from api.desks.moving import free_hours
from api.desks.sections import REQUESTS
from api.desks.showing import desk_page
from api.routes import client_acts, withdrawal
from api.shapes.acts import Reschedule, Withdraw, WithReason
from api.ticket_reading import NumberInPath
from db.reads.people import KnownPerson
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/demandes", tags=["pages"], include_in_schema=False)

FromDay = Annotated[str | None, Query(alias="a_partir_du", max_length=10)]


@router.get("/{number}/deplacer", summary="The page to move the appointment")
async def show_move(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, a_partir_du: FromDay = None
) -> HTMLResponse:
    return await _move_page(request, person, given, number, a_partir_du)


@router.post("/{number}/deplacer", summary="Move the appointment, from the page")
async def move(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    return await settled(
        form,
        lambda: client_acts.reschedule(person, number, form.body(Reschedule), acts),
        back(number, "deplacee"),
        lambda again: _move_page(request, person, given, number, form.value("from"), again),
    )


async def _move_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    day: str | None,
    form: Filled | None = None,
) -> HTMLResponse:
    words = await free_hours(given, person, number, day, Command.RESCHEDULE, is_again=form is not None)
    own = path_of(words["view"].number)
    return desk_page(request, person, "desk/client/move.html.j2", REQUESTS, form=form, own=own, **words)


@router.get("/{number}/annuler", summary="The page to cancel the appointment")
async def show_cancel(
    request: Request, person: AnyClient, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await act_page(request, person, given, number, Command.CANCEL, "cancel")


@router.post("/{number}/annuler", summary="Cancel the appointment, from the page")
async def cancel(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    return await settled(
        form,
        lambda: client_acts.cancel(person, number, acts, form.body(WithReason)),
        back(number, "annulee"),
        lambda again: act_page(request, person, given, number, Command.CANCEL, "cancel", form=again),
    )


@router.get("/{number}/retractation", summary="The page of the first step of a withdrawal")
async def show_withdrawal(
    request: Request, person: AnyClient, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _withdrawal_page(request, person, given, number)


@router.post("/{number}/retractation", summary="Withdraw, by the page of the second step")
async def withdraw(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    return await settled(
        form,
        lambda: withdrawal.withdraw(person, number, form.body(Withdraw), acts),
        back(number, "retractee"),
        lambda again: _withdrawal_page(request, person, given, number, again),
    )


async def _withdrawal_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    statement = await withdrawal.read_statement(person, number, given)
    return desk_page(
        request,
        person,
        "desk/client/withdrawal.html.j2",
        REQUESTS,
        form=form,
        statement=statement,
        own=path_of(number),
    )
