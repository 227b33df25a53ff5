"""Holding a slot for some minutes, while the client writes the request."""

from fastapi import APIRouter, Depends
from pydantic import ConfigDict

from api.alternatives import slot_taken
from api.auth import AnyClient
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import COMMAND, problems
from api.formats import Body, Instant, Minutes, SkillCode
from api.idempotency import IdempotencyKey, asking
from api.shapes.common import Moment, Shape
from api.slot_search import alternatives, length_of
from api.turnstile import in_turn
from db.askers import Purpose, for_purpose
from db.models.tickets import Booking
from db.reads.skills import required_level
from db.stores import holds
from db.stores.requests import Asking, is_known, remember
from domain.errors import Refusal, Refused
from domain.slots import Slot, is_offered

router = APIRouter(prefix="/v1", tags=["slots"])


class HoldAsked(Body):
    skill: SkillCode
    start: Instant
    minutes: Minutes = 60

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"skill": "internet", "start": "2026-11-24T10:00:00+01:00", "minutes": 60}]
        }
    )


class HoldMade(Shape):
    id: str
    skill: str
    start: Moment
    end: Moment
    expires_at: Moment

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20",
                    "skill": "internet",
                    "start": "2026-11-24T10:00:00+01:00",
                    "end": "2026-11-24T11:00:00+01:00",
                    "expires_at": "2026-11-23T16:17:08+01:00",
                }
            ]
        }
    )


@router.post(
    "/holds",
    status_code=201,
    summary="Hold a slot",
    dependencies=[Depends(in_turn)],
    responses=problems(
        *COMMAND,
        ApiCode.CROWDED,
        Refusal.SLOT_TAKEN,
        Refusal.HOLD_EXPIRED,
        Refusal.SLOT_NOT_OFFERED,
        Refusal.UNKNOWN_SKILL,
        Refusal.INVALID_DURATION,
    ),
)
async def hold_slot(person: AnyClient, body: HoldAsked, key: IdempotencyKey, given: Given) -> HoldMade:
    """A client has one hold at a time: a new one replaces it. Taken meanwhile, the answer has the next free
    slots as `alternatives`. A retry whose hold is gone is answered `hold_expired`."""
    asked = asking(person, key, "hold", body)
    others = await _others_if_taken(given, asked, body)
    if others is None:
        try:
            held = await _hold(given, asked, body)
        except Refused as refused:
            if refused.code is not Refusal.SLOT_TAKEN:
                raise
            others = await _others(given, person.id, body)
        else:
            return HoldMade(
                id=held.id,
                skill=held.skill,
                start=held.during.lower,
                end=held.during.upper,
                expires_at=held.hold_expires_at,
            )
    raise slot_taken(others)


async def _others_if_taken(given: Dependencies, asked: Asking, body: HoldAsked) -> list[Slot] | None:
    """The next free slots when the one asked for is not; None when it is worth trying to hold it. Most of a
    crowd comes too late, and a look costs half as much as trying. A retry, and what is not offered at all,
    are for the hold itself to answer."""
    end = body.start + length_of(given, body.minutes)
    if not is_offered(given.slot_rules, given.hours, given.clock(), body.start, end):
        return None
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        if await is_known(session, asked):
            return None
        free = await alternatives(session, given, asked.actor_id, body.skill, end - body.start, body.start)
    return None if free and free[0].start == body.start else free


async def _others(given: Dependencies, client_id: str, body: HoldAsked) -> list[Slot]:
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        length = length_of(given, body.minutes)
        return await alternatives(session, given, client_id, body.skill, length, body.start)


async def _hold(given: Dependencies, asked: Asking, body: HoldAsked) -> Booking:
    """Raises `Refused`, and then remembers nothing: a slot taken now may be free at the next try."""
    now, start = given.clock(), body.start
    end = start + length_of(given, body.minutes)
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session, session.begin():
        known = await remember(session, asked)
        if not known.is_new:
            held = await holds.live_hold(session, asked.actor_id, body.skill, start, end, now)
            if held is None:
                raise Refused(Refusal.HOLD_EXPIRED)
            return held
        level = await required_level(session, body.skill)
        if level is None:
            raise Refused(Refusal.UNKNOWN_SKILL)
        if not is_offered(given.slot_rules, given.hours, now, start, end):
            raise Refused(Refusal.SLOT_NOT_OFFERED)
        held = await holds.hold(
            session,
            client_id=asked.actor_id,
            skill=body.skill,
            start=start,
            end=end,
            now=now,
            expires_at=now + given.slot_rules.hold,
            required_level=level,
        )
        if held is None:
            raise Refused(Refusal.SLOT_TAKEN)
        return held
