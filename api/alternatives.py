"""A slot that somebody else has taken: the refusal, with the next ones that are free."""

from datetime import datetime

from api.dependencies import Dependencies
from api.errors import Problem
from api.routes.slots import SlotOffered
from api.slot_search import alternatives, length_of
from domain.errors import Refusal


async def slot_taken(
    given: Dependencies, client_id: str, skill: str, minutes: int, start: datetime
) -> Problem:
    free = await alternatives(given, client_id, skill, length_of(given, minutes), start)
    offered = [SlotOffered(start=slot.start, end=slot.end) for slot in free]
    return Problem(Refusal.SLOT_TAKEN, alternatives=[slot.model_dump(mode="json") for slot in offered])
