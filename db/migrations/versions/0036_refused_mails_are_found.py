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
        op.create_index(
            "ix_notifications_refused",
            "notifications",
            ["recipient_id", "refused_at"],
            postgresql_where=sa.text("refused_at IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
