"""Two sides with something in every table of the API's."""

from typing import Any

from tests.support.people import a_person
from tests.support.postgres import Database
from tests.support.pristine import Connection
from tests.support.side_money import add_books, add_earnings, add_sales
from tests.support.side_tickets import add_lost_ticket, add_people, add_texts, add_ticket
from tests.support.sides import BACK_OFFICE, CLIENT, FINANCE, LINK, NOW, TEAM, TECHNICIAN, Side, TwoSides


def two_sides(database: Database, *, crossing: bool = True) -> TwoSides:
    """With `crossing`, each client has a ticket that has gone to the other side's technician."""
    world = TwoSides(database, crossing)
    for role in TEAM:
        world.people[role] = a_person(database, role)
    for name in "ab":
        for role in (CLIENT, TECHNICIAN):
            world.people[f"{name} {role}"] = a_person(database, role, f"{role} {name}")
    with database.connect() as connection:
        # What refers to what is not the point, nor what the triggers do.
        connection.execute("SET session_replication_role = replica")
        for number, name in enumerate("ab", 1):
            side = Side(world, connection, name, number)
            for add in (add_people, add_ticket, add_texts, add_sales, add_books, add_earnings):
                add(side)
            if crossing:
                add_lost_ticket(side)
        _add_the_team(world, connection)
    for name, who in world.people.items():
        [(at,)] = database.rows("SELECT ctid::text FROM people WHERE id = %s", who)
        for viewer in {name, *TEAM, *([f"{name[0]} {LINK}"] if name.endswith(CLIENT) else [])}:
            world.sees(viewer, ("people", at))
        if name not in TEAM:
            applied = _an_application(database, who)
            for viewer in (name, BACK_OFFICE):
                world.sees(viewer, ("applications", applied))
        for (at,) in database.rows("SELECT ctid::text FROM accepted_texts WHERE person_id = %s", who):
            for viewer in (name, BACK_OFFICE):
                world.sees(viewer, ("accepted_texts", at))
    return world


def _an_application(database: Database, person: str) -> str:
    """Without an answer yet: theirs by its address."""
    [(at,)] = database.rows(
        "INSERT INTO applications (name, mail, skills, text, privacy, mail_mark, network_mark, asked_at) "
        "SELECT name, upper(mail), '{}', '', '', '', '', %s FROM people WHERE id = %s RETURNING ctid::text",
        *(NOW, person),
    )
    return str(at)


def _add_the_team(world: TwoSides, connection: Connection) -> None:
    for role in TEAM:
        who = world.people[role]
        world.add(
            connection,
            "sign_ins",
            *{BACK_OFFICE, role},
            person_id=who,
            secret_hash=role,
            device="",
            began_at=NOW,
            seen_at=NOW,
        )
        world.add(
            connection,
            "authenticators",
            *{BACK_OFFICE, role},
            person_id=who,
            key_id="k",
            sealed=b"x",
            last_step=1,
            confirmed_at=NOW,
        )
        world.add(connection, "recovery_codes", role, hash=role, person_id=who)
        world.add(connection, "pending_sign_ins", BACK_OFFICE, person_id=who, secret_hash=role, began_at=NOW)
        world.add(connection, "wrong_codes", person_id=who, at=NOW)
        world.add(connection, "mail_notes", BACK_OFFICE, person_id=who, until=NOW, noted_by=who)
        world.add(connection, "requests", role, actor_id=who, key="k", command="c", body_hash="h")
        # The back office reads the journal of everybody's.
        world.add(
            connection, "accesses", *{BACK_OFFICE, role}, at=NOW, person_id=who, role=role, kind="queue"
        )
        world.add(
            connection,
            "submissions",
            *{BACK_OFFICE, role},
            author_id=who,
            kind="write_off",
            body={"reason": role},
        )
    for table, columns in OF_NOBODY.items():
        world.add(connection, table, *SEEN_OF_NOBODY.get(table, (FINANCE,)), **columns)


OF_NOBODY: dict[str, dict[str, Any]] = {
    "payout_runs": {
        "key": "r",
        "month": "2026-10",
        "n": 1,
        "cut_off": NOW,
        "actor_id": "omea",
        "started_at": NOW,
    },
    "transfer_files": {
        "message_id": "m",
        "month": "2026-10",
        "n": 1,
        "run": "r",
        "created_at": NOW,
        "execution_date": NOW,
        "debtor_name": "Omea",
        "debtor_iban": "FR",
        "total_cents": 1,
    },
    "bank_debits": {"file": "m", "amount_cents": 1},
    "invoice_counters": {"year": 2026, "last": 2},
    "credit_note_counters": {"year": 2026, "last": 2},
    "ledger_transactions": {"key": "t", "at": NOW},
    "ledger_lines": {"transaction": "t", "line": 1, "account": "411", "amount_cents": 1},
    "invariant_checks": {
        "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20",
        "at": NOW,
        "name": "x",
        "ok": True,
        "total": 0,
        "rows": {},
    },
    "invariant_alerts": {"check_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20", "at": NOW, "kind": "began"},
    "webhook_events": {"id": "e", "type": "t", "subject": {}, "state": "pending"},
    "sign_in_links": {"mail_mark": "m", "network_mark": "n", "browser_hash": "b", "asked_at": NOW},
    "sign_ups": {
        "name": "x",
        "mail": "x@example.fr",
        "terms": "1",
        "privacy": "1",
        "mail_mark": "m",
        "network_mark": "n",
        "browser_hash": "b",
        "asked_at": NOW,
    },
}
SEEN_OF_NOBODY: dict[str, tuple[str, ...]] = {
    "invoice_counters": TEAM,
    "credit_note_counters": TEAM,
    "invariant_checks": TEAM,
    "invariant_alerts": TEAM,
    "webhook_events": TEAM,
    "sign_in_links": (BACK_OFFICE,),
    "sign_ups": (),
}
