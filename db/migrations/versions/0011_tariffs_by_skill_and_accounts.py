"""Tariffs by skill, set by finance: who set each and when, and figures that the rules can bill; and an index
in the order in which the accountant reads the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CHECKS = {
    "set_by_somebody": "(set_by IS NULL) = (set_at IS NULL)",
    # What was booked keeps the prices of its day, and nobody is to find others in the price list of that day.
    "not_retroactive": "effective_from >= set_at",
    # A ceiling is a multiple of 15 minutes: whole slices, and never fewer than the minimum.
    "slices": (
        "slice_minutes > 0 AND mod(15, slice_minutes) = 0 AND minimum_slices > 0 "
        "AND minimum_slices * slice_minutes <= 15 AND grace_minutes >= 0 AND grace_minutes < slice_minutes"
    ),
    "sold_above_cost": (
        "technician_ht_cents > 0 AND technician_ht_cents * (10000 + vat_bp) <= price_ttc_cents * 10000"
    ),
}


def upgrade() -> None:
    op.add_column("tariffs", sa.Column("skill", sa.String(length=32), nullable=True))
    op.add_column("tariffs", sa.Column("set_by", sa.Uuid(as_uuid=False), nullable=True))
    op.add_column("tariffs", sa.Column("set_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("fk_tariffs_skill"), "tariffs", "skills", ["skill"], ["code"])
    op.create_foreign_key(op.f("fk_tariffs_set_by"), "tariffs", "people", ["set_by"], ["id"])
    op.drop_constraint(op.f("uq_tariffs_effective_from"), "tariffs", type_="unique")
    op.create_unique_constraint(
        op.f("uq_tariffs_skill_effective_from"),
        "tariffs",
        ["skill", "effective_from"],
        postgresql_nulls_not_distinct=True,
    )
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_tariffs_{name}"), "tariffs", condition)
    let_finance_set_them()
    op.create_index(
        op.f("ix_ledger_transactions_recording"),
        "ledger_transactions",
        ["recorded_at", "key"],
        unique=False,
    )


def let_finance_set_them() -> None:
    """Setting a price is no process: the API does it, and only in the name of somebody of finance. Changing
    one is refused to all, since migration 0002."""
    op.execute("ALTER TABLE tariffs ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY everyone_reads ON tariffs FOR SELECT TO omea_worker, omea_api USING (true)")
    op.execute(
        "CREATE POLICY api_sets_for_finance ON tariffs FOR INSERT TO omea_api "
        "WITH CHECK (EXISTS (SELECT FROM people WHERE id = set_by AND role = 'finance'))"
    )
    op.execute("GRANT INSERT ON tariffs TO omea_api")
