"""The yearly declaration of what technicians were paid (DAC7): its state, its file, what each is told."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.auth import AnyFinance, AnyTechnician
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import SIGNED_IN, Responses, problems
from api.errors import Problem
from api.formats import FIRST_YEAR, LAST_YEAR, Id
from api.recording import recorded
from api.shapes.declarations import DeclarationView, declaration_view
from db.reads.declared_years import declared_year
from db.reads.people import names_of
from domain.accesses import Reading
from domain.dac7 import is_declared
from domain.declared_years import DeclaredYear, NamedFile, check_begun
from domain.errors import Refusal

router = APIRouter(prefix="/v1")

YearInPath = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, examples=[2026])]
Sequence = Annotated[int, Query(ge=1, le=999, description="Counts the files sent for the year.")]
READ = (*SIGNED_IN, ApiCode.INVALID_INPUT, Refusal.FUTURE_YEAR)
XML, PDF = "application/xml", "application/pdf"


def _file(media_type: str, said: str) -> Responses:
    schema = {"type": "string", "format": "binary"}
    return {200: {"description": said, "content": {media_type: {"schema": schema}}}}


# Before the year itself, whose path would take this one for a year.
@router.get(
    "/declarations/{year}.xml",
    tags=["finance"],
    summary="The tax office's file of a year (DAC7)",
    response_class=Response,
    dependencies=[recorded(Reading.DECLARATION_FILE, "year")],
    responses=problems(*READ, Refusal.DECLARATION_INCOMPLETE) | _file(XML, "The file, to be sent by hand."),
)
async def read_file(_: AnyFinance, year: YearInPath, given: Given, sequence: Sequence = 1) -> Response:
    """Of all who were paid something, but for who was erased since (`erased` of the year): refused with the
    ids of those of whom something is missing (`technicians`). It is dated by the day: asked again that day,
    it is the same. While the year lasts its name begins with `PROVISOIRE_`: it is to look at, and not to
    send."""
    declared = await _declared(given, year)
    if declared.incomplete:
        raise Problem(Refusal.DECLARATION_INCOMPLETE, technicians=declared.incomplete)
    return _download(given.yearly_papers.declaration(declared, sequence), XML)


@router.get(
    "/declarations/{year}",
    tags=["finance"],
    summary="A year's declaration (DAC7)",
    dependencies=[recorded(Reading.DECLARATION, "year")],
    responses=problems(*READ),
)
async def read_declaration(_: AnyFinance, year: YearInPath, given: Given) -> DeclarationView:
    """What each technician was paid in each quarter, what is missing before it can be declared, and who has
    left and is in the file no more."""
    declared = await _declared(given, year)
    async with given.sessions() as session:
        names = await names_of(session, {one.seller.id for one in declared.sellers})
    return declaration_view(declared, names)


@router.get(
    "/declarations/{year}/statements/{technician}.pdf",
    tags=["finance"],
    summary="What a technician is told of their year",
    response_class=Response,
    dependencies=[recorded(Reading.YEARLY_STATEMENT, "technician", "year")],
    responses=problems(*READ, ApiCode.YEARLY_STATEMENT_NOT_FOUND) | _file(PDF, "PDF/A-3."),
)
async def download_statement(
    _: AnyFinance, year: YearInPath, technician: Annotated[Id, Path()], given: Given
) -> Response:
    """What is still missing of them is asked for on it."""
    return await _statement(given, year, technician)


@router.get(
    "/me/yearly-statements/{year}.pdf",
    tags=["me"],
    summary="What is declared of me for a year",
    response_class=Response,
    responses=problems(*READ, ApiCode.YEARLY_STATEMENT_NOT_FOUND) | _file(PDF, "PDF/A-3."),
)
async def download_mine(person: AnyTechnician, year: YearInPath, given: Given) -> Response:
    """What I was paid, as the tax office is told; provisional while the year lasts."""
    return await _statement(given, year, person.id)


async def _declared(given: Dependencies, year: int, technician: str | None = None) -> DeclaredYear:
    now = given.clock()
    check_begun(year, now)
    async with given.sessions() as session:
        return await declared_year(session, year, now, technician)


async def _statement(given: Dependencies, year: int, technician: str) -> Response:
    """Nothing is held while the page is set, the loop neither."""
    declared = await _declared(given, year, technician)
    for one in declared.sellers:
        if is_declared(one):
            made = await asyncio.to_thread(given.yearly_papers.statement, declared, one)
            return _download(made, PDF)
    raise Problem(ApiCode.YEARLY_STATEMENT_NOT_FOUND)


def _download(file: NamedFile, media_type: str) -> Response:
    """Nobody keeps it but the person: their tax number is in it."""
    return Response(
        file.content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "Cache-Control": "private, no-store",
        },
    )
