"""The people and the requests of the scenes: one client with a request in every state, a client and a
technician who are new, and what all others do."""

from datetime import datetime, timedelta
from typing import Any

from domain.signed_links import Link, Purpose, sign
from tests.api.frontend import MORNING
from tests.api.matrix.world_people import a_sign_up_link
from tests.api.rows import a_card, a_consent, a_gain, a_report, a_session, a_ticket, an_invoice, insert
from tests.scenes import days, money, stories
from tests.scenes import people as team_people
from tests.scenes.scene import BACK_OFFICE, CLIENT, FINANCE, NEW_CLIENT, NEW_TECHNICIAN, TECHNICIAN
from tests.scenes.stories import Step
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_person, a_submission, a_technician
from tests.support.postgres import Database

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def people(database: Database) -> dict[str, str]:
    found = {
        CLIENT: a_client(database, "Claire Petit"),
        NEW_CLIENT: a_client(database, "Paul Girard"),
        TECHNICIAN: a_technician(database, "internet", name="Thomas Leroy", account="acct_thomas"),
        NEW_TECHNICIAN: a_technician(database, name="Nadia Benali"),
        BACK_OFFICE: a_person(database, "back_office", "Sophie Roux"),
        FINANCE: a_person(database, "finance", "Nadia Faure"),
    }
    a_card(database, found[CLIENT])
    database.execute("UPDATE cards SET label = 'visa 4242'")
    return found


def things(database: Database, people: dict[str, str]) -> dict[str, str]:
    """What paths name: a request by its state, and the links of mails."""
    client = people[CLIENT]
    tickets = _tickets(database, client, people[TECHNICIAN])
    everybody = people | days.others(database, people[TECHNICIAN])
    days.fill(database, everybody)
    _refused_mails(database, client, tickets)
    return {
        **tickets,
        **money.things(database, everybody),
        **team_people.things(database, people),
        "petit": client,
        "girard": people[NEW_CLIENT],
        "review_link": _link(Purpose.REVIEW, tickets["in_review"], client),
        "payment_link": _link(Purpose.PAYMENT, tickets["unpaid"], client),
        "sign_up_link": a_sign_up_link(database),
    }


def _tickets(database: Database, client: str, technician: str) -> dict[str, str]:
    """One in every state."""

    def ticket(status: str, start: datetime, story: list[Step], **more: Any) -> str:
        number = a_ticket(database, client, technician, status=status, start=start, **more)
        days.book(database, number)
        stories.tell(database, number, story)
        return number

    def served(status: str, start: datetime, story: list[Step]) -> str:
        """Its session is over, and reported."""
        number = ticket(status, start, story)
        a_session(database, number, technician, start + 2 * MINUTE, start + 25 * MINUTE)
        a_report(database, number, technician, start + 40 * MINUTE)
        return number

    confirmed = {"acknowledged_at": MORNING - 4 * DAY}
    found = {
        "scheduled": ticket("scheduled", MORNING + DAY, stories.JUST_BOOKED),
        "confirmed": ticket("scheduled", MORNING + 2 * HOUR, stories.AGREED, **confirmed),
        "in_session": ticket("in_session", MORNING - 30 * MINUTE, stories.BEGUN),
        "to_report": ticket("to_report", MORNING - 16 * HOUR, stories.ENDED),
        "in_review": served("in_review", MORNING - 19 * HOUR, stories.REPORTED),
        "suspended": served("suspended", MORNING - 23 * HOUR, stories.DISPUTED),
        "invoiced": served("invoiced", MORNING - 4 * DAY, stories.INVOICED),
        "unpaid": served("unpaid", MORNING - 12 * DAY, stories.UNPAID),
        "paid": served("closed", MORNING - 20 * DAY, stories.PAID),
        "to_assign": a_ticket(database, client, None, status="to_assign", start=MORNING + 2 * DAY),
    }
    cancelled = {"outcome": "cancelled", "closed_at": MORNING - 33 * DAY}
    found["cancelled"] = ticket("closed", MORNING - 32 * DAY, stories.CANCELLED, **cancelled)
    stories.tell(database, found["to_assign"], stories.NOBODY_FREE)
    a_consent(database, found["confirmed"], client, MORNING - 4 * DAY)
    start = MORNING - 30 * MINUTE
    a_session(database, found["in_session"], technician, start + 2 * MINUTE, None)
    start = MORNING - 16 * HOUR
    a_session(database, found["to_report"], technician, start + 2 * MINUTE, start + 25 * MINUTE)
    reason = a_submission(database, client, "dispute", reason="Le Wi-Fi est retombé une heure après.")
    raised = {"number": 1, "submission_id": reason, "raised_at": MORNING - HOUR}
    insert(database, "disputes", ticket=found["suspended"], **raised)
    comment = a_submission(database, client, "review", comment="Très patient, tout a été expliqué.")
    given = {"number": 1, "stars": 5, "submission_id": comment, "given_at": MORNING - 17 * DAY + HOUR}
    insert(database, "reviews", ticket=found["paid"], **given)
    _invoices(database, client, technician, found)
    return found


def _invoices(database: Database, client: str, technician: str, tickets: dict[str, str]) -> None:
    """One not paid yet, one whose card was refused to the end, and one that is paid."""
    issued = {"invoiced": MORNING - DAY, "unpaid": MORNING - 9 * DAY, "paid": MORNING - 17 * DAY}
    for place, (state, at) in enumerate(issued.items(), 121):
        an_invoice(database, tickets[state], client, f"F2026-000{place}", at)
        a_gain(database, tickets[state], technician, at)
    refused = {"invoice": "F2026-000122"}
    insert(database, "payments", **refused, intent="pi_122", status="refused")
    for attempt, days_later in enumerate((0, 1, 3, 7), 1):
        at = issued["unpaid"] + days_later * DAY
        tried = {"attempt": attempt, "refusal": "insufficient_funds", "tried_at": at}
        insert(database, "payment_attempts", **refused, **tried)
    paid = {"status": "paid", "collected_cents": 3000, "paid_at": issued["paid"]}
    insert(database, "payments", invoice="F2026-000123", intent="pi_123", **paid)


def _refused_mails(database: Database, client: str, tickets: dict[str, str]) -> None:
    for kind, about in (("report_ready", tickets["in_review"]), ("invoice_issued", tickets["paid"])):
        refused = {"refused_at": MORNING - HOUR, "refused_code": 550}
        sent = {"key": kind, "kind": kind, "message_id": kind, "recipient_id": client}
        insert(database, "notifications", ticket=about, **sent, **refused)


def _link(purpose: Purpose, ticket: str, client: str) -> str:
    return sign(TOKEN_KEY, Link(purpose, ticket, client), MORNING + 3 * DAY)
