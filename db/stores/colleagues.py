"""The team: roles changed, accounts closed. The last of the back office stays; see migration 0027."""

from sqlalchemy import Executable, Uuid, cast, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Person
from domain.accesses import STAFF
from domain.tickets import Role

LAST = "last_of_the_back_office"


class LastOfBackOffice(Exception):
    """Nobody would be left who can let others in."""


async def lock(session: AsyncSession, person_id: str) -> bool:
    """Let nobody else change them until the commit. False for somebody who is not of the team. What only
    names them goes on: two who change each other are named by their own requests, and would wait for ever."""
    query = select(Person.id).where(Person.id == person_id, Person.role.in_(STAFF))
    return await session.scalar(query.with_for_update(key_share=True)) is not None


async def set_role(session: AsyncSession, person_id: str, role: Role) -> None:
    """Counts at their next request. Raises `LastOfBackOffice`; the transaction is lost then."""
    await _execute(session, select(func.set_colleague_role(cast(person_id, Uuid), role.value)))


async def close(session: AsyncSession, person_id: str) -> None:
    """Signed out everywhere at once. Raises `LastOfBackOffice`; the transaction is lost then."""
    closing = update(Person).where(Person.id == person_id).values(active=False)
    await _execute(session, closing.execution_options(synchronize_session=False))


async def reopen(session: AsyncSession, person_id: str) -> None:
    reopening = update(Person).where(Person.id == person_id).values(active=True)
    await session.execute(reopening.execution_options(synchronize_session=False))


async def _execute(session: AsyncSession, statement: Executable) -> None:
    try:
        await session.execute(statement)
    except IntegrityError as error:
        diagnostics = getattr(error.orig, "diag", None)
        if getattr(diagnostics, "constraint_name", None) != LAST:
            raise
        raise LastOfBackOffice from None
