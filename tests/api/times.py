"""Building blocks of the tests of slots and holds."""

from datetime import timedelta
from typing import Any

from tests.api.frontend import MORNING, Frontend
from tests.api.rows import insert

TEN = "2026-11-24T10:00:00+01:00"


def at(hour: int, minute: int = 0) -> str:
    return MORNING.replace(hour=hour, minute=minute).isoformat()


def a_hold(start: str = TEN, minutes: int = 60, skill: str = "internet") -> dict[str, Any]:
    return {"skill": skill, "start": start, "minutes": minutes}


def booked(api: Frontend, technician: str, start: str, end: str) -> None:
    """A time already booked, as far as the constraint sees."""
    insert(
        api.database,
        "bookings",
        technician_id=technician,
        during=f"[{start},{end})",
        state="held",
        skill="internet",
        hold_expires_at=MORNING + timedelta(days=1),
    )
