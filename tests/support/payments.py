"""Statements with their transfers, as the worker leaves them."""

import itertools
from datetime import datetime

from tests.api.rows import a_gain, a_ticket, insert
from tests.support.people import a_client
from tests.support.postgres import Database

SEQUENCE = itertools.count(1)


def gains_of(database: Database, technician: str, at: datetime, count: int) -> list[str]:
    """One for each of so many tickets."""
    client = a_client(database)
    tickets = [a_ticket(database, client, technician, status="invoiced", start=at) for _ in range(count)]
    return [a_gain(database, ticket, technician, at) for ticket in tickets]


def a_payment(
    database: Database,
    technician: str,
    paid_at: datetime | None,
    gains: list[str],
    *,
    cents: int,
    vat_cents: int = 0,
    status: str = "paid",
) -> None:
    """A statement of those gains, and the transfer that pays it."""
    number, month = next(SEQUENCE), "2026-11"
    key = f"payout:{month}:{technician}:{number}"
    issued_at = paid_at or datetime.fromisoformat("2026-12-01T03:00:00+01:00")
    insert(
        database,
        "statements",
        key=key,
        technician_id=technician,
        month=month,
        n=number,
        sequence=number,
        number=f"AF-{number:05d}",
        total_cents=cents,
        vat_bp=2000 if vat_cents else None,
        vat_cents=vat_cents,
        cut_off=issued_at,
        issued_at=issued_at,
    )
    for gain in gains:
        insert(database, "gain_claims", gain_id=gain, statement=key)
    insert(database, "payouts", key=key, status=status, paid_at=paid_at)


def a_declared_person(database: Database, technician: str) -> None:
    """Nothing is missing of them any more."""
    database.execute(
        "UPDATE payees SET first_name = 'Thomas', last_name = 'Leroy', birth_date = '1987-07-31', "
        "tax_number = '3023217600053', is_company = false WHERE technician_id = %s",
        technician,
    )
