"""The people of the world, how they are signed in, and what is theirs or nobody's yet."""

from dataclasses import dataclass
from datetime import timedelta

from api import cookies
from api.accepted_texts import IN_FORCE
from domain import admissions
from domain.admissions import AcceptedText
from domain.calendar_feeds import feed_url
from domain.sign_ins import fingerprint, sign_link
from tests.api.frontend import MORNING
from tests.api.matrix.callers import BACK_OFFICE, CLIENT, FINANCE, OTHER_CLIENT, OTHER_TECHNICIAN, TECHNICIAN
from tests.api.rows import (
    insert,
)
from tests.support.keys import TOKEN_KEY
from tests.support.payments import a_declared_person
from tests.support.people import a_client, a_person, a_sign_in, a_technician
from tests.support.postgres import Database

IBAN = "FR1420041010050500013M02606"


@dataclass(frozen=True)
class Credentials:
    """A sign-in, and the secret of its cookie."""

    sign_in: str
    cookie: str


def add_people(database: Database) -> dict[str, str]:
    people = {
        CLIENT: a_client(database),
        OTHER_CLIENT: a_client(database, "Paul Girard"),
        TECHNICIAN: a_technician(database),
        OTHER_TECHNICIAN: a_technician(database, name="Nadia Benali"),
        BACK_OFFICE: a_person(database, "back_office", "Sophie Roux"),
        FINANCE: a_person(database, "finance", "Nadia Faure"),
    }
    for technician in (people[TECHNICIAN], people[OTHER_TECHNICIAN]):
        a_declared_person(database, technician)
    # A change of bank that waits for the team's word.
    database.execute(
        "UPDATE payees SET wanted_rail = 'sepa', wanted_iban = %s, wanted_at = %s WHERE technician_id = %s",
        *(IBAN, MORNING, people[TECHNICIAN]),
    )
    return people


def sign_in_of(database: Database, person: str) -> Credentials:
    sign_in, secret = a_sign_in(database, person, MORNING), cookies.new_secret()
    database.execute("UPDATE sign_ins SET secret_hash = %s WHERE id = %s", fingerprint(secret), sign_in)
    return Credentials(sign_in, secret)


def add_changes_of_mind(database: Database, people: dict[str, str]) -> None:
    """Each once asked to be erased, and stayed."""
    for caller in (CLIENT, OTHER_CLIENT, TECHNICIAN, OTHER_TECHNICIAN):
        asked = MORNING - timedelta(days=60)
        insert(
            database,
            "erasures",
            person_id=people[caller],
            key=caller,
            asked_by="person",
            actor_id=people[caller],
            asked_at=asked,
            due_at=asked + timedelta(days=30),
            withdrawn_at=asked,
            withdrawn_by=people[caller],
        )


def a_leave(database: Database, technician: str) -> str:
    start = MORNING + timedelta(days=60)
    [(leave,)] = database.rows(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s) "
        "RETURNING id::text",
        *(technician, start, start + timedelta(days=2), technician),
    )
    return str(leave)


def a_feed(database: Database, technician: str) -> str:
    insert(database, "calendar_feeds", technician_id=technician, opened_at=MORNING)
    return feed_url("", TOKEN_KEY, technician, MORNING).rpartition("/")[2]


def a_link(database: Database, person: str, asking: str) -> str:
    [(link,)] = database.rows(
        "INSERT INTO sign_in_links (person_id, mail_mark, network_mark, browser_hash, asked_at) "
        "VALUES (%s, '', '', %s, %s) RETURNING id::text",
        *(person, fingerprint(asking), MORNING),
    )
    return sign_link(TOKEN_KEY, link, MORNING)


def a_sign_up_link(database: Database) -> str:
    [(sign_up,)] = database.rows(
        "INSERT INTO sign_ups (name, mail, terms, privacy, mail_mark, network_mark, browser_hash, asked_at) "
        "VALUES ('Zoé Blanc', 'zoe.blanc@example.fr', %s, %s, '', '', '', %s) RETURNING id::text",
        *(IN_FORCE[AcceptedText.TERMS], IN_FORCE[AcceptedText.PRIVACY], MORNING),
    )
    return admissions.sign_link(TOKEN_KEY, sign_up, MORNING)


def an_application(database: Database) -> str:
    [(application,)] = database.rows(
        "INSERT INTO applications (name, mail, skills, text, privacy, mail_mark, network_mark, asked_at) "
        "VALUES ('Luc Morel', 'luc.morel@example.fr', '{\"internet\": 2}', 'Dix ans.', '', '', '', %s) "
        "RETURNING id::text",
        MORNING,
    )
    return str(application)


def an_identity(database: Database, person: str, subject: str = "1") -> str:
    [(identity,)] = database.rows(
        "INSERT INTO identities (person_id, issuer, subject, linked_at) "
        "VALUES (%s, 'https://one.example', %s, %s) RETURNING id::text",
        *(person, subject, MORNING),
    )
    return str(identity)
