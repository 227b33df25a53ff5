"""A run of payouts that was for one technician is kept as such: it may have to be begun again."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payout_runs", sa.Column("technician_id", sa.String(length=40), nullable=True))
