"""The role that the API connects with must be bound by the policies of `db.row_security`."""

from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_engine

# An owner is bound by no policy of their tables, and whoever may become the owner is none the safer.
_ASKED = """
SELECT current_user, r.rolsuper, r.rolbypassrls, EXISTS (
    SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
    AND pg_has_role(c.relowner, 'MEMBER')
) FROM pg_roles r WHERE r.rolname = current_user
"""


class UnsafeRole(Exception):
    """The database role passes row-level security."""


async def check_role(url: str) -> None:
    """Raises `UnsafeRole`, or what SQLAlchemy or the system raises when the database does not answer."""
    engine = create_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            _judge(*(await connection.execute(text(_ASKED))).one())
    finally:
        await engine.dispose()


def refuse_unsafe_roles(engine: AsyncEngine) -> None:
    """Each new connection is looked at before it is used: a role may be given rights while we run, and the
    database may have been away when we started. Whoever wanted it gets the `UnsafeRole`."""

    @event.listens_for(engine.sync_engine, "connect")
    def look(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        try:
            cursor.execute(_ASKED)
            _judge(*cursor.fetchone())
        finally:
            cursor.close()
            connection.rollback()


def _judge(name: str, is_superuser: bool, bypasses: bool, is_owner: bool) -> None:
    wrong = [
        words
        for is_so, words in (
            (is_superuser, "est superutilisateur"),
            (bypasses, "contourne la sécurité par ligne (BYPASSRLS)"),
            (is_owner and not is_superuser, "est propriétaire de tables, ou peut le devenir"),
        )
        if is_so
    ]
    if wrong:
        raise UnsafeRole(
            f"DATABASE_URL : le rôle « {name} » {' et '.join(wrong)}. L’API refuse de démarrer : elle se "
            "connecte avec omea_api, que la sécurité par ligne restreint."
        )
