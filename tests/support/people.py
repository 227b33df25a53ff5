"""Small builders of people, written straight into a test's database."""

from datetime import datetime
from uuid import uuid4

from domain.second_factors import needs_second_factor
from domain.tickets import Role
from tests.support.postgres import Database


def a_person(database: Database, role: str, name: str = "Camille Martin", mail: str | None = None) -> str:
    number = database.rows("SELECT count(*) FROM people")[0][0]
    [(person,)] = database.rows(
        "INSERT INTO people (role, name, mail) VALUES (%s, %s, %s) RETURNING id::text",
        role,
        name,
        mail or f"{role}{number}@example.fr",
    )
    return str(person)


def a_sign_in(database: Database, person: str, at: datetime) -> str:
    """Begun at that time, and by no browser; with the second factor, for who is of the team."""
    [(role,)] = database.rows("SELECT role FROM people WHERE id = %s", person)
    shown = ("totp", at) if needs_second_factor(Role(role)) else (None, None)
    [(sign_in,)] = database.rows(
        "INSERT INTO sign_ins (person_id, secret_hash, device, began_at, seen_at, second_factor, "
        "second_factor_at) VALUES (%s, %s, '', %s, %s, %s, %s) RETURNING id::text",
        *(person, uuid4().hex, at, at, *shown),
    )
    return str(sign_in)


def a_client(database: Database, name: str = "Claire Petit") -> str:
    return a_person(database, "client", name)


def a_technician(
    database: Database, *skills: str, name: str = "Thomas Leroy", account: str | None = None
) -> str:
    """Who may be paid, once they have an account."""
    technician = a_person(database, "technician", name)
    database.execute("INSERT INTO technicians (id, account_reference) VALUES (%s, %s)", technician, account)
    series = database.rows("SELECT count(*) + 1 FROM payees")[0][0]
    database.execute(
        "INSERT INTO payees (technician_id, legal_name, siren, street, postal_code, city, mandate, "
        "mandate_signed_at, account_ready, vigilance_until) VALUES (%s, %s, %s, '12 rue des Lilas', '69003', "
        "'Lyon', 'mandat-2026-01', '2026-01-05 09:00+01', true, '2099-12-31')",
        *(technician, name, f"{series:09d}"),
    )
    for skill in skills or ("internet",):
        database.execute(
            "INSERT INTO technician_skills (technician_id, skill) VALUES (%s, %s)", technician, skill
        )
    return technician


def a_submission(database: Database, author: str, kind: str, **body: str) -> str:
    import json

    [(submission,)] = database.rows(
        "INSERT INTO submissions (author_id, kind, body) VALUES (%s, %s, %s) RETURNING id::text",
        author,
        kind,
        json.dumps(body or {"text": "…"}),
    )
    return str(submission)
