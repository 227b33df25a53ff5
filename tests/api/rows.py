"""Rows as the worker leaves them, for tests of what the API reads."""

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

from domain.ids import ticket_number
from tests.api.frontend import MORNING
from tests.support.people import a_submission
from tests.support.postgres import Database

SEQUENCE = itertools.count(4_000_000)
DESCRIPTION = "Plus de Wi-Fi dans la chambre depuis le changement de box."
PHONE = "+33612345678"


def insert(database: Database, table: str, **columns: Any) -> None:
    values = [json.dumps(value) if isinstance(value, dict) else value for value in columns.values()]
    places = ", ".join(["%s"] * len(values))
    database.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", *values)


def a_ticket(
    database: Database,
    client: str,
    technician: str | None,
    *,
    status: str = "scheduled",
    start: datetime = MORNING + timedelta(hours=1),
    opened_at: datetime = MORNING - timedelta(days=1),
    **more: Any,
) -> str:
    """A ticket for an hour from `start` on. Answers its number."""
    number = ticket_number(next(SEQUENCE))
    request = a_submission(database, client, "request", description=DESCRIPTION, phone=PHONE)
    columns: dict[str, Any] = {
        "number": number,
        "client_id": client,
        "technician_id": technician,
        "skill": "internet",
        "status": status,
        "appointment_start": start,
        "appointment_end": start + timedelta(hours=1),
        "ceiling_minutes": 60,
        "tariff_version": "2026-01",
        "request_id": request,
        "client_code": "2958",
        "technician_code": "4071",
        "assignment": {technician: "chosen"} if technician else {},
        "opened_at": opened_at,
    }
    if status == "closed":
        columns |= {"outcome": "paid", "closed_at": start + timedelta(hours=2)}
    insert(database, "tickets", **columns | more)
    return number


def a_consent(
    database: Database, ticket: str, client: str, at: datetime = MORNING, sequence: int = 0
) -> None:
    given = a_submission(database, client, "anydesk_id", anydesk_id="123456789")
    insert(
        database,
        "consents",
        ticket=ticket,
        session=1,
        sequence=sequence,
        text_version="2026-11",
        submission_id=given,
        given_at=at,
    )


def a_session(
    database: Database, ticket: str, technician: str, start: datetime, end: datetime | None
) -> None:
    insert(
        database,
        "sessions",
        ticket=ticket,
        number=1,
        technician_id=technician,
        started_at=start,
        ended_at=end,
        ended_by="technician" if end else None,
    )


def a_report(database: Database, ticket: str, technician: str, at: datetime) -> None:
    text = a_submission(database, technician, "report", text="Canal Wi-Fi changé.")
    insert(
        database,
        "reports",
        ticket=ticket,
        session=1,
        submission_id=text,
        declared_minutes=25,
        measured_minutes=24,
        billed_slices=2,
        credible=True,
        filed_at=at,
    )


def an_invoice(database: Database, ticket: str, client: str, number: str, at: datetime) -> None:
    insert(
        database,
        "invoices",
        number=number,
        ticket=ticket,
        client_id=client,
        issued_at=at,
        minutes=25,
        slices=2,
        unit_ttc_cents=1500,
        vat_bp=2000,
        total_ht_cents=2500,
        total_vat_cents=500,
        total_ttc_cents=3000,
    )


def a_gain(database: Database, ticket: str, technician: str, at: datetime, cents: int = 1600) -> str:
    [(gain,)] = database.rows(
        "INSERT INTO gains (ticket, session, technician_id, slices, amount_cents, month, accepted_at, act) "
        "VALUES (%s, 1, %s, 2, %s, %s, %s, 'accept') RETURNING id::text",
        ticket,
        technician,
        cents,
        f"{at:%Y-%m}",
        at,
    )
    return str(gain)


def a_card(database: Database, client: str) -> None:
    insert(
        database,
        "cards",
        client_id=client,
        customer_reference=f"cus_{client[-12:]}",
        card_reference=f"pm_{client[-12:]}",
        label="Visa •••• 4242",
        saved_at=MORNING - timedelta(days=2),
    )
