"""Since when an account at the provider is being opened for a technician, and more of what it asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payees", sa.Column("account_asked_at", sa.DateTime(timezone=True), nullable=True))
    # An account that nothing is known of yet is asked for some twenty things, whose names are long.
    op.alter_column("payees", "account_missing", type_=sa.String(length=2000))
