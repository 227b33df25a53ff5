"""Appointments that move, second sessions, rulings, and who ended what."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
# The changes of status that come to those of 0003.
CHANGES = {
    "to_assign": ("suspended",),
    "scheduled": ("to_assign", "suspended", "closed"),
    "in_review": ("closed",),
    "suspended": ("scheduled", "in_review", "invoiced", "closed"),
}
WIDENED = {
    ("tickets", "outcome"): ("paid", "waived", "cancelled", "withdrawn", "client_absent"),
    ("submissions", "kind"): (
        *("request", "anydesk_id", "report", "review", "dispute", "payout_reason"),
        *("decline", "cancel", "incident", "reassign", "ruling"),
    ),
}


def one_of(name: str, *values: str) -> sa.Enum:
    """Text with a check."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    for (table, column), values in WIDENED.items():
        widen(table, column, values)
    let_appointments_move()
    tell_how_sessions_ended()
    add_rulings()
    let_reviews_change()
    connection = op.get_bind()
    for before, afters in CHANGES.items():
        for after in afters:
            connection.execute(
                sa.text("INSERT INTO status_changes (before, after) VALUES (:before, :after)"),
                {"before": before, "after": after},
            )


def widen(table: str, column: str, values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({listed})")


def let_appointments_move() -> None:
    """`sequence` counts the times that a ticket's appointment was given another hour or technician. A booking
    belongs to one session, so that a second one has its own; a consent to one appointment."""
    op.add_column("tickets", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
    op.add_column("tickets", sa.Column("flexible", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("tickets", sa.Column("taken_over_by", UUID, nullable=True))
    op.add_column("tickets", sa.Column("taken_over_at", INSTANT, nullable=True))
    op.create_foreign_key(op.f("fk_tickets_taken_over_by"), "tickets", "people", ["taken_over_by"], ["id"])

    op.add_column("bookings", sa.Column("session", sa.Integer(), nullable=True))
    op.execute("UPDATE bookings SET session = 1 WHERE ticket IS NOT NULL")
    op.drop_constraint(op.f("uq_bookings_ticket"), "bookings", type_="unique")
    op.create_unique_constraint(op.f("uq_bookings_ticket_session"), "bookings", ["ticket", "session"])
    op.create_check_constraint(
        op.f("ck_bookings_session"), "bookings", "(ticket IS NOT NULL) = (session IS NOT NULL)"
    )

    op.add_column("consents", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint(op.f("pk_consents"), "consents", type_="primary")
    op.create_primary_key(op.f("pk_consents"), "consents", ["ticket", "session", "sequence"])


def tell_how_sessions_ended() -> None:
    ended_by = one_of("ended_by", "technician", "client", "dispute", "withdrawal", "timeout")
    op.add_column("sessions", sa.Column("ended_by", ended_by, nullable=True))
    op.execute("UPDATE sessions SET ended_by = 'technician' WHERE ended_at IS NOT NULL")
    op.create_check_constraint(
        op.f("ck_sessions_ended"), "sessions", "(ended_at IS NULL) = (ended_by IS NULL)"
    )
    evidence = one_of("evidence", "stamps", "session_log", "none")
    op.add_column("reports", sa.Column("evidence", evidence, server_default="stamps", nullable=False))


def add_rulings() -> None:
    op.create_table(
        "rulings",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind", "bill", "reduce", "waive", "rework"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("submission_id", UUID, nullable=False),
        sa.Column("ruled_by", UUID, nullable=False),
        sa.Column("ruled_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_rulings_ticket")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_rulings_submission_id")),
        sa.ForeignKeyConstraint(["ruled_by"], ["people.id"], name=op.f("fk_rulings_ruled_by")),
        sa.PrimaryKeyConstraint("ticket", "number", name=op.f("pk_rulings")),
        sa.CheckConstraint("(minutes IS NOT NULL) = (kind = 'reduce')", name=op.f("ck_rulings_minutes")),
    )
    op.create_table(
        "gain_rulings",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind", "full", "reduced", "none"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket", "session"],
            ["sessions.ticket", "sessions.number"],
            name=op.f("fk_gain_rulings_ticket_session"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket", "ruling"],
            ["rulings.ticket", "rulings.number"],
            name=op.f("fk_gain_rulings_ticket_ruling"),
        ),
        sa.PrimaryKeyConstraint("ticket", "session", name=op.f("pk_gain_rulings")),
        sa.CheckConstraint(
            "(minutes IS NOT NULL) = (kind = 'reduced')", name=op.f("ck_gain_rulings_minutes")
        ),
    )
    for table in ("rulings", "gain_rulings"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute("GRANT SELECT ON rulings, gain_rulings TO omea_worker, omea_api")
    op.execute("GRANT INSERT ON rulings, gain_rulings TO omea_worker")


def let_reviews_change() -> None:
    """By another row: what people said is added to and never altered."""
    op.add_column("reviews", sa.Column("number", sa.Integer(), server_default="1", nullable=False))
    op.drop_constraint(op.f("pk_reviews"), "reviews", type_="primary")
    op.create_primary_key(op.f("pk_reviews"), "reviews", ["ticket", "number"])
    op.alter_column("reviews", "number", server_default=None)
