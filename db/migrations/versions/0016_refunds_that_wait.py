"""Money sent back may wait at the provider until it has enough of ours."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_refunds_state"), "refunds", type_="check")
    op.create_check_constraint(op.f("ck_refunds_state"), "refunds", "state IN ('waiting', 'sent', 'failed')")
