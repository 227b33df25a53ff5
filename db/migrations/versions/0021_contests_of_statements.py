"""Contests of statements, and what finance answers them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
SUBMISSIONS = (
    *("request", "anydesk_id", "report", "review", "dispute", "payout_reason"),
    *("decline", "cancel", "incident", "reassign", "ruling", "write_off", "refund", "refund_ruling"),
    *("chargeback", "contest", "contest_answer"),
)


def upgrade() -> None:
    listed = ", ".join(f"'{value}'" for value in SUBMISSIONS)
    op.drop_constraint(op.f("ck_submissions_kind"), "submissions", type_="check")
    op.create_check_constraint(op.f("ck_submissions_kind"), "submissions", f"kind IN ({listed})")
    add_contests()
    op.execute("GRANT SELECT ON statement_contests TO omea_worker, omea_api")
    op.execute("GRANT INSERT ON statement_contests TO omea_worker")
    op.execute(
        "GRANT UPDATE (answer_id, answered_by, answered_at, outcome, gain_id) "
        "ON statement_contests TO omea_worker"
    )


def add_contests() -> None:
    outcome = sa.Enum(
        *("maintained", "corrected"), name="outcome", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "statement_contests",
        sa.Column("statement", sa.String(length=40), nullable=False),
        sa.Column("tickets", ARRAY(sa.String(length=8)), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("submission_id", UUID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answer_id", UUID, nullable=True),
        sa.Column("answered_by", UUID, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("outcome", outcome, nullable=True),
        sa.Column("gain_id", UUID, nullable=True),
        sa.CheckConstraint(
            "num_nulls(answer_id, answered_by, answered_at, outcome) IN (0, 4)",
            name=op.f("ck_statement_contests_answered"),
        ),
        sa.CheckConstraint(
            "(gain_id IS NOT NULL) = coalesce(outcome = 'corrected', false)",
            name=op.f("ck_statement_contests_corrected"),
        ),
        sa.ForeignKeyConstraint(
            ["statement"], ["statements.number"], name=op.f("fk_statement_contests_statement")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_statement_contests_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["submissions.id"], name=op.f("fk_statement_contests_answer_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["people.id"], name=op.f("fk_statement_contests_answered_by")
        ),
        sa.ForeignKeyConstraint(["gain_id"], ["gains.id"], name=op.f("fk_statement_contests_gain_id")),
        sa.PrimaryKeyConstraint("statement", name=op.f("pk_statement_contests")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_statement_contests_submission_id")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_statement_contests_answer_id")),
        sa.UniqueConstraint("gain_id", name=op.f("uq_statement_contests_gain_id")),
    )
    # Both sides rely on what was asked and answered.
    op.execute(
        "CREATE TRIGGER answered BEFORE UPDATE ON statement_contests FOR EACH ROW "
        "WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON statement_contests "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
