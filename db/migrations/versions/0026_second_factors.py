"""The team's second factor, and the sign-ins that have shown one."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
NEW_ID = sa.text("uuidv7()")
KINDS = ("totp", "recovery_code", "demonstration")


def upgrade() -> None:
    add_authenticators()
    add_recovery_codes()
    add_pending_sign_ins()
    add_wrong_codes()
    say_of_sign_ins()
    end_with_the_account()
    grant()


def add_authenticators() -> None:
    op.create_table(
        "authenticators",
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("key_id", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_authenticators_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_authenticators")),
    )


def add_recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["authenticators.person_id"],
            name=op.f("fk_recovery_codes_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"], unique=False)


def add_pending_sign_ins() -> None:
    op.create_table(
        "pending_sign_ins",
        sa.Column("id", UUID, server_default=NEW_ID, nullable=False),
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("offer_key_id", sa.String(length=12), nullable=True),
        sa.Column("offer_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_pending_sign_ins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_ins")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_pending_sign_ins_secret_hash")),
    )
    op.create_index(op.f("ix_pending_sign_ins_person_id"), "pending_sign_ins", ["person_id"], unique=False)


def add_wrong_codes() -> None:
    op.create_table(
        "wrong_codes",
        sa.Column("id", UUID, server_default=NEW_ID, nullable=False),
        sa.Column("person_id", UUID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_wrong_codes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_codes")),
    )
    op.create_index(op.f("ix_wrong_codes_person_id_at"), "wrong_codes", ["person_id", "at"], unique=False)


def say_of_sign_ins() -> None:
    """Those of the team that are under way have shown none: everybody signs in once more."""
    kind = sa.Enum(*KINDS, name="second_factor", native_enum=False, create_constraint=True, length=32)
    op.add_column("sign_ins", sa.Column("second_factor", kind, nullable=True))
    op.add_column("sign_ins", sa.Column("second_factor_at", INSTANT, nullable=True))
    op.create_check_constraint(
        op.f("ck_sign_ins_second_factor_at_some_time"),
        "sign_ins",
        "(second_factor IS NULL) = (second_factor_at IS NULL)",
    )


def end_with_the_account() -> None:
    """As its sign-ins and links."""
    op.execute(
        """
        CREATE OR REPLACE FUNCTION end_sign_ins() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            UPDATE sign_ins SET revoked_at = now() WHERE person_id = NEW.id AND revoked_at IS NULL;
            UPDATE sign_in_links SET used_at = now() WHERE person_id = NEW.id AND used_at IS NULL;
            UPDATE pending_sign_ins SET used_at = now() WHERE person_id = NEW.id AND used_at IS NULL;
            RETURN NULL;
        END $$
        """
    )


def grant() -> None:
    """The API enrols and asks; the worker deletes what is over."""
    op.execute(
        "GRANT SELECT, INSERT ON authenticators, recovery_codes, pending_sign_ins, wrong_codes TO omea_api"
    )
    op.execute("GRANT DELETE ON authenticators TO omea_api")
    op.execute("GRANT UPDATE (last_step) ON authenticators TO omea_api")
    op.execute("GRANT UPDATE (used_at) ON recovery_codes, pending_sign_ins TO omea_api")
    op.execute("GRANT SELECT, DELETE ON pending_sign_ins, wrong_codes TO omea_worker")
