"""The first tariff, the skills, and the changes of status that exist."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Figures of the day this migration was written; later ones come with later migrations or new tariff rows.
TARIFF = {
    "version": "2026-01",
    "effective_from": datetime(2025, 12, 31, 23, tzinfo=UTC),
    "slice_minutes": 15,
    "minimum_slices": 1,
    "grace_minutes": 2,
    "price_ttc_cents": 1500,
    "vat_bp": 2000,
    "technician_ht_cents": 800,
}
SKILLS = {
    "internet": "Internet et Wi-Fi",
    "printer": "Imprimante et scanner",
    "mail": "Messagerie",
    "security": "Virus et sécurité",
    "software": "Logiciels et mises à jour",
}
CHANGES = {
    "requested": ("scheduled", "to_assign"),
    "to_assign": ("scheduled", "closed"),
    "scheduled": ("in_session",),
    "in_session": ("to_report", "suspended"),
    "to_report": ("in_review", "suspended"),
    "in_review": ("invoiced", "suspended"),
    "invoiced": ("closed", "unpaid"),
    "unpaid": ("closed",),
}


def upgrade() -> None:
    connection = op.get_bind()
    metadata = sa.MetaData()
    metadata.reflect(connection, only=("tariffs", "skills", "status_changes"))
    tables = metadata.tables
    connection.execute(tables["tariffs"].insert(), TARIFF)
    connection.execute(
        tables["skills"].insert(), [{"code": code, "label": label} for code, label in SKILLS.items()]
    )
    connection.execute(
        tables["status_changes"].insert(),
        [{"before": before, "after": after} for before, afters in CHANGES.items() for after in afters],
    )
