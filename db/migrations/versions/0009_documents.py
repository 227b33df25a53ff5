"""Documents of record: the PDF and the data of each invoice and credit note, never changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KINDS = ("invoice", "credit_note", "self_billed")


def upgrade() -> None:
    kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "documents",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=True),
        sa.Column("invoice", sa.String(length=16), nullable=True),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("sha256 = encode(sha256(pdf), 'hex')", name=op.f("ck_documents_sha256")),
        sa.CheckConstraint(
            "(kind = 'self_billed') = (ticket IS NULL) AND (ticket IS NULL) = (invoice IS NULL)",
            name=op.f("ck_documents_subject"),
        ),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_documents_ticket")),
        sa.ForeignKeyConstraint(["invoice"], ["invoices.number"], name=op.f("fk_documents_invoice")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_ticket"), "documents", ["ticket"], unique=False)
    # Compressed already: trying again costs time and saves nothing.
    op.execute("ALTER TABLE documents ALTER COLUMN pdf SET STORAGE EXTERNAL")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON documents "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT ON documents TO omea_worker, omea_api")
    op.execute("GRANT INSERT ON documents TO omea_worker")
