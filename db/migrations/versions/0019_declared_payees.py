"""What the yearly declaration says of a technician, beside their identity as a business."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null for everybody who is there already: finance asks for it before the first declaration.
    op.add_column("payees", sa.Column("is_company", sa.Boolean(), nullable=True))
    op.add_column("payees", sa.Column("first_name", sa.String(length=80), nullable=True))
    op.add_column("payees", sa.Column("last_name", sa.String(length=80), nullable=True))
    op.add_column("payees", sa.Column("birth_date", sa.Date(), nullable=True))
    op.add_column("payees", sa.Column("tax_number", sa.String(length=13), nullable=True))
    op.create_check_constraint(op.f("ck_payees_tax_number"), "payees", "tax_number ~ '^[0-9]{13}$'")
