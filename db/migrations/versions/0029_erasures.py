"""Erasing people: what is asked, what goes, and the archive that keeps what the law wants kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# What is left to do is nobody's to read but the worker's, who does it.
SHOWN = (
    "id, person_id, key, asked_by, actor_id, asked_at, due_at, withdrawn_at, withdrawn_by, erased_at, "
    "kept_records, kept_until, recorded_at"
)

# The texts of each ticket, whoever wrote them.
TEXTS_OF_TICKETS = """
    SELECT number AS ticket, request_id AS submission FROM tickets
    UNION ALL SELECT ticket, submission_id FROM consents
    UNION ALL SELECT ticket, submission_id FROM reports
    UNION ALL SELECT ticket, submission_id FROM reviews
    UNION ALL SELECT ticket, submission_id FROM disputes
    UNION ALL SELECT ticket, submission_id FROM rulings
    UNION ALL SELECT ticket, submission_id FROM refund_cases
    UNION ALL SELECT ticket, ruling_id FROM refund_cases
    UNION ALL SELECT ticket, (details ->> 'submission')::uuid FROM journal WHERE details ? 'submission'
    UNION ALL SELECT coalesce(ticket, split_part(command, ' ', 2)), submission_id FROM requests
"""

# In order: what is still needed to find something is erased after it. `person` is whose account it is, `mine`
# are the tickets that they opened, `theirs` those in which they worked, `statements_of` the numbers of their
# statements; `who` is the row of `people`. A new table with something personal adds its line here, by a
# migration that makes the function anew, and to `db/personal_data.py`.
FIND = f"""
    mine := array(SELECT number FROM tickets WHERE client_id = person);
    theirs := array(
        SELECT number FROM tickets WHERE technician_id = person
        UNION SELECT ticket FROM sessions WHERE technician_id = person
    );
    statements_of := array(SELECT number FROM statements WHERE technician_id = person);
    texts := array(
        SELECT id FROM submissions WHERE author_id = person
        UNION SELECT submission FROM ({TEXTS_OF_TICKETS}) AS written WHERE ticket = ANY (mine)
        -- Of a client's own words, those about the technician.
        UNION SELECT submission FROM ({TEXTS_OF_TICKETS}) AS written JOIN submissions ON id = submission
            WHERE ticket = ANY (theirs) AND kind NOT IN ('request', 'anydesk_id', 'cancel')
        UNION SELECT answer_id FROM statement_contests WHERE statement = ANY (statements_of)
        UNION SELECT reason_id FROM reversal_requests JOIN statements ON statements.key = payout
            WHERE technician_id = person
        UNION SELECT id FROM submissions
            WHERE kind = 'payout_reason' AND position(lower(who.name) IN lower(body::text)) > 0
    );
    -- Asked for on the phone, and lost before there was a ticket that would say whose it is.
    texts := texts || array(
        SELECT id FROM submissions
        WHERE kind = 'request' AND NOT EXISTS (SELECT FROM tickets WHERE request_id = submissions.id)
            AND body ->> 'phone' IN (SELECT body ->> 'phone' FROM submissions WHERE id = ANY (texts))
    );
    accounts := array(SELECT iban FROM bank_orders WHERE payout IN (
        SELECT key FROM statements WHERE technician_id = person));
    orders := array(SELECT reference::text FROM bank_orders WHERE payout IN (
        SELECT key FROM statements WHERE technician_id = person));
