"""What technicians may be asked for."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Skill


async def all_skills(session: AsyncSession) -> list[Skill]:
    return list(await session.scalars(select(Skill).order_by(Skill.code)))


async def skill_exists(session: AsyncSession, code: str) -> bool:
    return await session.get(Skill, code) is not None
