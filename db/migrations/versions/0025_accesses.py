"""Who of the team read or did what: a journal of ids, which only its purge takes from."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
ROLES = ("client", "technician", "back_office", "finance", "system")
WRITTEN = "at, person_id, role, kind, subject, part, request"


def upgrade() -> None:
    add_accesses()
    refuse_changes()
    let_the_worker_purge()
    op.execute("GRANT SELECT ON accesses TO omea_worker, omea_api")
    # Neither the id nor the stamp: by that is counted how long an entry is kept.
    op.execute(f"GRANT INSERT ({WRITTEN}) ON accesses TO omea_api")


def add_accesses() -> None:
    op.create_table(
        "accesses",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        # No foreign keys: an entry outlives what it names, and keeps nothing from being erased.
        sa.Column("person_id", UUID, nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("part", sa.String(length=80), nullable=True),
        sa.Column("request", sa.String(length=40), nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accesses")),
    )
    op.create_index("ix_accesses_at_id", "accesses", ["at", "id"], unique=False)
    op.create_index("ix_accesses_person_id_at", "accesses", ["person_id", "at"], unique=False)
    op.create_index("ix_accesses_subject_at", "accesses", ["subject", "at"], unique=False)


def refuse_changes() -> None:
    """By anybody, the owner included: an entry is never changed, nor deleted before its time."""
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON accesses "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER kept BEFORE DELETE ON accesses FOR EACH ROW "
        "WHEN (OLD.recorded_at >= now() - interval '365 days') EXECUTE FUNCTION refuse_change()"
    )


def let_the_worker_purge() -> None:
    """What is older than that, and nothing else: it takes no argument that could be wrong."""
    op.execute(
        """
        CREATE FUNCTION purge_accesses() RETURNS bigint LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        DECLARE
            purged bigint;
        BEGIN
            DELETE FROM accesses WHERE recorded_at < now() - interval '365 days';
            GET DIAGNOSTICS purged = ROW_COUNT;
            RETURN purged;
        END $$
        """
    )
    op.execute("REVOKE EXECUTE ON FUNCTION purge_accesses() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION purge_accesses() TO omea_worker")
