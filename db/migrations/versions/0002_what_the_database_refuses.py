"""What the database itself refuses, and who may do what in it."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "journal",
    "ledger_transactions",
    "ledger_lines",
    "tariffs",
    "invoices",
    "gains",
    "gain_claims",
    "statements",
    "consents",
)

# The worker writes the process, money and payouts; the API what is not a process.
WORKER_WRITES = {
    "INSERT": (*APPEND_ONLY[:3], *APPEND_ONLY[4:], "reports", "reviews", "disputes", "payment_attempts"),
    "INSERT, UPDATE": (
        "tickets",
        "sessions",
        "invoice_counters",
        "statement_counters",
        "payments",
        "payout_runs",
        "payouts",
        "notifications",
        "cards",
    ),
    "INSERT, UPDATE, DELETE": ("bookings",),
    "UPDATE": ("webhook_events", "technicians"),
}
API_WRITES = {
    "INSERT": ("submissions", "webhook_events"),
    "INSERT, UPDATE": ("requests",),
    "INSERT, UPDATE, DELETE": ("bookings",),
}


def upgrade() -> None:
    refuse_changes_of_the_past()
    refuse_unbalanced_transactions()
    refuse_unknown_status_changes()
    refuse_money_for_a_suspended_ticket()
    let_functions_see_our_tables_only()
    let_the_api_touch_holds_only()
    grant()


def refuse_changes_of_the_past() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def refuse_unbalanced_transactions() -> None:
    """Checked at commit, whichever of the two tables was written: a transaction without lines is refused,
    and so is a line added to one that was balanced."""
    op.execute(
        """
        CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            wanted text := CASE TG_TABLE_NAME WHEN 'ledger_lines' THEN to_jsonb(NEW) ->> 'transaction'
                           ELSE to_jsonb(NEW) ->> 'key' END;
            total bigint;
        BEGIN
            SELECT sum(amount_cents) INTO total FROM ledger_lines WHERE transaction = wanted;
            IF total IS DISTINCT FROM 0 THEN
                RAISE EXCEPTION 'ledger transaction % does not balance', wanted
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    for table in ("ledger_transactions", "ledger_lines"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION check_balance()"
        )


def refuse_unknown_status_changes() -> None:
    op.execute(
        """
        CREATE FUNCTION check_status_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NOT EXISTS (SELECT FROM status_changes WHERE before = OLD.status AND after = NEW.status) THEN
                RAISE EXCEPTION 'no change of status from % to %', OLD.status, NEW.status
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER known_status_change BEFORE UPDATE OF status ON tickets FOR EACH ROW "
        "WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION check_status_change()"
    )


def refuse_money_for_a_suspended_ticket() -> None:
    """The check locks the ticket's row, so that a suspension and an invoice cannot pass each other.

    It runs as its owner: locking a row asks for the right to update, which not every writer has.
    """
    op.execute(
        """
        CREATE FUNCTION refuse_if_suspended() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER AS $$
        DECLARE
            current text;
        BEGIN
            SELECT status INTO current FROM tickets WHERE number = NEW.ticket FOR UPDATE;
            IF current = 'suspended' THEN
                RAISE EXCEPTION 'ticket % is suspended: no %', NEW.ticket, TG_TABLE_NAME
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    for table in ("invoices", "gains"):
        op.execute(
            f"CREATE TRIGGER not_suspended BEFORE INSERT ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION refuse_if_suspended()"
        )


def let_functions_see_our_tables_only() -> None:
    """A function without a path of its own has that of whoever fires the trigger; and unless it is named,
    last, the schema of their temporary tables comes first."""
    for function in ("refuse_change", "check_balance", "check_status_change", "refuse_if_suspended"):
        op.execute(f"ALTER FUNCTION {function}() SET search_path = pg_catalog, public, pg_temp")


def let_the_api_touch_holds_only() -> None:
    op.execute("ALTER TABLE bookings ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY worker ON bookings TO omea_worker USING (true) WITH CHECK (true)")
    op.execute("CREATE POLICY api_reads ON bookings FOR SELECT TO omea_api USING (true)")
    for act, clause in (
        ("INSERT", "WITH CHECK (state = 'held')"),
        ("UPDATE", "USING (state = 'held') WITH CHECK (state = 'held')"),
        ("DELETE", "USING (state = 'held')"),
    ):
        op.execute(f"CREATE POLICY api_{act.lower()}s_holds ON bookings FOR {act} TO omea_api {clause}")


def grant() -> None:
    op.execute(
        "DO $$ BEGIN EXECUTE format("
        "'GRANT CONNECT ON DATABASE %I TO omea_worker, omea_api', current_database()); END $$"
    )
    # Nobody needs temporary tables; one could stand in for a real one.
    op.execute(
        "DO $$ BEGIN EXECUTE format("
        "'REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$"
    )
    op.execute("GRANT USAGE ON SCHEMA public TO omea_worker, omea_api")
    op.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO omea_worker, omea_api")
    op.execute("GRANT USAGE ON SEQUENCE ticket_sequence TO omea_api")
    for role, writes in (("omea_worker", WORKER_WRITES), ("omea_api", API_WRITES)):
        for acts, tables in writes.items():
            op.execute(f"GRANT {acts} ON {', '.join(tables)} TO {role}")
