"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
# What the previous release would not survive, by squawk's rule, each with why it does: workflows/CHANGING.md.
permitted: dict[str, str] = {}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
