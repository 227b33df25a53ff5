"""A week like others: several technicians with their rendezvous, some of which want the team's attention."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.api.frontend import MORNING
from tests.api.rows import PHONE, a_consent, a_report, a_session, a_ticket, insert
from tests.scenes import stories
from tests.scenes.stories import Step
from tests.support.people import a_client, a_submission, a_technician
from tests.support.postgres import Database

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MIDNIGHT = MORNING.replace(hour=0)

# Nobody has the skill "printer": a page says so.
TECHNICIANS = {
    "Amina Diallo": ("internet", "mail"),
    "Hugo Bernard": ("mail", "security"),
    "Louise Caron": ("software", "internet"),
}
CLIENTS = ("Jeanne Moreau", "Yves Le Gall", "Françoise Dubois-Lambert", "Ahmed Saïdi")
WORDS = {
    "internet": "La télévision et le Wi-Fi se coupent tous les soirs vers 20 h.",
    "mail": "Je ne reçois plus les messages de ma banque depuis lundi.",
    "security": "Une fenêtre rouge dit que mon ordinateur est bloqué et donne un numéro à appeler.",
    "software": "Depuis la mise à jour, le logiciel de comptabilité se ferme tout seul.",
}


JEANNE, YVES, FRANCOISE, AHMED = CLIENTS


@dataclass(frozen=True)
class Planned:
    """An hour of a technician's; `hour` is that of the day so many days from today."""

    technician: str
    client: str
    day: int
    hour: float
    skill: str
    status: str
    story: list[Step]

    @property
    def start(self) -> datetime:
        return MIDNIGHT + self.day * DAY + self.hour * HOUR


PLAN = (
    Planned("Amina Diallo", YVES, -4, 15, "mail", "suspended", stories.TAKEN_OVER),
    Planned("Amina Diallo", JEANNE, -1, 8, "mail", "to_report", stories.ENDED),
    Planned("Amina Diallo", YVES, 0, 9.5, "mail", "scheduled", stories.AGREED),
    Planned("Amina Diallo", FRANCOISE, 0, 14, "internet", "scheduled", stories.ACKNOWLEDGED),
    Planned("Amina Diallo", AHMED, 1, 9.5, "internet", "scheduled", stories.JUST_BOOKED),
    Planned("Hugo Bernard", AHMED, 0, 8.5, "security", "in_session", stories.BEGUN),
    Planned("Hugo Bernard", JEANNE, 0, 11, "mail", "scheduled", stories.ACKNOWLEDGED),
    Planned("Hugo Bernard", YVES, 1, 9, "security", "scheduled", stories.AGREED),
    Planned("Louise Caron", FRANCOISE, 0, 8, "software", "scheduled", stories.AGREED),
    Planned("Louise Caron", YVES, 0, 16, "internet", "scheduled", stories.ACKNOWLEDGED),
    Planned("Louise Caron", AHMED, 2, 9, "software", "scheduled", stories.ACKNOWLEDGED),
    Planned("Thomas Leroy", JEANNE, 0, 14, "internet", "scheduled", stories.AGREED),
    Planned("Thomas Leroy", AHMED, 0, 16.5, "internet", "scheduled", stories.ACKNOWLEDGED),
    Planned("Thomas Leroy", YVES, 1, 15, "internet", "scheduled", stories.AGREED),
    Planned("Thomas Leroy", FRANCOISE, 3, 10, "internet", "scheduled", stories.ACKNOWLEDGED),
)


def others(database: Database, technician: str) -> dict[str, str]:
    """By name: their clients, the technicians, and `technician`, who is Thomas Leroy."""
    technicians = {
        name: a_technician(database, *skills, name=name, account=f"acct_{place}")
        for place, (name, skills) in enumerate(TECHNICIANS.items())
    }
    clients = {name: a_client(database, name) for name in CLIENTS}
    return clients | technicians | {"Thomas Leroy": technician}


def fill(database: Database, people: dict[str, str]) -> None:
    """Their week; who is away, and who is about to book."""
    for planned in PLAN:
        _plan(database, people, planned)
    hugo, louise = people["Hugo Bernard"], people["Louise Caron"]
    database.execute(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s)",
        *(hugo, MIDNIGHT + 14 * HOUR, MIDNIGHT + DAY, hugo),
    )
    database.execute(
        "INSERT INTO bookings (technician_id, during, state, skill, held_by, hold_expires_at) "
        "VALUES (%s, tstzrange(%s, %s), 'held', 'internet', %s, %s)",
        *(louise, MIDNIGHT + 11 * HOUR, MIDNIGHT + 12 * HOUR, people[JEANNE], MORNING + 4 * MINUTE),
    )


def _plan(database: Database, people: dict[str, str], planned: Planned) -> None:
    client, technician, start = people[planned.client], people[planned.technician], planned.start
    request = a_submission(database, client, "request", description=WORDS[planned.skill], phone=PHONE)
    acts = {step.act for step in planned.story}
    ticket = a_ticket(
        database,
        client,
        technician,
        status=planned.status,
        start=start,
        skill=planned.skill,
        request_id=request,
        acknowledged_at=start - 4 * DAY if "acknowledge" in acts else None,
    )
    book(database, ticket)
    stories.tell(database, ticket, planned.story)
    if "consent" in acts:
        a_consent(database, ticket, client, start - 4 * DAY)
    if "start" in acts:
        end = start + 25 * MINUTE if "end" in acts else None
        a_session(database, ticket, technician, start + 2 * MINUTE, end)
    if "report" in acts:
        a_report(database, ticket, technician, start + 40 * MINUTE)
    if "take_over" in acts:
        reason = a_submission(database, client, "dispute", reason="Les messages n’arrivent toujours pas.")
        at = start + 22 * HOUR
        insert(database, "disputes", ticket=ticket, number=1, submission_id=reason, raised_at=at)
        database.execute(
            "UPDATE tickets SET taken_over_at = %s, "
            "taken_over_by = (SELECT id FROM people WHERE role = 'back_office' ORDER BY id LIMIT 1) "
            "WHERE number = %s",
            *(at + HOUR, ticket),
        )


def book(database: Database, ticket: str) -> None:
    """Its technician's time."""
    database.execute(
        "INSERT INTO bookings (technician_id, during, state, skill, ticket, session) SELECT technician_id, "
        "tstzrange(appointment_start, appointment_end), 'booked', skill, number, 1 FROM tickets "
        "WHERE number = %s",
        ticket,
    )