"""  # noqa: S608  # made of the constants of this file

KEEP = (
    # kind, reference, facts, pdf, xml, the year that counts, from where
    (
        "document",
        "number, to_jsonb(documents) - 'pdf' - 'xml', pdf, xml, made_at",
        "documents WHERE ticket = ANY (mine) OR number = ANY (statements_of)",
    ),
    (
        "payee",
        "technician_id::text, to_jsonb(payees), NULL::bytea, NULL::bytea, "
        "(SELECT max(issued_at) FROM statements WHERE technician_id = person)",
        "payees WHERE technician_id = person AND cardinality(statements_of) > 0",
    ),
    (
        "bank_order",
        "reference, to_jsonb(bank_orders), NULL::bytea, NULL::bytea, ordered_at",
        "bank_orders WHERE reference = ANY (orders)",
    ),
    (
        "transfer_file",
        "message_id, to_jsonb(transfer_files) - 'xml', NULL::bytea, xml, created_at",
        "transfer_files WHERE xml IS NOT NULL AND message_id IN ("
        "SELECT file FROM bank_orders WHERE reference = ANY (orders))",
    ),
    (
        "bank_message",
        "sha256, to_jsonb(bank_messages) - 'xml', NULL::bytea, xml, received_at",
        "bank_messages WHERE EXISTS (SELECT FROM unnest(orders || accounts) AS told "
        "WHERE position(convert_to(told, 'UTF8') IN xml) > 0)",
    ),
)

ERASE = """
    UPDATE submissions SET body = '{}' WHERE id = ANY (texts);
    DELETE FROM attachments WHERE author_id = person OR submission_id = ANY (texts);
    DELETE FROM requests WHERE actor_id = person;
    DELETE FROM sign_in_links
        WHERE mail_mark IN (SELECT mail_mark FROM sign_in_links WHERE person_id = person);
    DELETE FROM sign_ins WHERE person_id = person;
    DELETE FROM pending_sign_ins WHERE person_id = person;
    DELETE FROM wrong_codes WHERE person_id = person;
    DELETE FROM authenticators WHERE person_id = person;
    DELETE FROM identities WHERE person_id = person;
    DELETE FROM sign_ups WHERE lower(sign_ups.mail) = lower(who.mail);
    DELETE FROM applications WHERE technician_id = person OR lower(applications.mail) = lower(who.mail);
    DELETE FROM cards WHERE client_id = person;
    DELETE FROM documents WHERE ticket = ANY (mine) OR number = ANY (statements_of);
    UPDATE transfer_files SET xml = NULL WHERE xml IS NOT NULL AND message_id IN (
        SELECT file FROM bank_orders WHERE reference = ANY (orders));
    UPDATE bank_messages SET xml = NULL WHERE EXISTS (
        SELECT FROM unnest(orders || accounts) AS told WHERE position(convert_to(told, 'UTF8') IN xml) > 0);
    UPDATE bank_orders SET name = 'Personne effacée', iban = '' WHERE reference = ANY (orders);
    UPDATE payees SET legal_name = NULL, siren = NULL, vat_number = NULL, street = NULL, postal_code = NULL,
        city = NULL, is_company = NULL, first_name = NULL, last_name = NULL, birth_date = NULL,
        tax_number = NULL, iban = NULL, wanted_rail = NULL, wanted_iban = NULL, wanted_at = NULL,
        account_ready = false, account_missing = NULL, account_asked_at = NULL
        WHERE technician_id = person;
    DELETE FROM working_hours WHERE technician_id = person;
    DELETE FROM leaves WHERE technician_id = person;
    DELETE FROM technician_skills WHERE technician_id = person;
    UPDATE technicians SET account_reference = NULL WHERE id = person;
    UPDATE people SET name = 'Personne effacée', mail = 'erased:' || id, active = false WHERE id = person;
