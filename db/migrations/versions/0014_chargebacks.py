"""Chargebacks, what the team writes about them, and what they hold."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SUBMISSIONS = (
    *("request", "anydesk_id", "report", "review", "dispute", "payout_reason"),
    *("decline", "cancel", "incident", "reassign", "ruling", "write_off", "refund", "refund_ruling"),
    "chargeback",
)


def upgrade() -> None:
    listed = ", ".join(f"'{value}'" for value in SUBMISSIONS)
    op.drop_constraint(op.f("ck_submissions_kind"), "submissions", type_="check")
    op.create_check_constraint(op.f("ck_submissions_kind"), "submissions", f"kind IN ({listed})")
    status = sa.Enum(
        *("to_answer", "answered", "won", "lost", "inquiry_closed"),
        name="status",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    op.create_table(
        "chargebacks",
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("invoice", sa.String(length=16), nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("is_inquiry", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("returned_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("answer_by", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "withdrawn_cents >= 0 AND returned_cents >= 0 AND fee_cents >= 0",
            name=op.f("ck_chargebacks_cents"),
        ),
        sa.ForeignKeyConstraint(["invoice"], ["invoices.number"], name=op.f("fk_chargebacks_invoice")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_chargebacks_ticket")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_chargebacks")),
    )
    op.create_index(op.f("ix_chargebacks_invoice"), "chargebacks", ["invoice"], unique=False)
    op.create_index(op.f("ix_chargebacks_ticket"), "chargebacks", ["ticket"], unique=False)
    op.execute("GRANT SELECT ON chargebacks TO omea_worker, omea_api")
    op.execute("GRANT INSERT, UPDATE ON chargebacks TO omea_worker")
