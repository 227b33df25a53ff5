"""Disputes of invoices: credit notes in a series of their own, and gains corrected by further rows."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    add_credit_notes()
    refuse_more_credit_than_was_invoiced()
    let_gains_be_corrected()
    op.execute(
        "INSERT INTO status_changes (before, after) VALUES ('invoiced', 'suspended'), ('unpaid', 'suspended')"
    )


def add_credit_notes() -> None:
    op.create_table(
        "credit_note_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_credit_note_counters")),
    )
    op.create_table(
        "credit_notes",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("invoice", sa.String(length=16), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("slices", sa.Integer(), nullable=False),
        sa.Column("total_ht_cents", sa.BigInteger(), nullable=False),
        sa.Column("total_vat_cents", sa.BigInteger(), nullable=False),
        sa.Column("total_ttc_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "total_ht_cents + total_vat_cents = total_ttc_cents AND total_ttc_cents > 0",
            name=op.f("ck_credit_notes_vat_split"),
        ),
        sa.ForeignKeyConstraint(["invoice"], ["invoices.number"], name=op.f("fk_credit_notes_invoice")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_credit_notes")),
    )
    op.create_index(op.f("ix_credit_notes_invoice"), "credit_notes", ["invoice"], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_notes "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT ON credit_notes, credit_note_counters TO omea_worker, omea_api")
    op.execute("GRANT INSERT ON credit_notes TO omea_worker")
    op.execute("GRANT INSERT, UPDATE ON credit_note_counters TO omea_worker")


def refuse_more_credit_than_was_invoiced() -> None:
    """The invoice's row is locked, so that two credit notes cannot pass each other."""
    op.execute(
        """
        CREATE FUNCTION refuse_excess_credit() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER AS $$
        DECLARE
            invoiced bigint;
            credited bigint;
        BEGIN
            SELECT total_ttc_cents INTO invoiced FROM invoices WHERE number = NEW.invoice FOR UPDATE;
            SELECT coalesce(sum(total_ttc_cents), 0) INTO credited
                FROM credit_notes WHERE invoice = NEW.invoice;
            IF credited + NEW.total_ttc_cents > invoiced THEN
                RAISE EXCEPTION 'invoice % would be credited beyond its total', NEW.invoice
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("ALTER FUNCTION refuse_excess_credit() SET search_path = pg_catalog, public, pg_temp")
    op.execute(
        "CREATE TRIGGER within_invoice BEFORE INSERT ON credit_notes FOR EACH ROW "
        "EXECUTE FUNCTION refuse_excess_credit()"
    )


def let_gains_be_corrected() -> None:
    """A gain is never edited: a later ruling adds a row, often a negative one. Number 0 is the gain."""
    op.add_column("gains", sa.Column("number", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint(op.f("uq_gains_ticket_session"), "gains", type_="unique")
    op.create_unique_constraint(
        op.f("uq_gains_ticket_session_number"), "gains", ["ticket", "session", "number"]
    )
