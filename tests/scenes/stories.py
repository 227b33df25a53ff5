"""What the journal tells of a request, act by act, up to where it stands."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta

from tests.api.rows import insert
from tests.support.postgres import Database

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
KEYS = itertools.count(1)


@dataclass(frozen=True)
class Step:
    """`at` counts from the hour of the appointment. A step that changes no status names it once."""

    act: str
    role: str
    at: timedelta
    before: str
    after: str = ""
    details: dict[str, str] = field(default_factory=dict)


JUST_BOOKED = [Step("book", "system", -25 * HOUR, "requested", "scheduled")]
ACKNOWLEDGED = [
    Step("book", "system", -5 * DAY, "requested", "scheduled"),
    Step("acknowledge", "technician", -5 * DAY + HOUR, "scheduled"),
]
AGREED = [*ACKNOWLEDGED, Step("consent", "client", -4 * DAY, "scheduled")]
BEGUN = [
    *AGREED,
    Step("call", "technician", 0 * HOUR, "scheduled"),
    Step("start_refused", "technician", MINUTE, "scheduled"),
    Step("start", "technician", 2 * MINUTE, "scheduled", "in_session"),
]
ENDED = [*BEGUN, Step("end", "technician", 25 * MINUTE, "in_session", "to_report")]
REPORTED = [*ENDED, Step("report", "technician", 40 * MINUTE, "to_report", "in_review")]
DISPUTED = [*REPORTED, Step("dispute", "client", 22 * HOUR, "in_review", "suspended")]
TAKEN_OVER = [*DISPUTED, Step("take_over", "back_office", 23 * HOUR, "suspended")]
INVOICED = [*REPORTED, Step("accept", "system", 3 * DAY, "in_review", "invoiced")]
REFUSED = [
    Step("charge", "system", 3 * DAY + days * DAY, "invoiced", details={"refusal": "insufficient_funds"})
    for days in (0, 1, 3)
]
UNPAID = [*INVOICED, *REFUSED, Step("unpaid", "system", 10 * DAY, "invoiced", "unpaid")]
PAID = [
    *INVOICED,
    Step("charge", "system", 3 * DAY + MINUTE, "invoiced"),
    Step("paid", "system", 3 * DAY + MINUTE, "invoiced", "closed"),
    Step("review", "client", 3 * DAY + HOUR, "closed"),
]
CANCELLED = [*ACKNOWLEDGED, Step("cancel", "client", -DAY, "scheduled", "closed")]
NOBODY_FREE = [Step("to_assign", "system", -5 * DAY, "requested", "to_assign")]


def tell(database: Database, ticket: str, steps: list[Step]) -> None:
    """By those whose request it is, and the colleague who comes first."""
    [(start, client, technician)] = database.rows(
        "SELECT appointment_start, client_id::text, technician_id::text FROM tickets WHERE number = %s",
        ticket,
    )
    [(colleague,)] = database.rows("SELECT min(id::text) FROM people WHERE role = 'back_office'")
    actors = {"client": client, "technician": technician, "back_office": colleague, "system": "system"}
    for step in steps:
        insert(
            database,
            "journal",
            ticket=ticket,
            key=f"step {next(KEYS)}",
            at=start + step.at,
            actor_id=actors[step.role],
            actor_role=step.role,
            act=step.act,
            before=step.before,
            after=step.after or step.before,
            details=step.details,
        )
    database.execute("UPDATE tickets SET opened_at = %s WHERE number = %s", start + steps[0].at, ticket)
