"""Transfers taken back: the provider's reversals, and what finance asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    add_reversals()
    add_requests()
    grant()


def add_reversals() -> None:
    op.create_table(
        "transfer_reversals",
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("payout", sa.String(length=80), nullable=False),
        sa.Column("transfer", sa.String(length=64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_transfer_reversals_positive")),
        sa.ForeignKeyConstraint(["payout"], ["payouts.key"], name=op.f("fk_transfer_reversals_payout")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_transfer_reversals")),
    )
    op.create_index(op.f("ix_transfer_reversals_payout"), "transfer_reversals", ["payout"], unique=False)
    op.create_index(op.f("ix_transfer_reversals_transfer"), "transfer_reversals", ["transfer"], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer_reversals "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def add_requests() -> None:
    op.create_table(
        "reversal_requests",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("payout", sa.String(length=80), nullable=False),
        sa.Column("transfer", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("actor_id", UUID, nullable=False),
        sa.Column("reason_id", UUID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_reversal_requests_n")),
        sa.ForeignKeyConstraint(["payout"], ["payouts.key"], name=op.f("fk_reversal_requests_payout")),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_reversal_requests_actor_id")),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["submissions.id"], name=op.f("fk_reversal_requests_reason_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reversal_requests")),
    )
    op.create_index(op.f("ix_reversal_requests_payout"), "reversal_requests", ["payout"], unique=False)


def grant() -> None:
    """Who asked for what, and why, is written once."""
    op.execute("GRANT SELECT ON transfer_reversals, reversal_requests TO omea_worker, omea_api")
    op.execute("GRANT INSERT ON transfer_reversals, reversal_requests TO omea_worker")
    op.execute("GRANT UPDATE (refusal) ON reversal_requests TO omea_worker")
