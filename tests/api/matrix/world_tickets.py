"""The tickets of the world, whole for their status, and what people wrote about one of them."""

import hashlib
from datetime import timedelta

from domain.tickets import Status
from tests.api.frontend import MORNING
from tests.api.matrix.callers import (
    BACK_OFFICE,
    CLIENT,
)
from tests.api.pictures import a_file
from tests.api.rows import (
    a_consent,
    a_report,
    a_session,
    a_ticket,
    insert,
)
from tests.support.people import a_submission
from tests.support.postgres import Database

STATUSES = (
    *(Status.SCHEDULED, Status.IN_SESSION, Status.TO_REPORT, Status.IN_REVIEW, Status.SUSPENDED),
    *(Status.UNPAID, Status.CLOSED),
)


def a_whole_ticket(database: Database, client: str, technician: str, status: Status) -> str:
    start = MORNING + timedelta(days=1) if status is Status.SCHEDULED else MORNING - timedelta(hours=3)
    number = a_ticket(
        database, client, technician, status=status, start=start, opened_at=start - timedelta(days=1)
    )
    a_consent(database, number, client, start - timedelta(hours=1))
    if status is not Status.SCHEDULED:
        ended = None if status is Status.IN_SESSION else start + timedelta(minutes=24)
        a_session(database, number, technician, start, ended)
    if status in STATUSES[3:]:
        a_report(database, number, technician, start + timedelta(minutes=30))
    return number


def add_texts(database: Database, people: dict[str, str], ticket: str) -> str:
    """A review, an incident, a dispute and its ruling. Answers the id of the image of the request."""
    client, team = people[CLIENT], people[BACK_OFFICE]
    comment = a_submission(database, client, "review", comment="Très patient.")
    insert(database, "reviews", ticket=ticket, number=1, stars=5, submission_id=comment, given_at=MORNING)
    reason = a_submission(database, client, "dispute", reason="Toujours en panne.")
    insert(database, "disputes", ticket=ticket, number=1, submission_id=reason, raised_at=MORNING)
    ruled = a_submission(database, team, "ruling", reason="Le rapport dit vrai.")
    insert(
        database,
        "rulings",
        ticket=ticket,
        number=1,
        kind="bill",
        submission_id=ruled,
        ruled_by=team,
        ruled_at=MORNING,
    )
    content = a_file()
    [(image,)] = database.rows(
        "INSERT INTO attachments (author_id, submission_id, content_type, width, height, size_bytes, sha256, "
        "content, recorded_at) SELECT client_id, request_id, 'image/png', 60, 40, %s, %s, %s, %s "
        "FROM tickets WHERE number = %s RETURNING id::text",
        *(len(content), hashlib.sha256(content).hexdigest(), content, MORNING, ticket),
    )
    return str(image)
