"""A slot that somebody else has taken: the refusal, with the next ones that are free."""

from collections.abc import Sequence

from api.errors import Problem
from api.routes.slots import SlotOffered
from domain.errors import Refusal
from domain.slots import Slot


def slot_taken(others: Sequence[Slot]) -> Problem:
    offered = [SlotOffered(start=slot.start, end=slot.end) for slot in others]
    return Problem(Refusal.SLOT_TAKEN, alternatives=[slot.model_dump(mode="json") for slot in offered])
