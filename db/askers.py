"""Who asks, told to Postgres with each transaction of the API, so that row-level security can decide.

The settings are local to the transaction: a connection takes nothing of them back to its pool. With nobody
set, `db.row_security` shows nothing of anybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session, SessionTransaction

from db.engine import Sessions
from domain.tickets import Role

# Of whoever holds the signed link of a mail: a client, as far as that one ticket goes.
LINK = "link"


class Purpose(StrEnum):
    """What a few pieces of code must see beyond the asker's own rows, each in sessions of its own."""

    SIGN_IN = "sign_in"
    """Finding out who somebody is, before anybody is known."""
    AGENDAS = "agendas"
    """When technicians work and are taken, for the cutting and holding of slots."""
    UPLOADS = "uploads"
    """Forgetting the uploads that nobody has attached to anything."""
    NOTICES = "notices"
    """Keeping a notice of the payment provider."""


@dataclass(frozen=True)
class Asker:
    """`role` is a `domain.tickets.Role` or `LINK`; `ticket` is the one that a link opens."""

    person: str | None = None
    role: str | None = None
    ticket: str | None = None


NOBODY = Asker()
# Of the command line, where nobody signs in: it is finance's.
COMMAND_LINE = Asker(role=Role.FINANCE.value)

_asker: ContextVar[Asker] = ContextVar("asker", default=NOBODY)

_TELL = text(
    "SELECT set_config('omea.person', :person, true), set_config('omea.role', :role, true), "
    "set_config('omea.ticket', :ticket, true), set_config('omea.purpose', :purpose, true)"
)


class _AskedSession(Session):
    pass


@event.listens_for(_AskedSession, "after_begin")
def _tell(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    asker: Asker = session.info.get("asker") or _asker.get()
    purpose: Purpose | None = session.info.get("purpose")
    # A savepoint keeps what its transaction was told.
    if transaction.nested or (asker == NOBODY and purpose is None):
        return
    connection.execute(
        _TELL,
        {
            "person": asker.person or "",
            "role": asker.role or "",
            "ticket": asker.ticket or "",
            "purpose": purpose or "",
        },
    )


def asked_sessions(
    engine: AsyncEngine, always: Asker | None = None, purpose: Purpose | None = None
) -> Sessions:
    """Sessions that say who asks: whoever is known when the transaction begins, or `always` the same."""
    info: dict[str, Any] = {"asker": always, "purpose": purpose}
    return async_sessionmaker(
        engine, class_=AsyncSession, expire_on_commit=False, sync_session_class=_AskedSession, info=info
    )


def known(asker: Asker) -> None:
    """From now on, this one asks: until the end of the request."""
    _asker.set(asker)


@contextmanager
def nobody_yet() -> Iterator[None]:
    """A request begins with nobody, and leaves nobody behind."""
    token = _asker.set(NOBODY)
    try:
        yield
    finally:
        _asker.reset(token)


def for_purpose(purpose: Purpose) -> dict[str, Any]:
    """The `info` of a session that sees what the purpose needs besides: `sessions(info=for_purpose(...))`."""
    return {"purpose": purpose}
