"""What the bank says it debited for a whole file."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bank_debits",
        sa.Column("file", sa.String(length=35), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_bank_debits_positive")),
        sa.ForeignKeyConstraint(["file"], ["transfer_files.message_id"], name=op.f("fk_bank_debits_file")),
        sa.PrimaryKeyConstraint("file", "amount_cents", name=op.f("pk_bank_debits")),
    )
    op.execute("GRANT SELECT, INSERT ON bank_debits TO omea_worker")
    op.execute("GRANT SELECT ON bank_debits TO omea_api")
