"""Leaving: by the person, or by the back office for somebody who phoned or wrote."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.auth import AnyBackOffice, ClientOrTechnician
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, THROUGH_TEMPORAL, problems
from api.erasures import GivenErasures, read_erasure
from api.formats import Id
from api.recording import recorded
from api.shapes.erasures import AskErasureFor, ErasureView
from domain.accesses import Act, Reading
from domain.erasures import AskedBy
from domain.errors import Refusal

router = APIRouter(prefix="/v1", tags=["leaving"])

InPath = Annotated[Id, Path()]
WITHDRAWING = (*THROUGH_TEMPORAL, ApiCode.ERASURE_NOT_FOUND, Refusal.ERASURE_OVER)


@router.get(
    "/me/erasure",
    summary="Where my leaving stands",
    responses=problems(*SIGNED_IN, ApiCode.ERASURE_NOT_FOUND),
)
async def read_my_erasure(person: ClientOrTechnician, given: Given) -> ErasureView:
    """The latest request, with what has to be settled before anything is erased."""
    return await read_erasure(given, person.id)


@router.post(
    "/me/erasure",
    status_code=201,
    summary="Have my account erased",
    responses=problems(*THROUGH_TEMPORAL, Refusal.ERASURE_OVER),
)
async def ask_for_my_erasure(person: ClientOrTechnician, erasures: GivenErasures) -> ErasureView:
    """There are 30 days to change one's mind, during which no new appointment can be made; appointments to
    come are cancelled as ever. Then, once nothing is left to settle, everything that names the person is
    erased, but for what accounting law has us keep. Asked for again, it is the same one."""
    return await erasures.ask(person, person.id, AskedBy.PERSON)


@router.post("/me/erasure/withdrawal", summary="Stay after all", responses=problems(*WITHDRAWING))
async def withdraw_my_erasure(person: ClientOrTechnician, erasures: GivenErasures) -> ErasureView:
    """Possible until it is done."""
    return await erasures.withdraw(person, person.id)


@router.get(
    "/people/{person}/erasure",
    summary="Where somebody's leaving stands",
    dependencies=[recorded(Reading.ERASURE, "person")],
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT, ApiCode.ERASURE_NOT_FOUND),
)
async def read_erasure_of(_: AnyBackOffice, person: InPath, given: Given) -> ErasureView:
    """The latest request, with what has to be settled before anything is erased."""
    return await read_erasure(given, person)


@router.post(
    "/people/{person}/erasure",
    status_code=201,
    summary="Have somebody's account erased",
    dependencies=[recorded(Act.ERASURE_ASKED, "person")],
    responses=problems(
        *THROUGH_TEMPORAL, ApiCode.PERSON_NOT_FOUND, Refusal.ERASURE_OF_STAFF, Refusal.ERASURE_OVER
    ),
)
async def ask_for_erasure_of(
    member: AnyBackOffice, person: InPath, body: AskErasureFor, erasures: GivenErasures
) -> ErasureView:
    """For a client or technician who phoned or wrote, and whom the team has recognised. They are told by
    mail."""
    return await erasures.ask(member, person, AskedBy(body.asked_by), body)


@router.post(
    "/people/{person}/erasure/withdrawal",
    summary="Somebody stays after all",
    dependencies=[recorded(Act.ERASURE_WITHDRAWN, "person")],
    responses=problems(*WITHDRAWING),
)
async def withdraw_erasure_of(member: AnyBackOffice, person: InPath, erasures: GivenErasures) -> ErasureView:
    """Possible until it is done; they are told by mail."""
    return await erasures.withdraw(member, person)
