"""What was repaired after a restore, and by what a restore is recognised."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

# The API's own rows of these tables are finance's; a process that starts asks as nobody.
MARKS = """
CREATE FUNCTION recovery_marks(OUT newest_look timestamptz, OUT reconciled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (SELECT max(at) FROM invariant_checks),
        (SELECT max(at) FROM recovery_acts WHERE kind = 'reconciled')
$$
"""


def upgrade() -> None:
    op.create_table(
        "recovery_acts",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_acts")),
    )
    op.create_index("ix_recovery_acts_kind", "recovery_acts", ["kind", "at"], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recovery_acts "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT ON recovery_acts TO omea_worker")
    op.execute(MARKS)
    op.execute("REVOKE EXECUTE ON FUNCTION recovery_marks() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION recovery_marks() TO omea_worker, omea_api")
