"""All of a person's data (GDPR, articles 15 and 20): for oneself, or by the back office for who asks it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.auth import AnyBackOffice, AnyPerson, CurrentSignIn
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import SIGNED_IN, Responses, problems
from api.errors import Problem
from api.export_pages import own_data
from api.export_view import personal_data
from api.formats import Id
from api.recording import recorded
from api.shapes.export import PersonalData
from api.turnstile import Turnstile
from db.reads.export import Kept, kept_about, person_to_export
from domain.accesses import Reading

router = APIRouter(prefix="/v1")

JSON, PDF = "application/json", "application/pdf"
PAGES: Responses = {
    200: {"description": "PDF/A-3.", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}
MINE = (*SIGNED_IN, ApiCode.CROWDED)
ANYBODYS = (*MINE, ApiCode.INVALID_INPUT, ApiCode.PERSON_NOT_FOUND)
PersonInPath = Annotated[Id, Path(description="Anybody's with an account, closed ones included.")]


async def one_at_a_time(request: Request, current: CurrentSignIn) -> AsyncIterator[None]:
    """All of a person at once takes memory: one export is made at a time, the others wait their turn, one for
    each who asks. A stranger has none."""
    turnstile: Turnstile = request.app.state.exports
    async with turnstile.passing_once(current.person.id):
        yield


ALONE = Depends(one_at_a_time, scope="function")


@router.get(
    "/me/export.json",
    tags=["me"],
    summary="All of my data, for another service",
    dependencies=[ALONE],
    response_model=PersonalData,
    responses=problems(*MINE),
)
async def export_mine(person: AnyPerson, given: Given) -> Response:
    """What is kept about me and is mine to see, with what it is for, how long it is kept, and my rights."""
    return await _json(given, await _kept(given, person.id))


@router.get(
    "/me/export.pdf",
    tags=["me"],
    summary="All of my data, to read",
    dependencies=[ALONE],
    response_class=Response,
    responses=problems(*MINE) | PAGES,
)
async def export_mine_as_pages(person: AnyPerson, given: Given) -> Response:
    """The same as `export.json`."""
    return await _pdf(given, await _kept(given, person.id))


@router.get(
    "/people/{person}/export.json",
    tags=["back office"],
    summary="All of a person's data, for another service",
    dependencies=[ALONE, recorded(Reading.PERSONAL_DATA, "person")],
    response_model=PersonalData,
    responses=problems(*ANYBODYS),
)
async def export_of(_: AnyBackOffice, person: PersonInPath, given: Given) -> Response:
    """For somebody who asks by telephone or by mail: what they would see themselves, and no more."""
    return await _json(given, await _kept(given, person))


@router.get(
    "/people/{person}/export.pdf",
    tags=["back office"],
    summary="All of a person's data, to read",
    dependencies=[ALONE, recorded(Reading.PERSONAL_DATA, "person")],
    response_class=Response,
    responses=problems(*ANYBODYS) | PAGES,
)
async def export_of_as_pages(_: AnyBackOffice, person: PersonInPath, given: Given) -> Response:
    """The same as `export.json`."""
    return await _pdf(given, await _kept(given, person))


async def _kept(given: Dependencies, person_id: str) -> Kept:
    async with given.sessions() as session:
        person = await person_to_export(session, person_id)
        if person is None:
            raise Problem(ApiCode.PERSON_NOT_FOUND)
        return await kept_about(session, person)


async def _json(given: Dependencies, kept: Kept) -> Response:
    def made() -> str:
        return _view(given, kept).model_dump_json(indent=2)

    return _download(await asyncio.to_thread(made), JSON, "json")


async def _pdf(given: Dependencies, kept: Kept) -> Response:
    """Nothing is held while the pages are set, the loop neither."""

    def made() -> bytes:
        return given.own_data_pdf(own_data(_view(given, kept)))

    return _download(await asyncio.to_thread(made), PDF, "pdf")


def _view(given: Dependencies, kept: Kept) -> PersonalData:
    return personal_data(kept, given.company, given.clock(), given.deadlines, given.hours)


def _download(content: str | bytes, media_type: str, ending: str) -> Response:
    """Nobody keeps it but the person."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="mes-donnees.{ending}"',
            "Cache-Control": "private, no-store",
        },
    )
