"""What can be asked for, and when."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from api.auth import AnyPerson, ClientOrBackOffice
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.formats import Instant, Minutes, SkillCode
from api.shapes.common import Labelled, Moment, Shape
from api.slot_search import length_of, search_slots
from db.askers import Purpose, for_purpose
from db.reads.skills import all_skills
from domain.errors import Refusal

router = APIRouter(prefix="/v1", tags=["slots"])


class Skills(Shape):
    skills: list[Labelled]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"skills": [{"code": "printer", "label": "Imprimante et scanner"}]}]}
    )


class SlotOffered(Shape):
    start: Moment
    end: Moment


class Slots(Shape):
    """`next` is the `from` of the slots after these; null when there are no more in the days asked for."""

    slots: list[SlotOffered]
    next: Moment | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "slots": [{"start": "2026-11-24T10:00:00+01:00", "end": "2026-11-24T11:00:00+01:00"}],
                    "next": None,
                }
            ]
        }
    )


@router.get("/skills", summary="What can be asked for", responses=problems(*SIGNED_IN))
async def read_skills(_: AnyPerson, given: Given) -> Skills:
    """The kinds of help, with the label to show."""
    async with given.sessions() as session:
        rows = await all_skills(session)
    return Skills(skills=[Labelled(code=row.code, label=row.label) for row in rows])


@router.get(
    "/slots",
    summary="Free slots",
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT, Refusal.UNKNOWN_SKILL, Refusal.INVALID_DURATION),
)
async def read_slots(
    person: ClientOrBackOffice,
    given: Given,
    skill: Annotated[SkillCode, Query()],
    minutes: Annotated[Minutes, Query()] = 60,
    start: Annotated[Instant | None, Query(alias="from", description="Now, if not given.")] = None,
    days: Annotated[int, Query(ge=1, le=14)] = 7,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Slots:
    """The times at which a technician with the skill is free for the whole length. What the client holds
    already counts as free: a new hold replaces it."""
    begin = start or given.clock()
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        found = await search_slots(
            session,
            given,
            client_id=person.id,
            skill=skill,
            length=length_of(given, minutes),
            start=begin,
            end=begin + timedelta(days=days),
            at_most=limit + 1,
        )
    return Slots(
        slots=[SlotOffered(start=slot.start, end=slot.end) for slot in found[:limit]],
        next=found[limit].start if len(found) > limit else None,
    )
