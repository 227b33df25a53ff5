"""What a request changes is undone, so that no answer depends on another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.frontend import Frontend


@asynccontextmanager
async def undone(api: Frontend) -> AsyncIterator[None]:
    """All that the API writes meanwhile, in whichever transactions."""
    sessions = api.given.sessions
    engine: AsyncEngine = sessions.kw["bind"]
    async with engine.connect() as connection:
        begun = await connection.begin()
        sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield
        finally:
            sessions.configure(bind=engine, join_transaction_mode="conditional_savepoint")
            await begun.rollback()
