"""Row-level security for the API's role: who asks is told by each of its transactions."""

import sqlalchemy as sa
from alembic import op

from db.policies import protect
from db.row_security import TABLES

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# Of whose text it is, a policy asks by the text's id.
WRITTEN = (
    ("tickets", "request_id"),
    ("consents", "submission_id"),
    ("reports", "submission_id"),
    ("reviews", "submission_id"),
    ("disputes", "submission_id"),
)


def upgrade() -> None:
    for table, column in WRITTEN:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    say_who_asks()
    say_what_is_theirs()
    find_by_mail()
    ask_in_functions()
    show_names()
    show_agendas()
    there = set(sa.inspect(op.get_bind()).get_table_names())
    # What a later migration adds, it protects itself.
    for name in TABLES:
        if name in there:
            for statement in protect(name):
                op.execute(statement)


def say_who_asks() -> None:
    """Plain functions of what the transaction was told; the planner puts their bodies in their place."""
    for name, kind, setting in (
        ("asker", "uuid", "person"),
        ("asker_role", "text", "role"),
        ("asker_ticket", "text", "ticket"),
        ("asker_purpose", "text", "purpose"),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS {kind} LANGUAGE sql STABLE PARALLEL SAFE "
            f"RETURN CAST(nullif(current_setting('omea.{setting}', true), '') AS {kind})"
        )


def ask(name: str, arguments: str, condition: str) -> None:
    """A question about rows that the asker need not see: it says yes or no, and only of the asker."""
    types = ", ".join(one.split()[1] for one in arguments.split(", "))
    op.execute(
        f"CREATE FUNCTION {name}({arguments}) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = pg_catalog, public, pg_temp AS $$ SELECT {condition} $$"
    )
    op.execute(f"REVOKE EXECUTE ON FUNCTION {name}({types}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {name}({types}) TO omea_api")


OWN = (
    "(asker_role() = 'client' AND t.client_id = asker() "
    "OR asker_role() = 'link' AND t.number = asker_ticket())"
)


def say_what_is_theirs() -> None:
    ask("own_ticket", "wanted text", f"EXISTS (SELECT FROM tickets t WHERE t.number = wanted AND {OWN})")
    ask(
        "assigned_ticket",
        "wanted text",
        "EXISTS (SELECT FROM tickets t WHERE t.number = wanted AND t.technician_id = asker())",
    )
    ask(
        "worked_on",
        "wanted text",
        "EXISTS (SELECT FROM tickets t WHERE t.number = wanted AND t.technician_id = asker()) "
        "OR EXISTS (SELECT FROM sessions s WHERE s.ticket = wanted AND s.technician_id = asker()) "
        "OR EXISTS (SELECT FROM gains g WHERE g.ticket = wanted AND g.technician_id = asker())",
    )
    ask(
        "held_session",
        "wanted text, which integer",
        "EXISTS (SELECT FROM sessions s "
        "WHERE s.ticket = wanted AND s.number = which AND s.technician_id = asker())",
    )
    ask(
        "held_session_of_refund",
        "wanted text, which integer, of_session integer",
        "EXISTS (SELECT FROM refund_cases c JOIN sessions s ON s.ticket = c.ticket AND s.number = of_session "
        "WHERE c.invoice = wanted AND c.n = which AND s.technician_id = asker())",
    )
    ask(
        "own_invoice",
        "wanted text",
        "EXISTS (SELECT FROM invoices i JOIN tickets t ON t.number = i.ticket "
        f"WHERE i.number = wanted AND {OWN})",
    )
    ask(
        "own_statement",
        "wanted text",
        "EXISTS (SELECT FROM statements s WHERE s.key = wanted AND s.technician_id = asker())",
    )
    ask(
        "own_statement_number",
        "wanted text",
        "EXISTS (SELECT FROM statements s WHERE s.number = wanted AND s.technician_id = asker())",
    )
    ask("shows_text", "wanted uuid", SHOWN_TEXT)
    ask(
        "own_address",
        "wanted text",
        "EXISTS (SELECT FROM people p WHERE p.id = asker() AND lower(p.mail) = lower(wanted))",
    )


def written(table: str, condition: str, column: str = "submission_id") -> str:
    return (
        f"EXISTS (SELECT FROM {table} w JOIN tickets t ON t.number = w.ticket "
        f"WHERE w.{column} = wanted AND {condition})"
    )


