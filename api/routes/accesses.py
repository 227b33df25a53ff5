"""The journal of what the team read and did of others, for the back office."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

from api import french
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.formats import FIRST_YEAR, LAST_YEAR, Id, wrong
from api.french_accesses import LABELS
from api.pagination import Cursor, Limit, cursor_of, place_of
from api.recording import recorded
from api.shapes.common import Labelled, Moment, Named, Shape
from db.models.accesses import Access
from db.reads.accesses import Wanted, newest_accesses
from db.reads.people import names_of
from domain.accesses import Reading
from domain.opening_hours import PARIS

router = APIRouter(prefix="/v1", tags=["back office"])


def _day(text: object) -> date:
    try:
        day = datetime.strptime(str(text), "%Y-%m-%d").date()  # noqa: DTZ007  # a day, of no time zone
    except ValueError:
        raise wrong("not_a_day") from None
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise wrong("not_a_day")
    return day


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-24"]}),
]
Subject = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]


class AccessView(Shape):
    """`subject` and `part` are ids: of a ticket and an image of it, of a technician and a year, of what the
    kind says; null for a list. `request` is the same for an act and for what sent it again."""

    id: str
    at: Moment
    person: Named
    role: Labelled
    kind: Labelled
    subject: str | None
    part: str | None
    request: str | None


class Accesses(Shape):
    """`next` is the cursor of the page after; null on the last one."""

    accesses: list[AccessView]
    next: str | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "accesses": [
                        {
                            "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b90",
                            "at": "2026-11-24T10:00:00+01:00",
                            "person": {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b13", "name": "Nadia Morel"},
                            "role": {"code": "back_office", "label": "équipe Omea"},
                            "kind": {"code": "ticket", "label": "demande consultée"},
                            "subject": "00000420",
                            "part": None,
                            "request": None,
                        }
                    ],
                    "next": None,
                }
            ]
        }
    )


@router.get(
    "/accesses",
    summary="Who read and did what",
    dependencies=[recorded(Reading.ACCESSES, "person")],
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT),
)
async def read_accesses(
    _: AnyBackOffice,
    given: Given,
    person: Annotated[Id | None, Query(description="Who read or acted.")] = None,
    subject: Annotated[
        Subject | None,
        Query(description="What of: a number or an id. A client's means that of their tickets too."),
    ] = None,
    day: Annotated[Day | None, Query(description="Paris.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Accesses:
    """Newest first: what the team read of others, what it did besides acting on tickets, each showing of a
    client's contact details to their technician. What somebody reads again within ten minutes is one entry.
    Entries are kept for a year. Reading them is entered too."""
    start, end = _bounds(day)
    after = place_of(cursor, lambda text: str(UUID(text)))
    wanted = Wanted(person, subject, start, end)
    async with given.sessions() as session:
        found = await newest_accesses(session, wanted, after=after, limit=limit + 1)
        page, more = found[:limit], len(found) > limit
        names = await names_of(session, {one.person_id for one in page})
    return Accesses(
        accesses=[_view(one, names.get(one.person_id, "")) for one in page],
        next=cursor_of(page[-1].at, page[-1].id) if more else None,
    )


def _bounds(day: date | None) -> tuple[datetime | None, datetime | None]:
    if day is None:
        return None, None
    start, end = (datetime.combine(one, time(), PARIS) for one in (day, day + timedelta(days=1)))
    return start, end


def _view(one: Access, name: str) -> AccessView:
    return AccessView(
        id=one.id,
        at=one.at,
        person=Named(id=one.person_id, name=name),
        role=Labelled(code=one.role, label=french.ROLES[one.role]),
        kind=Labelled(code=one.kind, label=LABELS.get(one.kind, one.kind)),
        subject=one.subject,
        part=one.part,
        request=one.request,
    )
