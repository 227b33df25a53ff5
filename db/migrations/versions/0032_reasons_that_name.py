"""The reason of a payout run is erased where it names somebody, not where their name is in another word."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BEFORE = "position(lower(who.name) IN lower(body::text)) > 0"
# The name with everything escaped that means something in a pattern.
NAMED = (
    r"lower(body ->> 'reason') ~ "
    r"('(?<!\w)' || regexp_replace(lower(who.name), '(\W)', '\\\1', 'g') || '(?!\w)')"
)


def upgrade() -> None:
    function = op.get_bind().scalar(
        sa.text("SELECT pg_get_functiondef('erase_person(text, timestamptz)'::regprocedure)")
    )
    if BEFORE not in function:
        raise RuntimeError("erase_person is not what it was")
    op.execute(function.replace(BEFORE, NAMED))
