"""Technicians as those who are paid, and statements as the invoices that they are."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)


def one_of(name: str, *values: str) -> sa.Enum:
    """Text with a check."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    add_payees()
    make_statements_invoices()


def add_payees() -> None:
    op.create_table(
        "payees",
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("series", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("legal_name", sa.String(length=120), nullable=True),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("vat_number", sa.String(length=16), nullable=True),
        sa.Column("street", sa.String(length=120), nullable=True),
        sa.Column("postal_code", sa.String(length=10), nullable=True),
        sa.Column("city", sa.String(length=80), nullable=True),
        sa.Column("mandate", sa.String(length=32), nullable=True),
        sa.Column("mandate_signed_at", INSTANT, nullable=True),
        sa.Column("vigilance_until", sa.Date(), nullable=True),
        sa.Column("rail", one_of("rail", "stripe", "sepa"), server_default="stripe", nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=True),
        sa.Column("wanted_rail", one_of("wanted_rail", "stripe", "sepa"), nullable=True),
        sa.Column("wanted_iban", sa.String(length=34), nullable=True),
        sa.Column("wanted_at", INSTANT, nullable=True),
        sa.Column("account_ready", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("account_missing", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(mandate IS NULL) = (mandate_signed_at IS NULL)", name=op.f("ck_payees_mandate_dated")
        ),
        sa.CheckConstraint(
            "(wanted_rail IS NULL) = (wanted_at IS NULL)", name=op.f("ck_payees_wanted_dated")
        ),
        sa.CheckConstraint("wanted_iban IS NULL OR wanted_rail = 'sepa'", name=op.f("ck_payees_wanted_iban")),
        sa.CheckConstraint("siren ~ '^[0-9]{9}$'", name=op.f("ck_payees_siren")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_payees_technician_id")),
        sa.PrimaryKeyConstraint("technician_id", name=op.f("pk_payees")),
        sa.UniqueConstraint("series", name=op.f("uq_payees_series")),
        sa.UniqueConstraint("siren", name=op.f("uq_payees_siren")),
    )
    # Everybody who is there already has everything to sign and to say.
    op.execute("INSERT INTO payees (technician_id) SELECT id FROM technicians ORDER BY id")
    op.execute("GRANT SELECT ON payees TO omea_worker, omea_api")
    op.execute("GRANT INSERT, UPDATE ON payees TO omea_worker, omea_api")


def make_statements_invoices() -> None:
    """A number in the technician's own series, and their VAT if they charge any."""
    op.add_column("statements", sa.Column("number", sa.String(length=40), nullable=True))
    op.add_column("statements", sa.Column("vat_bp", sa.Integer(), nullable=True))
    op.add_column("statements", sa.Column("vat_cents", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("ALTER TABLE statements DISABLE TRIGGER USER")
    op.execute(
        "UPDATE statements SET number = 'AF' || lpad(p.series::text, 4, '0') || '-' || "
        "lpad(sequence::text, 5, '0') FROM payees p WHERE p.technician_id = statements.technician_id"
    )
    op.execute("ALTER TABLE statements ENABLE TRIGGER USER")
    op.alter_column("statements", "number", nullable=False)
    op.create_unique_constraint(op.f("uq_statements_number"), "statements", ["number"])
    op.create_check_constraint(
        op.f("ck_statements_vat"), "statements", "vat_cents >= 0 AND (vat_bp IS NOT NULL OR vat_cents = 0)"
    )
