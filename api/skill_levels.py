"""Skills and levels that somebody names, as the tables want them."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.shapes.technicians import SkillLevel
from db.reads.skills import unknown_skills
from domain.errors import Refusal, Refused


async def known_levels(session: AsyncSession, skills: list[SkillLevel]) -> dict[str, int]:
    """Raises `Refused(UNKNOWN_SKILL)`."""
    levels = {one.skill: one.level for one in skills}
    if await unknown_skills(session, set(levels)):
        raise Refused(Refusal.UNKNOWN_SKILL)
    return levels
