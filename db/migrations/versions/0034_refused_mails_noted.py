"""Mails that were refused for good wait until one of the back office has noted them."""

import sqlalchemy as sa
from alembic import op

from db.policies import protect

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mail_notes",
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("noted_by", UUID, nullable=False),
        sa.Column("noted_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["noted_by"], ["people.id"], name=op.f("fk_mail_notes_noted_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mail_notes_person_id")),
        sa.PrimaryKeyConstraint("person_id", "until", name=op.f("pk_mail_notes")),
    )
    op.execute("GRANT SELECT, INSERT ON mail_notes TO omea_api")
    for statement in protect("mail_notes"):
        op.execute(statement)
