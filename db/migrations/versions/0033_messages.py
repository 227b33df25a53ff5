"""What each person wants to be told and how, messages by SMS, and mails that were refused for good."""

import sqlalchemy as sa
from alembic import op

from db.policies import protect

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
# What is deleted with a person stands in one function, of which this is one more line.
BEFORE = "DELETE FROM working_hours WHERE technician_id = person;"
ERASED = "DELETE FROM message_preferences WHERE person_id = person;"


def upgrade() -> None:
    op.create_table(
        "message_preferences",
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("sms", sa.Boolean(), nullable=False),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("chosen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_message_preferences_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_message_preferences")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON message_preferences TO omea_api")
    op.execute("GRANT SELECT ON message_preferences TO omea_worker")
    for statement in protect("message_preferences"):
        op.execute(statement)
    op.add_column(
        "notifications", sa.Column("channel", sa.String(length=8), server_default="mail", nullable=False)
    )
    for name in ("begun_at", "refused_at"):
        op.add_column("notifications", sa.Column(name, INSTANT, nullable=True))
    op.add_column("notifications", sa.Column("refused_code", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_notifications_refused_by_a_code"),
        "notifications",
        "(refused_at IS NULL) = (refused_code IS NULL)",
    )
    function = op.get_bind().scalar(
        sa.text("SELECT pg_get_functiondef('erase_person(text, timestamptz)'::regprocedure)")
    )
    if BEFORE not in function:
        raise RuntimeError("erase_person is not what it was")
    op.execute(function.replace(BEFORE, f"{ERASED}\n    {BEFORE}"))
