"""Technicians paid through our bank: transfers ordered, files of them, the bank's messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def one_of(name: str, *values: str) -> sa.Enum:
    """Text with a check."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    let_payouts_go_by_bank()
    add_files()
    add_orders()
    add_messages()
    grant()


def let_payouts_go_by_bank() -> None:
    op.add_column("payouts", sa.Column("rail", one_of("rail", "stripe", "sepa"), nullable=True))
    # There was no other. Any of them may have been sent: it is looked for before the bank is told.
    op.execute("UPDATE payouts SET rail = 'stripe'")
    op.drop_constraint(op.f("ck_payouts_status"), "payouts", type_="check")
    op.create_check_constraint(
        op.f("ck_payouts_status"), "payouts", "status IN ('to_send', 'ordered', 'failed', 'paid')"
    )
    op.create_check_constraint(
        op.f("ck_payouts_ordered"),
        "payouts",
        "status <> 'ordered' OR coalesce(rail = 'sepa', false) AND transfer IS NOT NULL",
    )


def add_files() -> None:
    op.create_table(
        "transfer_files",
        sa.Column("message_id", sa.String(length=35), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("run", sa.String(length=80), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("execution_date", sa.Date(), nullable=False),
        sa.Column("debtor_name", sa.String(length=120), nullable=False),
        sa.Column("debtor_iban", sa.String(length=34), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("n > 0 AND total_cents > 0", name=op.f("ck_transfer_files_positive")),
        sa.CheckConstraint("(xml IS NULL) = (sha256 IS NULL)", name=op.f("ck_transfer_files_written")),
        sa.CheckConstraint("sha256 = encode(sha256(xml), 'hex')", name=op.f("ck_transfer_files_sha256")),
        sa.ForeignKeyConstraint(["run"], ["payout_runs.key"], name=op.f("fk_transfer_files_run")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_transfer_files")),
        sa.UniqueConstraint("month", "n", name=op.f("uq_transfer_files_month_n")),
    )
    op.create_index(op.f("ix_transfer_files_run"), "transfer_files", ["run"], unique=False)
    # What was once written may be at the bank.
    op.execute(
        "CREATE TRIGGER written BEFORE UPDATE OR DELETE ON transfer_files FOR EACH ROW "
        "WHEN (OLD.xml IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )


def add_orders() -> None:
    op.create_table(
        "bank_orders",
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column("payout", sa.String(length=80), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.String(length=35), nullable=True),
        sa.Column(
            "state",
            one_of("state", "waiting", "ordered", "settled", "rejected", "returned"),
            nullable=False,
        ),
        sa.Column("by_file", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("ordered_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_bank_orders_positive")),
        sa.CheckConstraint("file IS NOT NULL OR state = 'waiting'", name=op.f("ck_bank_orders_in_a_file")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state IN ('waiting', 'ordered'))", name=op.f("ck_bank_orders_closed")
        ),
        sa.ForeignKeyConstraint(["payout"], ["payouts.key"], name=op.f("fk_bank_orders_payout")),
        sa.ForeignKeyConstraint(["file"], ["transfer_files.message_id"], name=op.f("fk_bank_orders_file")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_bank_orders")),
        sa.UniqueConstraint("payout", "attempt", name=op.f("uq_bank_orders_payout_attempt")),
    )
    op.create_index(op.f("ix_bank_orders_file"), "bank_orders", ["file"], unique=False)
    op.create_index(op.f("ix_bank_orders_state"), "bank_orders", ["state"], unique=False)
    op.create_index(
        "uq_bank_orders_open",
        "bank_orders",
        ["payout"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'ordered')"),
    )


def add_messages() -> None:
    op.create_table(
        "bank_messages",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("received_by", UUID, nullable=True),
        sa.Column("applied_at", INSTANT, nullable=True),
        sa.Column("outcome", JSONB(), nullable=True),
        sa.CheckConstraint("sha256 = encode(sha256(xml), 'hex')", name=op.f("ck_bank_messages_sha256")),
        sa.CheckConstraint("(applied_at IS NULL) = (outcome IS NULL)", name=op.f("ck_bank_messages_applied")),
        sa.ForeignKeyConstraint(["received_by"], ["people.id"], name=op.f("fk_bank_messages_received_by")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_bank_messages")),
    )


def grant() -> None:
    """Who is paid and how much is written once; so is what the bank has sent."""
    op.execute("GRANT SELECT ON transfer_files, bank_orders, bank_messages TO omea_worker, omea_api")
    op.execute("GRANT INSERT ON transfer_files, bank_orders TO omea_worker")
    op.execute("GRANT UPDATE (run, xml, sha256) ON transfer_files TO omea_worker")
    op.execute(
        "GRANT UPDATE (file, state, by_file, code, settled_on, closed_at) ON bank_orders TO omea_worker"
    )
    op.execute("GRANT UPDATE (applied_at, outcome) ON bank_messages TO omea_worker")
    op.execute("GRANT INSERT ON bank_messages TO omea_api")
