"""Money checked against the provider: its entries mirrored, lost events found, and what the checks say."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    add_the_mirror()
    add_readings()
    add_checks()
    let_events_be_found_by_reading()
    # The team is told of what is not about one ticket, too.
    op.alter_column("notifications", "ticket", existing_type=sa.String(length=8), nullable=True)


def add_the_mirror() -> None:
    op.create_table(
        "provider_entries",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("invoice", sa.String(length=64), nullable=True),
        sa.Column("payout", sa.String(length=80), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("amount_cents - fee_cents = net_cents", name=op.f("ck_provider_entries_net")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_entries")),
    )
    append_only("provider_entries")
    # Finance reads the outcome of the checks; the mirror itself is the worker's.
    op.execute("GRANT SELECT, INSERT ON provider_entries TO omea_worker")


def add_readings() -> None:
    op.create_table(
        "provider_readings",
        sa.Column("reading", sa.String(length=32), nullable=False),
        sa.Column("newest_at", INSTANT, nullable=True),
        sa.Column("balance_cents", sa.BigInteger(), nullable=True),
        sa.Column("read_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("reading IN ('events', 'entries')", name=op.f("ck_provider_readings_reading")),
        sa.PrimaryKeyConstraint("reading", name=op.f("pk_provider_readings")),
    )
    # As if read just now, so that the first hour is no alert.
    op.execute("INSERT INTO provider_readings (reading) VALUES ('events'), ('entries')")
    op.execute("GRANT SELECT, UPDATE ON provider_readings TO omea_worker")


def add_checks() -> None:
    op.create_table(
        "invariant_checks",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("rows", JSONB(), nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("ok = (total = 0)", name=op.f("ck_invariant_checks_ok")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invariant_checks")),
        sa.UniqueConstraint("at", "name", name=op.f("uq_invariant_checks_at_name")),
    )
    op.create_index("ix_invariant_checks_outcomes", "invariant_checks", ["name", "ok", "at"], unique=False)
    op.create_table(
        "invariant_alerts",
        sa.Column("check_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.CheckConstraint("kind IN ('began', 'lasts', 'over')", name=op.f("ck_invariant_alerts_kind")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["invariant_checks.id"], name=op.f("fk_invariant_alerts_check_id")
        ),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_invariant_alerts")),
    )
    op.create_index("ix_invariant_alerts_at", "invariant_alerts", ["at"], unique=False)
    for table in ("invariant_checks", "invariant_alerts"):
        append_only(table)
        op.execute(f"GRANT SELECT ON {table} TO omea_worker, omea_api")
        op.execute(f"GRANT INSERT ON {table} TO omea_worker")


def let_events_be_found_by_reading() -> None:
    op.add_column(
        "webhook_events",
        sa.Column("found_by", sa.String(length=32), server_default="notice", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_webhook_events_found_by"), "webhook_events", "found_by IN ('notice', 'reading')"
    )
    op.execute("GRANT INSERT ON webhook_events TO omea_worker")


def append_only(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
