"""The three roles and the first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
ROLES = ("client", "technician", "back_office", "finance", "system")
STATUSES = (
    "requested",
    "to_assign",
    "scheduled",
    "in_session",
    "to_report",
    "in_review",
    "suspended",
    "invoiced",
    "unpaid",
    "closed",
)


def one_of(name: str, *values: str) -> sa.Enum:
    """Text with a check."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def create_roles() -> None:
    """The roles of the worker and the API belong to the whole cluster: another database may have made them,
    perhaps at this very moment. They get no password here; a deployment sets one."""
    for role in ("omea_worker", "omea_api"):
        op.execute(
            f"""
            DO $$ BEGIN
                CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
            """
        )


def upgrade() -> None:
    create_roles()
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute("CREATE SEQUENCE ticket_sequence AS integer MINVALUE 1 MAXVALUE 9999999")
    op.create_table(
        "invoice_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_invoice_counters")),
    )
    op.create_table(
        "ledger_transactions",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_ledger_transactions")),
    )
    op.create_table(
        "people",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "role",
            one_of("role", *ROLES),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("mail", name=op.f("uq_people_mail")),
    )
    op.create_table(
        "skills",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skills")),
    )
    op.create_table(
        "status_changes",
        sa.Column(
            "before",
            one_of("before", *STATUSES),
            nullable=False,
        ),
        sa.Column(
            "after",
            one_of("after", *STATUSES),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("before", "after", name=op.f("pk_status_changes")),
    )
    op.create_table(
        "tariffs",
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("effective_from", INSTANT, nullable=False),
        sa.Column("slice_minutes", sa.Integer(), nullable=False),
        sa.Column("minimum_slices", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("price_ttc_cents", sa.BigInteger(), nullable=False),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("technician_ht_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mod(price_ttc_cents, 6) = 0", name=op.f("ck_tariffs_ttc_multiple_of_6")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_tariffs")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_tariffs_effective_from")),
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("subject", postgresql.JSONB(), nullable=False),
        sa.Column(
            "state",
            one_of("state", "pending", "done", "parked"),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("received_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
    )
    op.create_index(
        "ix_webhook_events_due",
        "webhook_events",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "cards",
        sa.Column("client_id", UUID, nullable=False),
        sa.Column("customer_reference", sa.String(length=64), nullable=False),
        sa.Column("card_reference", sa.String(length=64), nullable=True),
        sa.Column("label", sa.String(length=40), nullable=True),
        sa.Column("saved_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_cards_client_id")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_cards")),
        sa.UniqueConstraint("customer_reference", name=op.f("uq_cards_customer_reference")),
    )
    op.create_table(
        "ledger_lines",
        sa.Column("transaction", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=48), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_ledger_lines_not_zero")),
        sa.ForeignKeyConstraint(
            ["transaction"], ["ledger_transactions.key"], name=op.f("fk_ledger_lines_transaction")
        ),
        sa.PrimaryKeyConstraint("transaction", "line", name=op.f("pk_ledger_lines")),
    )
    op.create_index(op.f("ix_ledger_lines_account"), "ledger_lines", ["account"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("author_id", UUID, nullable=True),
        sa.Column(
            "kind",
            one_of("kind", "request", "anydesk_id", "report", "review", "dispute", "payout_reason"),
            nullable=False,
        ),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_submissions_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    op.create_table(
        "payout_runs",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("cut_off", INSTANT, nullable=False),
        sa.Column("reason_id", UUID, nullable=True),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["reason_id"], ["submissions.id"], name=op.f("fk_payout_runs_reason_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_runs")),
        sa.UniqueConstraint("key", name=op.f("uq_payout_runs_key")),
        sa.UniqueConstraint("month", "n", name=op.f("uq_payout_runs_month_n")),
    )
    op.create_table(
        "technicians",
        sa.Column("id", UUID, nullable=False),
        sa.Column("account_reference", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["people.id"], name=op.f("fk_technicians_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technicians")),
        sa.UniqueConstraint("account_reference", name=op.f("uq_technicians_account_reference")),
    )
    op.create_table(
        "requests",
        sa.Column("actor_id", UUID, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("command", sa.String(length=80), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=True),
        sa.Column("submission_id", UUID, nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_requests_actor_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_requests_submission_id")
        ),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_requests")),
    )
    op.create_table(
        "statement_counters",
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_statement_counters_technician_id")
        ),
        sa.PrimaryKeyConstraint("technician_id", name=op.f("pk_statement_counters")),
    )
    op.create_table(
        "statements",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("cut_off", INSTANT, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.CheckConstraint("total_cents > 0", name=op.f("ck_statements_positive")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_statements_technician_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_statements")),
        sa.UniqueConstraint("month", "technician_id", "n", name=op.f("uq_statements_month_technician_id_n")),
        sa.UniqueConstraint("technician_id", "sequence", name=op.f("uq_statements_technician_id_sequence")),
    )
    op.create_index(op.f("ix_statements_technician_id"), "statements", ["technician_id"], unique=False)
    op.create_table(
        "technician_skills",
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("skill", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["skill"], ["skills.code"], name=op.f("fk_technician_skills_skill")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_technician_skills_technician_id")
        ),
        sa.PrimaryKeyConstraint("technician_id", "skill", name=op.f("pk_technician_skills")),
    )
    op.create_table(
        "tickets",
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("client_id", UUID, nullable=False),
        sa.Column("technician_id", UUID, nullable=True),
        sa.Column("skill", sa.String(length=32), nullable=False),
        sa.Column(
            "status",
            one_of("status", *STATUSES),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            one_of("outcome", "paid", "cancelled"),
            nullable=True,
        ),
        sa.Column("appointment_start", INSTANT, nullable=False),
        sa.Column("appointment_end", INSTANT, nullable=False),
        sa.Column("ceiling_minutes", sa.Integer(), nullable=False),
        sa.Column("tariff_version", sa.String(length=32), nullable=False),
        sa.Column("request_id", UUID, nullable=False),
        sa.Column("client_code", sa.String(length=4), nullable=True),
        sa.Column("technician_code", sa.String(length=4), nullable=True),
        sa.Column(
            "assignment",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("wrong_codes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("called_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (status <> 'closed')", name=op.f("ck_tickets_outcome_when_closed")
        ),
        sa.CheckConstraint("appointment_start < appointment_end", name=op.f("ck_tickets_appointment_order")),
        sa.CheckConstraint(
            "ceiling_minutes > 0 AND mod(ceiling_minutes, 15) = 0", name=op.f("ck_tickets_ceiling")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_tickets_client_id")),
        sa.ForeignKeyConstraint(["request_id"], ["submissions.id"], name=op.f("fk_tickets_request_id")),
        sa.ForeignKeyConstraint(["skill"], ["skills.code"], name=op.f("fk_tickets_skill")),
        sa.ForeignKeyConstraint(
            ["tariff_version"], ["tariffs.version"], name=op.f("fk_tickets_tariff_version")
        ),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_tickets_technician_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_client_id"), "tickets", ["client_id"], unique=False)
    op.create_index(op.f("ix_tickets_status"), "tickets", ["status"], unique=False)
    op.create_index(op.f("ix_tickets_technician_id"), "tickets", ["technician_id"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "state",
            one_of("state", "held", "booked"),
            nullable=False,
        ),
        sa.Column("held_by", UUID, nullable=True),
        sa.Column("skill", sa.String(length=32), nullable=False),
        sa.Column("hold_expires_at", INSTANT, nullable=True),
        sa.Column("ticket", sa.String(length=8), nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("technician_id"), "="),
            (sa.column("during"), "&&"),
            using="gist",
            name="ex_bookings_no_overlap",
        ),
        sa.CheckConstraint(
            "(state = 'held') = (hold_expires_at IS NOT NULL) AND (state = 'booked') = (ticket IS NOT NULL)",
            name=op.f("ck_bookings_held_or_booked"),
        ),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("ck_bookings_during_not_empty")),
        sa.ForeignKeyConstraint(["held_by"], ["people.id"], name=op.f("fk_bookings_held_by")),
        sa.ForeignKeyConstraint(["skill"], ["skills.code"], name=op.f("fk_bookings_skill")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_bookings_technician_id")
        ),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_bookings_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("ticket", name=op.f("uq_bookings_ticket")),
    )
    op.create_table(
        "consents",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(length=32), nullable=False),
        sa.Column("submission_id", UUID, nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_consents_submission_id")
        ),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_consents_ticket")),
        sa.PrimaryKeyConstraint("ticket", "session", name=op.f("pk_consents")),
    )
    op.create_table(
        "disputes",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submission_id", UUID, nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_disputes_submission_id")
        ),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_disputes_ticket")),
        sa.PrimaryKeyConstraint("ticket", "number", name=op.f("pk_disputes")),
    )
    op.create_table(
        "gains",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("slices", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_gains_technician_id")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_gains_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gains")),
        sa.UniqueConstraint("ticket", "session", name=op.f("uq_gains_ticket_session")),
    )
    op.create_index(op.f("ix_gains_technician_id"), "gains", ["technician_id"], unique=False)
    op.create_table(
        "invoices",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("client_id", UUID, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("slices", sa.Integer(), nullable=False),
        sa.Column("unit_ttc_cents", sa.BigInteger(), nullable=False),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("total_ht_cents", sa.BigInteger(), nullable=False),
        sa.Column("total_vat_cents", sa.BigInteger(), nullable=False),
        sa.Column("total_ttc_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "total_ht_cents + total_vat_cents = total_ttc_cents", name=op.f("ck_invoices_vat_split")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_invoices_client_id")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_invoices_ticket")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_invoices")),
        sa.UniqueConstraint("ticket", name=op.f("uq_invoices_ticket")),
    )
    op.create_table(
        "journal",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column(
            "actor_role",
            one_of("actor_role", *ROLES),
            nullable=False,
        ),
        sa.Column("on_behalf_of", UUID, nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column(
            "before",
            one_of("before", *STATUSES),
            nullable=False,
        ),
        sa.Column(
            "after",
            one_of("after", *STATUSES),
            nullable=False,
        ),
        sa.Column(
            "details",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_journal_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("ticket", "key", name=op.f("uq_journal_ticket_key")),
    )
    op.create_index("ix_journal_ticket_recorded", "journal", ["ticket", "recorded_at"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("recipient_id", UUID, nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["people.id"], name=op.f("fk_notifications_recipient_id")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_notifications_ticket")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notifications")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notifications_message_id")),
    )
    op.create_index(op.f("ix_notifications_ticket"), "notifications", ["ticket"], unique=False)
    op.create_table(
        "payouts",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "status",
            one_of("status", "to_send", "failed", "paid"),
            nullable=False,
        ),
        sa.Column("transfer", sa.String(length=64), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paid_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["key"], ["statements.key"], name=op.f("fk_payouts_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_payouts")),
        sa.UniqueConstraint("transfer", name=op.f("uq_payouts_transfer")),
    )
    op.create_index(op.f("ix_payouts_status"), "payouts", ["status"], unique=False)
    op.create_table(
        "reports",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("submission_id", UUID, nullable=False),
        sa.Column("declared_minutes", sa.Integer(), nullable=False),
        sa.Column("measured_minutes", sa.Integer(), nullable=False),
        sa.Column("billed_slices", sa.Integer(), nullable=False),
        sa.Column("credible", sa.Boolean(), nullable=False),
        sa.Column("filed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_reports_submission_id")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_reports_ticket")),
        sa.PrimaryKeyConstraint("ticket", "session", name=op.f("pk_reports")),
    )
    op.create_table(
        "reviews",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("submission_id", UUID, nullable=True),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_reviews_stars")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_reviews_submission_id")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_reviews_ticket")),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_reviews")),
    )
    op.create_table(
        "sessions",
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("technician_id", UUID, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_sessions_order")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_sessions_technician_id")
        ),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_sessions_ticket")),
        sa.PrimaryKeyConstraint("ticket", "number", name=op.f("pk_sessions")),
    )
    op.create_table(
        "gain_claims",
        sa.Column("gain_id", UUID, nullable=False),
        sa.Column("statement", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["gain_id"], ["gains.id"], name=op.f("fk_gain_claims_gain_id")),
        sa.ForeignKeyConstraint(["statement"], ["statements.key"], name=op.f("fk_gain_claims_statement")),
        sa.PrimaryKeyConstraint("gain_id", name=op.f("pk_gain_claims")),
    )
    op.create_index(op.f("ix_gain_claims_statement"), "gain_claims", ["statement"], unique=False)
    op.create_table(
        "payments",
        sa.Column("invoice", sa.String(length=16), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            one_of("status", "created", "refused", "paid"),
            nullable=False,
        ),
        sa.Column("fee_cents", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["invoice"], ["invoices.number"], name=op.f("fk_payments_invoice")),
        sa.PrimaryKeyConstraint("invoice", name=op.f("pk_payments")),
        sa.UniqueConstraint("intent", name=op.f("uq_payments_intent")),
    )
    op.create_table(
        "payment_attempts",
        sa.Column("invoice", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("tried_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["invoice"], ["payments.invoice"], name=op.f("fk_payment_attempts_invoice")),
        sa.PrimaryKeyConstraint("invoice", "attempt", name=op.f("pk_payment_attempts")),
    )
