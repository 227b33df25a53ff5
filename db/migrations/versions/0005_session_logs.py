"""What the log of remote control told about sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "session_logs",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket", "session"],
            ["sessions.ticket", "sessions.number"],
            name=op.f("fk_session_logs_ticket_session"),
        ),
        sa.PrimaryKeyConstraint("ticket", "session", "reference", name=op.f("pk_session_logs")),
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON session_logs "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT ON session_logs TO omea_worker, omea_api")
    op.execute("GRANT INSERT ON session_logs TO omea_worker")