NOW_THEIRS = "t.technician_id = asker()"
# As `api/visibility.py` has it: what the other side wrote, but neither the reasons of rulings nor incidents.
SHOWN_TEXT = f"""
CASE WHEN asker_role() IN ('client', 'link') THEN
    EXISTS (SELECT FROM tickets t WHERE t.request_id = wanted AND {OWN})
    OR {written("consents", OWN)} OR {written("reports", OWN)} OR {written("reviews", OWN)}
    OR {written("disputes", OWN)} OR {written("refund_cases", OWN)}
WHEN asker_role() = 'technician' THEN
    EXISTS (SELECT FROM tickets t WHERE t.request_id = wanted AND {NOW_THEIRS})
    OR {written("consents", NOW_THEIRS)} OR {written("reports", NOW_THEIRS)}
    OR {written("reviews", NOW_THEIRS)}
    OR EXISTS (SELECT FROM statement_contests c JOIN statements s ON s.number = c.statement
        WHERE c.answer_id = wanted AND s.technician_id = asker())
ELSE false END
"""  # noqa: S608  # of our own words


def find_by_mail() -> None:
    """Comparing in small letters is no operator that an index may serve under a policy. Both only find: who
    signs in by it, and whether it is anybody's for whoever opens an account."""
    for name, condition in (
        ("person_signing_in_by", "active AND role <> 'system' AND asker_purpose() = 'sign_in'"),
        (
            "anybody_with",
            "(session_user IN ('omea_owner', 'omea_worker') OR asker_role() = 'back_office' "
            "OR asker_purpose() = 'sign_in')",
        ),
    ):
        body = f"SELECT id FROM people WHERE lower(mail) = wanted AND {condition} ORDER BY id LIMIT 1"  # noqa: S608
        op.execute(
            f"CREATE FUNCTION {name}(wanted text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = pg_catalog, public, pg_temp AS $$ {body} $$"
        )
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name}(text) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}(text) TO omea_api")


def ask_in_functions() -> None:
    """Those that change what columns and policies cannot say."""
    for signature, statement in (
        (
            "set_colleague_role(colleague uuid, wanted text)",
            "UPDATE people SET role = wanted WHERE id = colleague AND colleague <> asker() "
            "AND asker_role() = 'back_office' "
            "AND role IN ('back_office', 'finance') AND wanted IN ('back_office', 'finance')",
        ),
        (
            "rename_client(client uuid, wanted text)",
            "UPDATE people SET name = wanted WHERE id = client AND role = 'client' AND client = asker() "
            "AND active",
        ),
    ):
        op.execute(
            f"CREATE OR REPLACE FUNCTION {signature} RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN {statement}; END $$"
        )


def show_names() -> None:
    """The names of those whom one has a ticket with; the team's processes see all. A view looks with its
    owner's eyes, but `current_user` is who asks."""
    op.execute(
        """
        CREATE VIEW shown_names WITH (security_barrier) AS
        SELECT p.id, p.name FROM people p
        WHERE (SELECT current_user IN ('omea_owner', 'omea_worker')
            OR asker_role() IN ('back_office', 'finance'))
        OR p.id = (SELECT asker())
        OR (SELECT asker_role() = 'client') AND EXISTS (
            SELECT FROM tickets t WHERE t.client_id = (SELECT asker()) AND t.technician_id = p.id)
        OR (SELECT asker_role() = 'link') AND EXISTS (
            SELECT FROM tickets t WHERE t.number = (SELECT asker_ticket()) AND t.technician_id = p.id)
        OR (SELECT asker_role() = 'technician') AND EXISTS (
            SELECT FROM tickets t WHERE t.technician_id = (SELECT asker()) AND t.client_id = p.id)
        """
    )
    op.execute("GRANT SELECT ON shown_names TO omea_worker, omea_api")


def show_agendas() -> None:
    """When technicians are taken, without the tickets. Whether two spans overlap is no question that an index
    may answer under a policy, nor through a barrier, and what was booked of old is a lot: hence a plain view,
    which shows all or nothing."""
    op.execute(
        """
        CREATE VIEW taken_times AS
        SELECT id, technician_id, during, state, held_by, hold_expires_at FROM bookings
        WHERE (SELECT current_user IN ('omea_owner', 'omea_worker')
            OR asker_purpose() = 'agendas' OR asker_role() = 'back_office')
        """
    )
    op.execute("GRANT SELECT ON taken_times TO omea_worker, omea_api")