"""


def upgrade() -> None:
    add_erasures()
    add_archive()
    let_documents_leave_for_the_archive_only()
    let_files_leave_for_the_archive_only()
    let_the_worker_erase()
    let_the_worker_destroy()
    keep_the_erased_erased()


def add_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", UUID, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "asked_by",
            sa.Enum(
                *("person", "phone", "mail"),
                name="asked_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", UUID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_by", UUID, nullable=True),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.Column("kept_records", sa.Integer(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("mail", sa.String(length=254), nullable=True),
        sa.Column("customer_reference", sa.String(length=64), nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "num_nulls(withdrawn_at, withdrawn_by) IN (0, 2)", name=op.f("ck_erasures_withdrawn")
        ),
        sa.CheckConstraint("withdrawn_at IS NULL OR erased_at IS NULL", name=op.f("ck_erasures_one_end")),
        sa.CheckConstraint("erased_at >= due_at", name=op.f("ck_erasures_not_early")),
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR num_nonnulls(mail, customer_reference) = 0",
            name=op.f("ck_erasures_left_to_do"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_erasures_person_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_erasures_actor_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["people.id"], name=op.f("fk_erasures_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("key", name=op.f("uq_erasures_key")),
    )
    op.create_index(op.f("ix_erasures_person_id"), "erasures", ["person_id"], unique=False)
    op.create_index(
        "uq_erasures_standing",
        "erasures",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.execute("GRANT SELECT ON erasures TO omea_worker")
    op.execute(
        "GRANT INSERT (person_id, key, asked_by, actor_id, asked_at, due_at) ON erasures TO omea_worker"
    )
    op.execute(
        "GRANT UPDATE (withdrawn_at, withdrawn_by, mail, customer_reference) ON erasures TO omea_worker"
    )
    op.execute(f"GRANT SELECT ({SHOWN}) ON erasures TO omea_api")


def add_archive() -> None:
    """Nobody is granted what is in it. That something is there keeps the worker from making it again."""
    op.create_table(
        "archived_records",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("xml", sa.LargeBinary(), nullable=True),
        sa.Column("destroy_after", sa.Date(), nullable=False),
        sa.Column("destroyed_at", INSTANT, nullable=True),
        sa.Column("archived_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "destroyed_at IS NULL OR (num_nonnulls(pdf, xml) = 0 AND facts = '{}'::jsonb)",
            name=op.f("ck_archived_records_destroyed"),
        ),
        sa.PrimaryKeyConstraint("kind", "reference", name=op.f("pk_archived_records")),
    )
    op.create_index(
        "ix_archived_records_due",
        "archived_records",
        ["destroy_after"],
        unique=False,
        postgresql_where=sa.text("destroyed_at IS NULL"),
    )
    op.execute("GRANT SELECT (kind, reference) ON archived_records TO omea_worker")
    # The owner included: by mistake is how archives get lost.
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON archived_records FOR EACH ROW "
        "WHEN (OLD.destroy_after >= current_date) EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER kept_whole BEFORE TRUNCATE ON archived_records "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def let_documents_leave_for_the_archive_only() -> None:
    op.execute("DROP TRIGGER append_only ON documents")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON documents "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"""
        CREATE FUNCTION refuse_unless_archived() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$ BEGIN
            IF NOT EXISTS (
                SELECT FROM archived_records
                WHERE kind = 'document' AND reference = OLD.number AND pdf = OLD.pdf AND xml = OLD.xml
            ) THEN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN OLD;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER archived BEFORE DELETE ON documents FOR EACH ROW "
        "EXECUTE FUNCTION refuse_unless_archived()"
    )


