"""Each gain names the act that it comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("gains", sa.Column("act", sa.String(length=80), nullable=True))
    # Not a change of the past: gains that are there already were entered with their act, at its very time.
    op.execute("ALTER TABLE gains DISABLE TRIGGER USER")
    op.execute(
        "UPDATE gains SET act = (SELECT min(j.key) FROM journal j "
        "WHERE j.ticket = gains.ticket AND j.at = gains.accepted_at)"
    )
    op.execute("ALTER TABLE gains ENABLE TRIGGER USER")
    op.alter_column("gains", "act", nullable=False)
    op.create_unique_constraint(op.f("uq_gains_ticket_act_session"), "gains", ["ticket", "act", "session"])
