"""When technicians can work, at which level, and the events by which waiting tickets hear of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    add_levels()
    add_suspension()
    add_working_hours()
    add_leaves()
    add_capacity_events()
    tell_of_capacity()
    let_the_api_enrol_technicians_only()


def add_levels() -> None:
    for table, column in (
        ("skills", "required_level"),
        ("technician_skills", "level"),
        ("tickets", "required_level"),
    ):
        op.add_column(table, sa.Column(column, sa.SmallInteger(), server_default="1", nullable=False))
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} BETWEEN 1 AND 3")


def add_suspension() -> None:
    op.add_column("technicians", sa.Column("suspended_at", INSTANT, nullable=True))
    op.add_column("technicians", sa.Column("suspended_by", UUID, nullable=True))
    op.create_foreign_key(
        op.f("fk_technicians_suspended_by"), "technicians", "people", ["suspended_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_technicians_suspended_by_somebody"),
        "technicians",
        "(suspended_at IS NULL) = (suspended_by IS NULL)",
    )


def add_working_hours() -> None:
    op.create_table(
        "working_hours",
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_working_hours_technician_id")
        ),
        sa.PrimaryKeyConstraint("technician_id", "weekday", "opens", name=op.f("pk_working_hours")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_working_hours_weekday")),
        sa.CheckConstraint("opens < closes", name=op.f("ck_working_hours_order")),
    )


def add_leaves() -> None:
    op.create_table(
        "leaves",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("recorded_by", UUID, nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_leaves_technician_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_leaves_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)",
            name=op.f("ck_leaves_bounds"),
        ),
        postgresql.ExcludeConstraint(
            ("technician_id", "="), ("during", "&&"), using="gist", name=op.f("ex_leaves_no_overlap")
        ),
    )


def add_capacity_events() -> None:
    kind = sa.Enum("returned", "lost", name="kind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "capacity_events",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("technician_id", UUID, nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_capacity_events_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_events")),
    )


def tell_of_capacity() -> None:
    """A row for each kind that the trigger names. The function runs as its owner: whoever changes a leave or
    a booking need not be let into this table."""
    op.execute(
        """
        CREATE FUNCTION tell_of_capacity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        DECLARE
            gone jsonb := to_jsonb(OLD);
            come jsonb := to_jsonb(NEW);
            whose text := CASE TG_TABLE_NAME WHEN 'people' THEN 'id' ELSE 'technician_id' END;
            technician uuid := (coalesce(gone, come) ->> whose)::uuid;
        BEGIN
            INSERT INTO capacity_events (kind, technician_id, recorded_at)
                SELECT kind, technician, clock_timestamp() FROM unnest(TG_ARGV) AS kind
                -- Somebody who is not enrolled to be booked yet has no capacity.
                WHERE EXISTS (SELECT FROM technicians WHERE id = technician);
            RETURN NULL;
        END $$
        """
    )
    tell("bookings", "deleted", "DELETE", "returned")
    tell(
        "bookings",
        "freed",
        "UPDATE",
        "returned",
        when="OLD.technician_id <> NEW.technician_id OR NOT NEW.during @> OLD.during",
    )
    tell("technician_skills", "can_do", "INSERT OR UPDATE", "returned")
    tell("working_hours", "changed", "INSERT OR UPDATE OR DELETE", "returned", "lost")
    tell("leaves", "taken", "INSERT", "lost")
    tell("leaves", "moved", "UPDATE", "returned", "lost")
    tell("leaves", "given_up", "DELETE", "returned")
    is_technician = "NEW.role = 'technician' AND"
    tell("people", "left", "UPDATE", "lost", when=f"{is_technician} OLD.active AND NOT NEW.active")
    tell("people", "came_back", "UPDATE", "returned", when=f"{is_technician} NEW.active AND NOT OLD.active")


def tell(table: str, what: str, event: str, *kinds: str, when: str = "true") -> None:
    arguments = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(
        f"CREATE TRIGGER capacity_{what} AFTER {event} ON {table} FOR EACH ROW WHEN ({when}) "
        f"EXECUTE FUNCTION tell_of_capacity({arguments})"
    )


def let_the_api_enrol_technicians_only() -> None:
    """Their settings are theirs and the back office's; that somebody is of the team is the owner's to say,
    and where a technician's money goes the worker's."""
    op.execute("ALTER TABLE people ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY everyone_reads ON people FOR SELECT TO omea_worker, omea_api USING (true)")
    op.execute(
        "CREATE POLICY api_enrols_technicians ON people FOR INSERT TO omea_api "
        "WITH CHECK (role = 'technician')"
    )
    op.execute(
        "CREATE POLICY api_suspends_technicians ON people FOR UPDATE TO omea_api "
        "USING (role = 'technician') WITH CHECK (role = 'technician')"
    )
    for grant in (
        "SELECT ON working_hours, leaves TO omea_worker, omea_api",
        "INSERT (role, name, mail), UPDATE (active) ON people TO omea_api",
        "INSERT (id), UPDATE (suspended_at, suspended_by) ON technicians TO omea_api",
        "INSERT, UPDATE, DELETE ON technician_skills TO omea_api",
        "INSERT, DELETE ON working_hours, leaves TO omea_api",
        "SELECT, UPDATE, DELETE ON capacity_events TO omea_worker",
    ):
        op.execute(f"GRANT {grant}")