def let_files_leave_for_the_archive_only() -> None:
    op.execute("ALTER TABLE bank_messages ALTER COLUMN xml DROP NOT NULL")
    op.drop_constraint(op.f("ck_transfer_files_written"), "transfer_files", type_="check")
    op.create_check_constraint(
        op.f("ck_transfer_files_written"), "transfer_files", "xml IS NULL OR sha256 IS NOT NULL"
    )
    op.execute(
        f"""
        CREATE FUNCTION refuse_unless_file_archived() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$ BEGIN
            IF TG_OP <> 'UPDATE' OR to_jsonb(NEW) <> to_jsonb(OLD) || jsonb_build_object('xml', NULL)
                OR NOT EXISTS (
                    SELECT FROM archived_records
                    WHERE kind = 'transfer_file' AND reference = OLD.message_id AND xml = OLD.xml
                )
            THEN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("DROP TRIGGER written ON transfer_files")
    op.execute(
        "CREATE TRIGGER written BEFORE UPDATE OR DELETE ON transfer_files FOR EACH ROW "
        "WHEN (OLD.sha256 IS NOT NULL) EXECUTE FUNCTION refuse_unless_file_archived()"
    )


def let_the_worker_erase() -> None:
    """The person of that erasure, all of it in the caller's transaction; nobody before their time, nobody who
    changed their mind, and nobody else. Again, it changes nothing."""
    # Ten years from the end of the accounting year, which is that of the calendar.
    op.execute(
        "CREATE FUNCTION accounting_kept_until(timestamptz) RETURNS date LANGUAGE sql IMMUTABLE "
        "SET search_path = pg_catalog AS "
        "$$ SELECT make_date(extract(year FROM $1 AT TIME ZONE 'Europe/Paris')::int + 10, 12, 31) $$"
    )
    kept = "".join(
        f"""
        WITH moved AS (
            INSERT INTO archived_records (kind, reference, facts, pdf, xml, destroy_after)
            SELECT '{kind}', reference, facts, pdf, xml, accounting_kept_until(at)
            FROM (SELECT {columns} FROM {source}) AS found (reference, facts, pdf, xml, at)
            ON CONFLICT DO NOTHING RETURNING archived_records.destroy_after
        )
        SELECT kept + count(*), greatest(last, max(destroy_after)) INTO kept, last FROM moved;
        """  # noqa: S608  # made of the constants of this file
        for kind, columns, source in KEEP
    )
    op.execute(
        f"""
        CREATE FUNCTION erase_person(wanted text, now_at timestamptz) RETURNS void LANGUAGE plpgsql
        {DEFINER} AS $$
        DECLARE
            asked erasures; who people; person uuid;
            mine text[]; theirs text[]; statements_of text[]; texts uuid[]; accounts text[]; orders text[];
            kept integer := 0; last date;
        BEGIN
            SELECT * INTO asked FROM erasures WHERE key = wanted FOR UPDATE;
            IF asked.id IS NULL OR asked.withdrawn_at IS NOT NULL OR asked.due_at > now_at THEN
                RAISE EXCEPTION 'no erasure is due' USING ERRCODE = 'restrict_violation';
            END IF;
            IF asked.erased_at IS NOT NULL THEN
                RETURN;
            END IF;
            person := asked.person_id;
            SELECT * INTO who FROM people WHERE id = person FOR UPDATE;
            {FIND}
            {kept}
            UPDATE erasures SET erased_at = now_at, mail = who.mail, kept_records = kept, kept_until = last,
                customer_reference = (SELECT cards.customer_reference FROM cards WHERE client_id = person)
                WHERE id = asked.id;
            {ERASE}
        END $$
        """  # noqa: S608  # made of the constants of this file
    )
    op.execute("REVOKE EXECUTE ON FUNCTION erase_person(text, timestamptz) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION erase_person(text, timestamptz) TO omea_worker")


def keep_the_erased_erased() -> None:
    """No address that somebody could have begins so."""
    op.execute(
        "CREATE TRIGGER erased BEFORE UPDATE ON people FOR EACH ROW "
        "WHEN (starts_with(OLD.mail, 'erased:')) EXECUTE FUNCTION refuse_change()"
    )


def let_the_worker_destroy() -> None:
    """What has been kept long enough by the database's own clock, and nothing else."""
    op.execute(
        f"""
        CREATE FUNCTION destroy_archived() RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
        DECLARE
            destroyed bigint;
        BEGIN
            UPDATE archived_records SET facts = '{{}}', pdf = NULL, xml = NULL, destroyed_at = now()
                WHERE destroy_after < current_date AND destroyed_at IS NULL;
            GET DIAGNOSTICS destroyed = ROW_COUNT;
            RETURN destroyed;
        END $$
        """  # noqa: S608  # made of the constants of this file
    )
    op.execute("REVOKE EXECUTE ON FUNCTION destroy_archived() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION destroy_archived() TO omea_worker")
