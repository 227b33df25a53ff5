"""Signing in: links, sign-ins, and the refresh tokens of frontends."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
NEW_ID = sa.text("uuidv7()")
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_index("ix_people_lower_mail", "people", [sa.text("lower(mail)")], unique=False)
    add_links()
    add_sign_ins()
    add_refresh_tokens()
    end_with_the_account()
    grant()


def add_links() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("id", UUID, server_default=NEW_ID, nullable=False),
        sa.Column("person_id", UUID, nullable=True),
        sa.Column("mail_mark", sa.String(length=64), nullable=False),
        sa.Column("network_mark", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_in_links_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
    )
    op.create_index(op.f("ix_sign_in_links_person_id"), "sign_in_links", ["person_id"], unique=False)
    for mark in ("mail_mark", "network_mark"):
        name = op.f(f"ix_sign_in_links_{mark}_asked_at")
        op.create_index(name, "sign_in_links", [mark, "asked_at"], unique=False)


def add_sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", UUID, server_default=NEW_ID, nullable=False),
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("recorded_at", INSTANT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_ins_secret_hash")),
    )
    op.create_index(op.f("ix_sign_ins_person_id"), "sign_ins", ["person_id"], unique=False)


def add_refresh_tokens() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sign_in_id", UUID, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["sign_in_id"],
            ["sign_ins.id"],
            name=op.f("fk_refresh_tokens_sign_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(op.f("ix_refresh_tokens_sign_in_id"), "refresh_tokens", ["sign_in_id"], unique=False)


def end_with_the_account() -> None:
    """A closed account is refused by itself; what was open then must not be open again when it is reopened.
    Whoever closes it may not write these tables: the function runs as its owner."""
    op.execute(
        """
        CREATE FUNCTION end_sign_ins() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            UPDATE sign_ins SET revoked_at = now() WHERE person_id = NEW.id AND revoked_at IS NULL;
            UPDATE sign_in_links SET used_at = now() WHERE person_id = NEW.id AND used_at IS NULL;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER end_sign_ins AFTER UPDATE OF active ON people FOR EACH ROW "
        "WHEN (OLD.active AND NOT NEW.active) EXECUTE FUNCTION end_sign_ins()"
    )


def grant() -> None:
    """The API signs people in and out; the worker mails links, and deletes what is over."""
    op.execute("GRANT SELECT, INSERT ON sign_in_links, sign_ins, refresh_tokens TO omea_api")
    op.execute("GRANT DELETE ON sign_in_links TO omea_api")
    op.execute("GRANT UPDATE (used_at) ON sign_in_links, refresh_tokens TO omea_api")
    op.execute("GRANT UPDATE (seen_at, revoked_at) ON sign_ins TO omea_api")
    op.execute("GRANT SELECT, DELETE ON sign_in_links, sign_ins TO omea_worker")
