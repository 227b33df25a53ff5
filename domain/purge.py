"""What one night's purge took away."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Purged:
    """Rows: entries of the journal of accesses, links and sign-ins, sign-ups, contents of the archive."""

    accesses: int
    sign_ins: int
    admissions: int = 0
    archived: int = 0
