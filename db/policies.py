"""The SQL of the policies that `db.row_security` describes."""

from collections.abc import Iterator

from db.row_security import ALL, PURPOSES, ROLES, TABLES, Rows


def _condition(rows: Rows) -> str | None:
    """Those who see everything first: for them nothing else is looked at. Who asks is looked up once for a
    query (a subselect is), not once for a row."""
    if rows.anybody is not None:
        return rows.anybody
    groups: list[str] = []
    for setting, names in (("asker_role()", ROLES), ("asker_purpose()", PURPOSES)):
        by_condition: dict[str, list[str]] = {}
        for name in names:
            condition = getattr(rows, name)
            if condition is not None:
                by_condition.setdefault(condition, []).append(name)
        for condition, who in by_condition.items():
            listed = ", ".join(f"'{name}'" for name in who)
            is_it = f"(SELECT {setting} IN ({listed}))"
            groups.append(is_it if condition == ALL else f"{is_it} AND ({condition})")
    return " OR ".join(sorted(groups, key=lambda group: "AND" in group)) or None


_DROP_ALL = """
DO $$ DECLARE old name; BEGIN
    FOR old IN SELECT polname FROM pg_policy WHERE polrelid = '{name}'::regclass LOOP
        EXECUTE 'DROP POLICY ' || quote_ident(old) || ' ON {name}';
    END LOOP;
END $$
"""


def _both(one: str, other: str) -> str:
    return one if other == ALL else f"({one}) AND {other}"


def protect(name: str) -> Iterator[str]:
    """The statements by which a table gets its line of `TABLES`, and loses whatever policies it had."""
    table = TABLES[name]
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield _DROP_ALL.format(name=name)
    yield f"CREATE POLICY worker ON {name} TO omea_worker USING (true) WITH CHECK (true)"
    reads, writes = _condition(table.reads), _condition(table.writes)
    if reads is not None:
        yield f"CREATE POLICY api_reads ON {name} FOR SELECT TO omea_api USING ({reads})"
    if writes is not None:
        inserted, deleted = _both(writes, table.inserted), _both(writes, table.deleted)
        changed, changed_to = _both(writes, table.changed), _both(writes, table.changed_to)
        yield f"CREATE POLICY api_inserts ON {name} FOR INSERT TO omea_api WITH CHECK ({inserted})"
        yield (
            f"CREATE POLICY api_updates ON {name} FOR UPDATE TO omea_api "
            f"USING ({changed}) WITH CHECK ({changed_to})"
        )
        yield f"CREATE POLICY api_deletes ON {name} FOR DELETE TO omea_api USING ({deleted})"
