"""Every page of the queue looks for the mails that were refused: few of very many."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Beside the service, which goes on writing notices.
    with op.get_context().autocommit_block():
        # It waits for whatever is under way, and is in nobody's way: cut short, it would leave an invalid
        # index, which a run before may have left as well.
        op.execute("SET lock_timeout = 0")
        op.execute("SET statement_timeout = 0")
        op.drop_index(
            "ix_notifications_refused", "notifications", postgresql_concurrently=True, if_exists=True
        )
        op.create_index(
            "ix_notifications_refused",
            "notifications",
            ["recipient_id", "refused_at"],
            postgresql_where=sa.text("refused_at IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.execute("SET lock_timeout = '5s'")
        op.execute("SET statement_timeout = '1min'")
