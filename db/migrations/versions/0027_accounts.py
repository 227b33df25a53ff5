"""Accounts: who signs up and agrees to what, who applies and is vetted, and colleagues."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
NEW_ID = sa.text("uuidv7()")
NOW = sa.text("now()")


def upgrade() -> None:
    add_sign_ups()
    add_accepted_texts()
    let_the_api_open_accounts()
    keep_one_of_the_back_office()
    vet_technicians()
    add_applications()


def add_sign_ups() -> None:
    op.create_table(
        "sign_ups",
        sa.Column("id", UUID, server_default=NEW_ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("terms", sa.String(length=32), nullable=False),
        sa.Column("privacy", sa.String(length=32), nullable=False),
        sa.Column("mail_mark", sa.String(length=64), nullable=False),
        sa.Column("network_mark", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
    )
    for mark in ("mail_mark", "network_mark"):
        op.create_index(op.f(f"ix_sign_ups_{mark}_asked_at"), "sign_ups", [mark, "asked_at"], unique=False)
    op.execute("GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON sign_ups TO omea_api")
    op.execute("GRANT SELECT, DELETE ON sign_ups TO omea_worker")


def add_accepted_texts() -> None:
    text = sa.Enum("terms", "privacy", name="text", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "accepted_texts",
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("text", text, nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=False),
        sa.Column("recorded_by", UUID, nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accepted_texts_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_accepted_texts_recorded_by")),
        sa.PrimaryKeyConstraint("person_id", "text", "version", name=op.f("pk_accepted_texts")),
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accepted_texts "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT ON accepted_texts TO omea_worker")
    op.execute("GRANT SELECT, INSERT ON accepted_texts TO omea_api")


def let_the_api_open_accounts() -> None:
    """Of everybody but the service itself: clients sign up, and the back office adds its colleagues. It
    closes those of technicians and of the team. A role or a name it changes by functions only: what they may
    change is more than columns can say."""
    op.execute("DROP POLICY api_enrols_technicians ON people")
    op.execute("DROP POLICY api_suspends_technicians ON people")
    op.execute("CREATE POLICY api_opens ON people FOR INSERT TO omea_api WITH CHECK (role <> 'system')")
    closable = "(role IN ('technician', 'back_office', 'finance'))"
    op.execute(
        f"CREATE POLICY api_closes ON people FOR UPDATE TO omea_api USING {closable} WITH CHECK {closable}"
    )
    add_function(
        "set_colleague_role(colleague uuid, wanted text)",
        "UPDATE people SET role = wanted WHERE id = colleague "
        "AND role IN ('back_office', 'finance') AND wanted IN ('back_office', 'finance')",
    )
    add_function(
        "rename_client(client uuid, wanted text)",
        "UPDATE people SET name = wanted WHERE id = client AND role = 'client'",
    )


def add_function(signature: str, statement: str) -> None:
    """Runs as its owner; the API alone may call it."""
    op.execute(
        f"CREATE FUNCTION {signature} RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN {statement}; END $$"
    )
    op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO omea_api")


def keep_one_of_the_back_office() -> None:
    """Somebody must be left who can let others in. Two who close each other's account wait for each other
    here, and the second is refused. It sees everybody, whatever whoever changes them may see."""
    op.execute(
        """
        CREATE FUNCTION keep_one_of_the_back_office() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('the last of the back office', 0));
            IF NOT EXISTS (SELECT FROM people WHERE role = 'back_office' AND active) THEN
                RAISE EXCEPTION 'nobody would be left of the back office'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'last_of_the_back_office';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_one_of_the_back_office AFTER UPDATE OF role, active ON people FOR EACH ROW "
        "WHEN (OLD.role = 'back_office' AND OLD.active AND (NEW.role <> 'back_office' OR NOT NEW.active)) "
        "EXECUTE FUNCTION keep_one_of_the_back_office()"
    )


def vet_technicians() -> None:
    """Those there are were let in by hand: they count as vetted, by nobody."""
    op.add_column("technicians", sa.Column("vetted_at", INSTANT, nullable=True))
    op.add_column("technicians", sa.Column("vetted_by", UUID, nullable=True))
    op.create_foreign_key(op.f("fk_technicians_vetted_by"), "technicians", "people", ["vetted_by"], ["id"])
    op.create_check_constraint(
        op.f("ck_technicians_vetted_by_somebody"), "technicians", "vetted_by IS NULL OR vetted_at IS NOT NULL"
    )
    op.execute("UPDATE technicians SET vetted_at = now()")
    op.execute("GRANT UPDATE (vetted_at, vetted_by) ON technicians TO omea_api")
    tell_of_vetting()


def tell_of_vetting() -> None:
    """Who may be given clients from now on may have some waiting."""
    op.execute(
        """
        CREATE OR REPLACE FUNCTION tell_of_capacity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        DECLARE
            gone jsonb := to_jsonb(OLD);
            come jsonb := to_jsonb(NEW);
            whose text := CASE WHEN TG_TABLE_NAME IN ('people', 'technicians')
                THEN 'id' ELSE 'technician_id' END;
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
    for name, table, when in (
        ("vetted", "technicians", "OLD.vetted_at IS NULL AND NEW.vetted_at IS NOT NULL"),
        ("papers", "payees", "OLD.vigilance_until IS DISTINCT FROM NEW.vigilance_until"),
    ):
        op.execute(
            f"CREATE TRIGGER capacity_{name} AFTER UPDATE ON {table} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION tell_of_capacity('returned')"
        )


def add_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("id", UUID, server_default=NEW_ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("skills", postgresql.JSONB(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("privacy", sa.String(length=32), nullable=False),
        sa.Column("mail_mark", sa.String(length=64), nullable=False),
        sa.Column("network_mark", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", UUID, nullable=True),
        sa.Column("technician_id", UUID, nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_applications_decided_by")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_applications_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) "
            "AND num_nonnulls(technician_id, reason) = num_nonnulls(decided_at)",
            name=op.f("ck_applications_decided_once"),
        ),
    )
    for mark in ("mail_mark", "network_mark"):
        name = op.f(f"ix_applications_{mark}_asked_at")
        op.create_index(name, "applications", [mark, "asked_at"], unique=False)
    decided = "decided_at, decided_by, technician_id, reason"
    op.execute(f"GRANT SELECT, INSERT, DELETE, UPDATE ({decided}) ON applications TO omea_api")
    op.execute("GRANT SELECT, DELETE ON applications TO omea_worker")
