"""What technicians may be asked for."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Skill


async def all_skills(session: AsyncSession) -> list[Skill]:
    return list(await session.scalars(select(Skill).order_by(Skill.code)))


async def required_level(session: AsyncSession, code: str) -> int | None:
    """The level that the skill asks of whoever helps with it; None when there is no such skill."""
    return await session.scalar(select(Skill.required_level).where(Skill.code == code))


async def unknown_skills(session: AsyncSession, codes: set[str]) -> set[str]:
    return codes - set(await session.scalars(select(Skill.code).where(Skill.code.in_(codes))))
