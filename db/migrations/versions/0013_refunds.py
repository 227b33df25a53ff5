"""Refunds: cases, how they were ruled, and the money sent back."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
SUBMISSIONS = (
    *("request", "anydesk_id", "report", "review", "dispute", "payout_reason"),
    *("decline", "cancel", "incident", "reassign", "ruling", "write_off", "refund", "refund_ruling"),
)


def one_of(name: str, *values: str) -> sa.Enum:
    """Text with a check."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    listed = ", ".join(f"'{value}'" for value in SUBMISSIONS)
    op.drop_constraint(op.f("ck_submissions_kind"), "submissions", type_="check")
    op.create_check_constraint(op.f("ck_submissions_kind"), "submissions", f"kind IN ({listed})")
    tell_what_was_collected()
    add_cases()
    add_gain_rulings()
    add_refunds()
    op.execute("GRANT SELECT ON refund_cases, refund_gain_rulings, refunds TO omea_worker, omea_api")
    op.execute("GRANT INSERT, UPDATE ON refund_cases, refunds TO omea_worker")
    op.execute("GRANT INSERT ON refund_gain_rulings TO omea_worker")


def tell_what_was_collected() -> None:
    op.add_column("payments", sa.Column("collected_cents", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE payments SET collected_cents = line.amount_cents FROM ledger_lines line "
        "WHERE line.transaction = 'paid:' || payments.invoice AND line.account = '5112'"
    )


def add_cases() -> None:
    op.create_table(
        "refund_cases",
        sa.Column("invoice", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column(
            "status",
            one_of("status", "open", "sending", "failed", "refunded", "refused"),
            nullable=False,
        ),
        sa.Column("submission_id", UUID, nullable=False),
        sa.Column("opened_by", UUID, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("kind", one_of("kind", "whole", "partial", "none"), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("ruling_id", UUID, nullable=True),
        sa.Column("ruled_by", UUID, nullable=True),
        sa.Column("ruled_at", INSTANT, nullable=True),
        sa.Column("credit_note", sa.String(length=16), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.CheckConstraint("n > 0", name=op.f("ck_refund_cases_n")),
        sa.CheckConstraint("(kind IS NULL) = (status = 'open')", name=op.f("ck_refund_cases_ruled")),
        sa.CheckConstraint(
            "(minutes IS NOT NULL) = (kind IS NOT NULL AND kind = 'partial')",
            name=op.f("ck_refund_cases_minutes"),
        ),
        sa.ForeignKeyConstraint(["invoice"], ["invoices.number"], name=op.f("fk_refund_cases_invoice")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_refund_cases_ticket")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_refund_cases_submission_id")
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_refund_cases_opened_by")),
        sa.ForeignKeyConstraint(["ruling_id"], ["submissions.id"], name=op.f("fk_refund_cases_ruling_id")),
        sa.ForeignKeyConstraint(["ruled_by"], ["people.id"], name=op.f("fk_refund_cases_ruled_by")),
        sa.ForeignKeyConstraint(
            ["credit_note"], ["credit_notes.number"], name=op.f("fk_refund_cases_credit_note")
        ),
        sa.PrimaryKeyConstraint("invoice", "n", name=op.f("pk_refund_cases")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_refund_cases_submission_id")),
        sa.UniqueConstraint("credit_note", name=op.f("uq_refund_cases_credit_note")),
    )
    op.create_index(op.f("ix_refund_cases_ticket"), "refund_cases", ["ticket"], unique=False)
    op.create_index(
        "uq_refund_cases_open",
        "refund_cases",
        ["invoice"],
        unique=True,
        postgresql_where=sa.text("status IN ('open', 'sending')"),
    )


def add_gain_rulings() -> None:
    op.create_table(
        "refund_gain_rulings",
        sa.Column("invoice", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("session", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", one_of("kind", "full", "reduced", "none"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(minutes IS NOT NULL) = (kind = 'reduced')", name=op.f("ck_refund_gain_rulings_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["invoice", "n"],
            ["refund_cases.invoice", "refund_cases.n"],
            name=op.f("fk_refund_gain_rulings_invoice_n"),
        ),
        sa.PrimaryKeyConstraint("invoice", "n", "session", name=op.f("pk_refund_gain_rulings")),
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON refund_gain_rulings "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def add_refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("invoice", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("state", one_of("state", "sent", "failed"), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("failed_at", INSTANT, nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_refunds_positive")),
        sa.ForeignKeyConstraint(["invoice"], ["invoices.number"], name=op.f("fk_refunds_invoice")),
        sa.PrimaryKeyConstraint("invoice", "n", "attempt", name=op.f("pk_refunds")),
        sa.UniqueConstraint("reference", name=op.f("uq_refunds_reference")),
    )
