"""Payments that somebody asks for, and debts that are given up."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WIDENED = {
    ("tickets", "outcome"): ("paid", "waived", "cancelled", "withdrawn", "client_absent", "written_off"),
    ("submissions", "kind"): (
        *("request", "anydesk_id", "report", "review", "dispute", "payout_reason"),
        *("decline", "cancel", "incident", "reassign", "ruling", "write_off"),
    ),
}


def upgrade() -> None:
    for (table, column), values in WIDENED.items():
        listed = ", ".join(f"'{value}'" for value in values)
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({listed})")
    op.add_column(
        "payment_attempts", sa.Column("by_hand", sa.Boolean(), server_default="false", nullable=False)
    )
