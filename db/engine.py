"""Connections to Postgres. Each process connects with its own role: owner, worker or api."""

import asyncio

from sqlalchemy import Engine, event, text
from sqlalchemy import create_engine as create_plain_engine
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from db.statement_spans import trace_statements

# Longer than any transaction of ours; a stuck one must not hold a ticket's row for ever.
STATEMENT_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 5_000
POOL_TIMEOUT_SECONDS = 5
# Whoever asks whether a process can work waits 5 s. Temporal takes 3 of them at most, and is asked meanwhile.
ANSWER_SECONDS = 3
# A host that is gone says nothing. What was sent must be acknowledged within 9 s; while we wait for an answer
# the kernel asks whether anybody is there, and after as long gives up. No effect on a Unix socket.
UNACKNOWLEDGED_MS = 9_000
VANISHED_HOST = {
    "keepalives": 1,
    "keepalives_idle": 3,
    "keepalives_interval": 3,
    "keepalives_count": 2,
    "tcp_user_timeout": UNACKNOWLEDGED_MS,
}

Sessions = async_sessionmaker[AsyncSession]


def create_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine on `postgresql+psycopg://…`, with time-outs so that a lost server is an error, not a wait."""
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        pool_pre_ping=True,
        # What people wrote is in the parameters; an error's text may end up in a log.
        hide_parameters=True,
        connect_args={
            "connect_timeout": 3,
            **VANISHED_HOST,
            "options": (
                f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} "
                "-c timezone=UTC"
            ),
        },
    )
    event.listen(engine.sync_engine, "handle_error", _without_the_row)
    trace_statements(engine.sync_engine)
    return engine


def create_migrating_engine(url: str) -> Engine:
    """For migrations, which may take their time. What old rows do not keep is told without them."""
    engine = create_plain_engine(url, hide_parameters=True)
    event.listen(engine, "handle_error", _without_the_row)
    return engine


def _without_the_row(context: ExceptionContext) -> None:
    """What was refused is in the error's DETAIL: "Key (mail)=(…) already exists". The rest tells enough; who
    needs more has the names of table and constraint in `orig.diag`."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition("\nDETAIL:")[0], *error.args[1:])


def sessions(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(engine, expire_on_commit=False)


async def answers(database: Sessions) -> bool:
    """Whether Postgres does now, within `ANSWER_SECONDS`."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS), database() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True
