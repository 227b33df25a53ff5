"""Screenshots that people add to what they write."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
TYPES = ("image/png", "image/jpeg", "image/webp")


def upgrade() -> None:
    create_table()
    op.add_column("requests", sa.Column("attachment_id", UUID, nullable=True))
    let_the_api_change_nothing_that_is_attached()


def create_table() -> None:
    content_type = sa.Enum(*TYPES, name="content_type", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "attachments",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("author_id", UUID, nullable=False),
        sa.Column("submission_id", UUID, nullable=True),
        sa.Column("content_type", content_type, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_attachments_author_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_attachments_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_attachments_dimensions")),
        sa.CheckConstraint("size_bytes = octet_length(content)", name=op.f("ck_attachments_size")),
    )
    op.create_index(op.f("ix_attachments_submission_id"), "attachments", ["submission_id"])
    op.create_index(
        "ix_attachments_author_id_recorded_at",
        "attachments",
        ["author_id", "recorded_at"],
        postgresql_where=sa.text("submission_id IS NULL"),
    )
    # Images are compressed already: trying again costs time and saves nothing.
    op.execute("ALTER TABLE attachments ALTER COLUMN content SET STORAGE EXTERNAL")


def let_the_api_change_nothing_that_is_attached() -> None:
    """It may store an image, bind it to a submission once, and delete it before. The worker has no use for
    images, and no right to them."""
    op.execute("ALTER TABLE attachments ENABLE ROW LEVEL SECURITY")
    for name, act, clause in (
        ("api_reads", "SELECT", "USING (true)"),
        ("api_stores", "INSERT", "WITH CHECK (submission_id IS NULL)"),
        ("api_binds", "UPDATE", "USING (submission_id IS NULL) WITH CHECK (submission_id IS NOT NULL)"),
        ("api_deletes_unattached", "DELETE", "USING (submission_id IS NULL)"),
    ):
        op.execute(f"CREATE POLICY {name} ON attachments FOR {act} TO omea_api {clause}")
    op.execute("GRANT SELECT, INSERT, DELETE, UPDATE (submission_id) ON attachments TO omea_api")
