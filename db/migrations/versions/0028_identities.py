"""Who people are at the issuers that vouch for them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_identities_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_index(op.f("ix_identities_person_id"), "identities", ["person_id"], unique=False)
    # Whose it is never changes: it is removed, and linked anew.
    op.execute("GRANT SELECT, DELETE ON identities TO omea_api")
    op.execute("GRANT INSERT (person_id, issuer, subject, linked_at) ON identities TO omea_api")
    op.execute("GRANT UPDATE (used_at) ON identities TO omea_api")
    # With a person's erasure.
    op.execute("GRANT SELECT, DELETE ON identities TO omea_worker")
