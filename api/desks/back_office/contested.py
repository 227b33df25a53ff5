"""A payment that the client's bank took back, from the case file: the bank is answered, or given in to."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.desks.back_office.case_acts import back, shown
from api.desks.back_office.case_file import READS
from api.desks.back_office.case_reading import read_case
from api.desks.forms import Filled, FormActs, SentForm, settled
from api.errors import Problem
from api.recording import recorded
from api.routes import chargebacks
from api.shapes.chargebacks import ChargebackAnswered, ChargebackConceded
from api.ticket_reading import NumberInPath
from db.reads.people import KnownPerson
from domain.accesses import Act
from domain.chargebacks import ChargebackStatus

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/dossiers", tags=["pages"], include_in_schema=False)

Reference = Annotated[str, Path(max_length=64)]


@router.get(
    "/{number}/contestations/{reference}",
    summary="The page to answer the bank",
    dependencies=READS,
)
async def show_contested(
    request: Request, person: AnyBackOffice, number: NumberInPath, reference: Reference, given: Given
) -> HTMLResponse:
    return await _contested_page(request, person, given, number, reference)


@router.post(
    "/{number}/contestations/{reference}/reponse",
    summary="Answer the bank, from the page",
    dependencies=[recorded(Act.CHARGEBACK_ANSWERED, "reference")],
)
async def answer(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    reference: Reference,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: chargebacks.answer(
            person, reference, form.body(ChargebackAnswered), form.key, given, acts.workflows
        ),
        back(number, "banque"),
        lambda again: _contested_page(request, person, given, number, reference, again),
    )


@router.post(
    "/{number}/contestations/{reference}/concession",
    summary="Give in to the bank, from the page",
    dependencies=[recorded(Act.CHARGEBACK_CONCEDED, "reference")],
)
async def concede(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    reference: Reference,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: chargebacks.concede(
            person, reference, form.body(ChargebackConceded), form.key, given, acts.workflows
        ),
        back(number, "banque"),
        lambda again: _contested_page(request, person, given, number, reference, again),
    )


async def _contested_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    reference: str,
    form: Filled | None = None,
) -> HTMLResponse:
    case = await read_case(given, person, number)
    found = next((one for one in case.chargebacks if one.reference == reference), None)
    if found is None:
        raise Problem(ApiCode.CHARGEBACK_NOT_FOUND)
    is_open = found.status is ChargebackStatus.TO_ANSWER
    return shown(request, person, given, case, "contested", form, found=found, is_open=is_open)
