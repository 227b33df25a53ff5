"""A database given back as the migrations left it: quicker than another copy of it."""

from dataclasses import dataclass
from typing import Any

import psycopg

# Where what is created, altered, granted or switched off leaves a row of a later transaction.
CATALOGUES = ("pg_class", "pg_attribute", "pg_proc", "pg_trigger", "pg_constraint", "pg_policy")
# How long a connection of the test before may take to be gone.
PATIENCE_MILLISECONDS = 5_000

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Pristine:
    """How a database is that no test has touched. The queries answer one row each."""

    schema_query: str
    schema: tuple[Any, ...]
    # Of the tables into which the migrations wrote.
    seeds_query: str
    seeds: tuple[Any, ...]
    # The names of all others that are not empty.
    filled_query: str
    # Each sets one sequence back.
    sequences: tuple[str, ...]

    @classmethod
    def of(cls, superuser: Connection) -> "Pristine":
        tables = [
            name
            for (name,) in superuser.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            )
        ]
        filled_query = _names_of_filled(tables)
        [(seeded,)] = superuser.execute(filled_query).fetchall()
        schema_query = "SELECT " + ", ".join(
            f"(SELECT (count(*), sum(xmin::text::bigint))::text FROM {name})" for name in CATALOGUES
        )
        seeds_query = "SELECT " + ", ".join(
            f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t)" for name in seeded
        )
        sequences = superuser.execute(
            "SELECT format('SELECT setval(%L, %s, %L)', sequencename,"
            " coalesce(last_value, start_value), last_value IS NOT NULL) FROM pg_sequences"
        )
        return cls(
            schema_query=schema_query,
            schema=_row(superuser, schema_query),
            seeds_query=seeds_query,
            seeds=_row(superuser, seeds_query),
            filled_query=_names_of_filled([name for name in tables if name not in seeded]),
            sequences=tuple(statement for (statement,) in sequences),
        )

    def restored(self, superuser: Connection) -> bool:
        """Everybody else is sent away, and what was written is gone. False if it cannot be what it was: its
        schema is another, or what the migrations wrote."""
        superuser.execute(
            "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
            (PATIENCE_MILLISECONDS,),
        )
        if (
            _row(superuser, self.schema_query) != self.schema
            or _row(superuser, self.seeds_query) != self.seeds
        ):
            return False
        (filled,) = _row(superuser, self.filled_query)
        with superuser.transaction():
            # Without the triggers: they refuse to forget, and look for what refers to what.
            superuser.execute("SET LOCAL session_replication_role = replica")
            for statement in (*(f"DELETE FROM {name}" for name in filled), *self.sequences):
                superuser.execute(statement)
        return True


def _names_of_filled(tables: list[str]) -> str:
    looks = ", ".join(f"CASE WHEN EXISTS (SELECT FROM {name}) THEN '{name}' END" for name in tables)
    return f"SELECT array_remove(ARRAY[{looks}], NULL)"


def _row(superuser: Connection, query: str) -> tuple[Any, ...]:
    [row] = superuser.execute(query).fetchall()
    return row
