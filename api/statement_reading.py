"""Finding the statement that a path names, for those who may see it."""

from typing import Annotated

from fastapi import Path
from sqlalchemy.ext.asyncio import AsyncSession

from api.codes import ApiCode
from api.dependencies import Dependencies
from api.errors import Problem
from api.shapes.payouts import StatementView, statement_view
from db.reads.payouts import StatementLine, find_statement
from db.reads.people import KnownPerson, names_of

StatementNumber = Annotated[str, Path(description="`AF0007-00012`.", max_length=40)]


async def seen_statement(session: AsyncSession, person: KnownPerson, number: str) -> StatementLine:
    """Raises `Problem(STATEMENT_NOT_FOUND)` alike for somebody else's statement and for none."""
    found = await find_statement(session, number, person)
    if found is None:
        raise Problem(ApiCode.STATEMENT_NOT_FOUND)
    return found


async def read_statement(given: Dependencies, person: KnownPerson, number: str) -> StatementView:
    async with given.sessions() as session:
        found = await seen_statement(session, person, number)
        names = await names_of(session, {found.statement.technician_id})
    return statement_view(found, names.get(found.statement.technician_id, ""), given.clock())
