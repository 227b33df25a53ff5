"""What the back office does to a ticket by a form of its case file: another technician or hour, an end."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.dependencies import Dependencies, Given
from api.desks.back_office.case_file import READS, path_of
from api.desks.back_office.case_reading import CaseFile, read_case
from api.desks.disputing import Disputed, disputed
from api.desks.forms import BLANK, Filled, FormActs, SentForm, settled
from api.desks.moving import free_hours
from api.desks.sections import QUEUE
from api.desks.showing import desk_page, done
from api.routes import back_office_acts, client_acts, payments
from api.shapes.acts import Reassign, Reschedule, WithReason, WriteOff
from api.ticket_reading import NumberInPath, number_in_path
from db.reads.people import KnownPerson
from domain.errors import Refusal, Refused
from domain.tickets import Command, Status, check_legal

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/dossiers", tags=["pages"], include_in_schema=False)

FromDay = Annotated[str | None, Query(alias="a_partir_du", max_length=10)]


def back(number: str, what: str) -> Response:
    """To the case file, which says that it is done."""
    return done(path_of(number_in_path(number)), what)


def check_possible(case: CaseFile, command: Command) -> None:
    """A page whose form could only be refused is not shown. Raises `Refused`."""
    check_legal(command, Status(case.view.status.code))
    if not case.may(command):
        over = command is Command.WITHDRAW
        raise Refused(Refusal.WITHDRAWAL_OVER if over else Refusal.NOT_ALLOWED_IN_STATUS)


def shown(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    case: CaseFile,
    template: str,
    form: Filled | None,
    **words: Any,
) -> HTMLResponse:
    return desk_page(
        request,
        person,
        f"desk/back_office/{template}.html.j2",
        QUEUE,
        form=form or BLANK.anew(),
        case=case,
        view=case.view,
        own=path_of(case.view.number),
        now=given.clock(),
        **words,
    )


@router.get("/{number}/technicien", summary="The page to choose another technician", dependencies=READS)
async def show_reassign(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _reassign_page(request, person, given, number, None)


@router.post("/{number}/technicien", summary="Choose another technician, from the page", dependencies=READS)
async def reassign(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: back_office_acts.reassign(person, number, form.body(Reassign), acts),
        back(number, "confiee"),
        lambda again: _reassign_page(request, person, given, number, again),
    )


async def _reassign_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None
) -> HTMLResponse:
    case = await read_case(given, person, number, technicians=True)
    if form is None:
        check_possible(case, Command.REASSIGN)
    present = case.view.technician.id if case.view.technician else None
    others = {key: name for key, name in case.technicians.items() if key != present}
    return shown(request, person, given, case, "reassign", form, technicians=others)


@router.get("/{number}/horaire", summary="The page to move the appointment", dependencies=READS)
async def show_move(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given, a_partir_du: FromDay = None
) -> HTMLResponse:
    return await _move_page(request, person, given, number, a_partir_du)


@router.post("/{number}/horaire", summary="Move the appointment, from the page", dependencies=READS)
async def move(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
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
    return desk_page(request, person, "desk/back_office/move.html.j2", QUEUE, form=form, own=own, **words)


@router.get("/{number}/annulation", summary="The page to cancel the appointment", dependencies=READS)
async def show_cancel(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given
) -> HTMLResponse:
    case = await read_case(given, person, number)
    check_possible(case, Command.CANCEL)
    return shown(request, person, given, case, "cancel", None)


@router.post("/{number}/annulation", summary="Cancel the appointment, from the page", dependencies=READS)
async def cancel(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: client_acts.cancel(person, number, acts, form.body(WithReason)),
        back(number, "annulee"),
        lambda again: _again(request, person, given, number, "cancel", again),
    )


@router.get("/{number}/litige", summary="The page to note that a client disputes", dependencies=READS)
async def show_dispute(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _dispute_page(request, person, given, number)


@router.post("/{number}/litige", summary="Note that a client disputes, from the page", dependencies=READS)
async def dispute(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    said = await disputed(request, given, person, number, form, acts)
    if isinstance(said, Filled):
        return await _dispute_page(request, person, given, number, said)
    return back(number, "demandee" if said is Disputed.REFUND_ASKED else "suspendue")


async def _dispute_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    case = await read_case(given, person, number)
    if form is None and not case.may_ask_refund:
        check_possible(case, Command.DISPUTE)
    return shown(request, person, given, case, "dispute", form)


@router.get("/{number}/abandon", summary="The page to give up what is owed", dependencies=READS)
async def show_write_off(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given
) -> HTMLResponse:
    case = await read_case(given, person, number)
    check_possible(case, Command.WRITE_OFF)
    return shown(request, person, given, case, "write_off", None)


@router.post("/{number}/abandon", summary="Give up what is owed, from the page", dependencies=READS)
async def write_off(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: payments.write_off(person, number, form.body(WriteOff), acts),
        back(number, "abandonnee"),
        lambda again: _again(request, person, given, number, "write_off", again),
    )


async def _again(
    request: Request, person: KnownPerson, given: Dependencies, number: str, template: str, form: Filled
) -> HTMLResponse:
    case = await read_case(given, person, number)
    return shown(request, person, given, case, template, form)
