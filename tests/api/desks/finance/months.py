"""A month of business as the worker leaves it: October is over and not paid yet, November goes on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import ledger
from domain.money import Price
from domain.opening_hours import PARIS
from tests.api.rows import a_gain
from tests.support.books import an_invoice_of, enter
from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Database

ONE, TWO = Price(1500, 1250, 250), Price(3000, 2500, 500)
OCTOBER = datetime(2026, 10, 5, 9, tzinfo=PARIS)
NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=PARIS)


@dataclass(frozen=True)
class Business:
    """Thomas may be paid; Nadia Benali has not signed. Each has one gain of October, of 16 €; Thomas has one
    of November besides. `tickets` are those of the three, in that order."""

    finance: str
    client: str
    thomas: str
    nadia: str
    tickets: tuple[str, str, str]


def a_business(database: Database) -> Business:
    client, finance = a_client(database), a_person(database, "finance", "Louise Caron")
    thomas = a_technician(database, account="acct_1")
    nadia = a_technician(database, name="Nadia Benali", account="acct_2")
    database.execute(
        "UPDATE payees SET mandate = NULL, mandate_signed_at = NULL WHERE technician_id = %s", nadia
    )
    tickets = []
    for number, (technician, at) in enumerate(((thomas, OCTOBER), (nadia, OCTOBER), (thomas, NOVEMBER)), 1):
        invoice = f"F2026-00000{number}"
        ticket = an_invoice_of(database, client, technician, invoice, at, 2)
        a_gain(database, ticket, technician, at)
        tickets.append(ticket)
        enter(
            database,
            [
                (ledger.invoice_issued(invoice, client, TWO), at),
                (ledger.gain_earned(f"{ticket}:1", technician, 1600), at),
            ],
        )
    enter(
        database,
        [
            (ledger.invoice_paid("F2026-000001", client, 3000, TWO), OCTOBER + timedelta(days=1)),
            (ledger.stripe_fee("F2026-000001", 70), OCTOBER + timedelta(days=1)),
            (ledger.refund_sent("refund:F2026-000001:1:1", client, 1500), NOVEMBER),
        ],
    )
    return Business(finance, client, thomas, nadia, (tickets[0], tickets[1], tickets[2]))
