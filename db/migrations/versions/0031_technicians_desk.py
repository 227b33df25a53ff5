"""Drafts of reports, and the addresses of technicians' calendars."""

import sqlalchemy as sa
from alembic import op

from db.policies import protect

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
TABLES = ("report_drafts", "calendar_feeds")
# What is deleted with a person stands in one function, of which this is one more line.
BEFORE = "DELETE FROM working_hours WHERE technician_id = person;"
ERASED = "DELETE FROM report_drafts WHERE technician_id = person OR ticket = ANY (mine);"


def upgrade() -> None:
    op.create_table(
        "report_drafts",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("declared_minutes", sa.Integer(), nullable=True),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_report_drafts_ticket")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_report_drafts_technician_id")
        ),
        sa.PrimaryKeyConstraint("ticket", "technician_id", name=op.f("pk_report_drafts")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_calendar_feeds_technician_id")
        ),
        sa.PrimaryKeyConstraint("technician_id", name=op.f("pk_calendar_feeds")),
    )
    # The worker has no use for either: what is erased, the owner's function erases.
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO omea_api")
        for statement in protect(table):
            op.execute(statement)
    forget_drafts_once_no_report_is_awaited()
    erase_drafts_too()


def forget_drafts_once_no_report_is_awaited() -> None:
    """With the act itself, whatever it is: no status leads back to a session's report."""
    op.execute(
        "CREATE FUNCTION forget_report_drafts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = pg_catalog, public, pg_temp AS "
        "$$ BEGIN DELETE FROM report_drafts WHERE ticket = NEW.number; RETURN NULL; END $$"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION forget_report_drafts() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER report_drafts AFTER UPDATE OF status ON tickets FOR EACH ROW "
        "WHEN (OLD.status = 'to_report' AND NEW.status <> 'to_report') "
        "EXECUTE FUNCTION forget_report_drafts()"
    )


def erase_drafts_too() -> None:
    function = op.get_bind().scalar(
        sa.text("SELECT pg_get_functiondef('erase_person(text, timestamptz)'::regprocedure)")
    )
    if BEFORE not in function:
        raise RuntimeError("erase_person is not what it was")
    op.execute(function.replace(BEFORE, f"{ERASED}\n    {BEFORE}"))
