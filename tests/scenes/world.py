"""The people and the requests of the scenes: one client with a request in every state, and one who is new."""

from datetime import timedelta
from typing import Any

from domain.signed_links import Link, Purpose, sign
from tests.api.frontend import MORNING
from tests.api.rows import a_card, a_consent, a_report, a_session, a_ticket, an_invoice, insert
from tests.scenes import people as team_people
from tests.scenes.scene import BACK_OFFICE, CLIENT, FINANCE, NEW_CLIENT, TECHNICIAN
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_person, a_submission, a_technician
from tests.support.postgres import Database

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def people(database: Database) -> dict[str, str]:
    found = {
        CLIENT: a_client(database, "Claire Petit"),
        NEW_CLIENT: a_client(database, "Paul Girard"),
        TECHNICIAN: a_technician(database, "internet", name="Thomas Leroy"),
        BACK_OFFICE: a_person(database, "back_office", "Sophie Roux"),
        FINANCE: a_person(database, "finance", "Nadia Faure"),
    }
    a_card(database, found[CLIENT])
    database.execute("UPDATE cards SET label = 'visa 4242'")
    return found


def things(database: Database, people: dict[str, str]) -> dict[str, str]:
    """What paths name: a request by its state, and the links of mails."""
    client, technician = people[CLIENT], people[TECHNICIAN]

    def ticket(status: str, **more: Any) -> str:
        return a_ticket(database, client, technician, status=status, **more)

    def served(status: str, days: int, **more: Any) -> str:
        """Its session is over, so many days ago, and reported."""
        start = MORNING - days * DAY - HOUR
        number = ticket(status, start=start, opened_at=start - DAY, **more)
        a_session(database, number, technician, start + MINUTE, start + 25 * MINUTE)
        a_report(database, number, technician, start + 40 * MINUTE)
        return number

    found = {
        "scheduled": ticket("scheduled", start=MORNING + DAY, opened_at=MORNING - HOUR),
        "confirmed": ticket("scheduled", start=MORNING + 2 * HOUR, acknowledged_at=MORNING - HOUR),
        "in_session": ticket("in_session", start=MORNING - 30 * MINUTE),
        "to_report": ticket("to_report", start=MORNING - 2 * HOUR),
        "in_review": served("in_review", 0),
        "suspended": served("suspended", 1),
        "invoiced": served("invoiced", 2),
        "unpaid": served("unpaid", 12),
        "paid": served("closed", 20),
        "cancelled": ticket(
            "closed", start=MORNING - 30 * DAY, outcome="cancelled", closed_at=MORNING - 31 * DAY
        ),
        "to_assign": a_ticket(database, client, None, status="to_assign", start=MORNING + 2 * DAY),
    }
    a_consent(database, found["confirmed"], client, MORNING - HOUR)
    a_session(database, found["in_session"], technician, MORNING - 19 * MINUTE, None)
    a_session(database, found["to_report"], technician, MORNING - 100 * MINUTE, MORNING - 70 * MINUTE)
    reason = a_submission(database, client, "dispute", reason="Le Wi-Fi est retombé une heure après.")
    insert(
        database,
        "disputes",
        ticket=found["suspended"],
        number=1,
        submission_id=reason,
        raised_at=MORNING - HOUR,
    )
    for place, state in enumerate(("invoiced", "unpaid", "paid"), 121):
        an_invoice(database, found[state], client, f"F2026-000{place}", MORNING - DAY)
    paid = {"status": "paid", "collected_cents": 3000, "paid_at": MORNING - DAY}
    insert(database, "payments", invoice="F2026-000123", intent="pi_1", **paid)
    return (
        found
        | team_people.things(database, people)
        | {
            "review_link": _link(Purpose.REVIEW, found["in_review"], client),
            "payment_link": _link(Purpose.PAYMENT, found["unpaid"], client),
        }
    )


def _link(purpose: Purpose, ticket: str, client: str) -> str:
    return sign(TOKEN_KEY, Link(purpose, ticket, client), MORNING + 3 * DAY)
