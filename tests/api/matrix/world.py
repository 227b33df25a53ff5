"""Two clients, two technicians, the team, and at least one of everything that can be somebody's."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pyotp

from api import cookies
from api.accepted_texts import IN_FORCE
from api.assets import address_of
from domain import admissions
from domain.admissions import AcceptedText
from domain.calendar_feeds import feed_url
from domain.ids import ticket_number
from domain.sign_ins import fingerprint, sign_link
from domain.signed_links import Link, Purpose, sign
from domain.tickets import LEGAL, Command, Status
from tests.api.frontend import MORNING
from tests.api.pictures import a_file
from tests.api.rows import (
    a_consent,
    a_gain,
    a_report,
    a_session,
    a_ticket,
    an_invoice,
    insert,
)
from tests.api.test_documents import CREDIT_NOTE, INVOICE, a_credit_note, a_document
from tests.api.test_reading_money import a_statement
from tests.support.keys import TOKEN_KEY
from tests.support.payments import a_declared_person
from tests.support.people import a_client, a_person, a_sign_in, a_submission, a_technician
from tests.support.postgres import Database
from tests.support.second_factors import a_pending_sign_in, an_authenticator

STRANGER, CLIENT, OTHER_CLIENT = "stranger", "client", "other client"
TECHNICIAN, OTHER_TECHNICIAN = "technician", "other technician"
BACK_OFFICE, FINANCE = "back office", "finance"
CALLERS = (STRANGER, CLIENT, OTHER_CLIENT, TECHNICIAN, OTHER_TECHNICIAN, BACK_OFFICE, FINANCE)
# Whose nothing is of what paths name.
OTHERS = (OTHER_CLIENT, OTHER_TECHNICIAN)

MONTH, YEAR = "2026-11", "2026"
IBAN = "FR1420041010050500013M02606"
STATUSES = (
    *(Status.SCHEDULED, Status.IN_SESSION, Status.TO_REPORT, Status.IN_REVIEW, Status.SUSPENDED),
    *(Status.UNPAID, Status.CLOSED),
)


@dataclass(frozen=True)
class Credentials:
    """A sign-in, and the secret of its cookie."""

    sign_in: str
    cookie: str


@dataclass(frozen=True)
class World:
    """All of `tickets` are the client's and the technician's. `things` are what paths name, by their place
    there (`statements/{number}`, or `{month}` anywhere); `nothing` is of the same form and does not exist.
    `asking` is the cookie of the browser that asked for the sign-in link, `refresh` a client's token.
    `authenticator` is the one secret of the team; a browser is `pending` that is to show a code of it, and
    one `enrolling` that is to enrol it."""

    database: Database
    people: dict[str, str]
    signed_in: dict[str, Credentials]
    tickets: dict[Status, str]
    things: dict[str, str]
    nothing: dict[str, str]
    asking: str
    refresh: str
    pending: str
    enrolling: str
    authenticator: str

    def ticket_for(self, command: Command) -> str:
        """One on which it is legal."""
        return next(number for status, number in self.tickets.items() if status in LEGAL[command])

    def without(self, places: Collection[str]) -> "World":
        """The same people, and nothing in those places of paths."""
        gone = {place: self.nothing[place] for place in places}
        named = [f"{place}/{{number}}" for place in ("tickets", "demandes", "interventions", "dossiers")]
        ticket = next((gone[place] for place in named if place in gone), None)
        tickets = dict.fromkeys(self.tickets, ticket) if ticket is not None else self.tickets
        return replace(self, things={**self.things, **gone}, tickets=tickets)


def a_world(database: Database) -> World:
    people = _people(database)
    _changes_of_mind(database, people)
    client, technician = people[CLIENT], people[TECHNICIAN]
    signed_in = {caller: _signed_in(database, person) for caller, person in people.items()}
    tickets = {status: _ticket(database, client, technician, status) for status in STATUSES}
    closed = tickets[Status.CLOSED]
    image = _texts(database, people, closed)
    _money(database, people, tickets)
    statement = _statement(database, technician, closed)
    other = a_ticket(database, people[OTHER_CLIENT], people[OTHER_TECHNICIAN], status="closed")
    _statement(database, people[OTHER_TECHNICIAN], other)
    _contest(database, technician, statement)
    _bank(database)
    asking, refresh = cookies.new_secret(), cookies.new_secret()
    insert(
        database,
        "refresh_tokens",
        hash=fingerprint(refresh),
        sign_in_id=signed_in[CLIENT].sign_in,
        issued_at=MORNING,
    )
    authenticator = pyotp.random_base32()
    for one in (people[BACK_OFFICE], people[FINANCE]):
        an_authenticator(database, one, authenticator, MORNING - timedelta(days=1))
    pending = a_pending_sign_in(database, people[BACK_OFFICE], MORNING)
    enrolling = a_pending_sign_in(database, people[BACK_OFFICE], MORNING, offer=authenticator)
    expires = MORNING + timedelta(days=1)
    things = {
        "tickets/{number}": closed,
        "demandes/{number}": closed,
        "interventions/{number}": closed,
        "dossiers/{number}": closed,
        "releves/{number}": statement,
        "flux/{token}": _feed(database, technician),
        "static/{name}": address_of("omea.css").removeprefix("/static/"),
        "statements/{number}": statement,
        "{account}": "411",
        "reviews/{token}": sign(TOKEN_KEY, Link(Purpose.REVIEW, tickets[Status.IN_REVIEW], client), expires),
        "avis/{token}": sign(TOKEN_KEY, Link(Purpose.REVIEW, tickets[Status.IN_REVIEW], client), expires),
        "payments/{token}": sign(TOKEN_KEY, Link(Purpose.PAYMENT, tickets[Status.UNPAID], client), expires),
        "links/{token}": _link(database, client, asking),
        "sign-up/links/{token}": a_sign_up_link(database),
        "{application}": _application(database),
        "{colleague}": people[FINANCE],
        "{text}": "terms",
        "{attachment_id}": image,
        "{credit_note}": CREDIT_NOTE,
        "{case}": "1",
        "{reference}": "du_1",
        "{technician}": technician,
        "{person}": client,
        "{leave}": _leave(database, technician),
        "{sign_in}": a_sign_in(database, client, MORNING),
        "{identity}": an_identity(database, client),
        "{issuer}": "one",
        "{month}": MONTH,
        "{year}": YEAR,
        "{message_id}": f"OMEA-{MONTH}-1",
    }
    nothing = {
        **things,
        "tickets/{number}": ticket_number(9_000_000),
        "demandes/{number}": ticket_number(9_000_000),
        "interventions/{number}": ticket_number(9_000_000),
        "dossiers/{number}": ticket_number(9_000_000),
        "releves/{number}": "AF9999-00099",
        "flux/{token}": "nothing",
        "static/{name}": "nothing",
        "statements/{number}": "AF9999-00099",
        "reviews/{token}": "nothing",
        "avis/{token}": "nothing",
        "payments/{token}": "nothing",
        "links/{token}": "nothing",
        "sign-up/links/{token}": "nothing",
        "{application}": str(uuid4()),
        "{colleague}": str(uuid4()),
        "{attachment_id}": str(uuid4()),
        "{leave}": str(uuid4()),
        "{sign_in}": str(uuid4()),
        "{identity}": str(uuid4()),
        "{person}": str(uuid4()),
    }
    return World(
        database,
        people,
        signed_in,
        tickets,
        things,
        nothing,
        asking,
        refresh,
        pending,
        enrolling,
        authenticator,
    )


def _people(database: Database) -> dict[str, str]:
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


def _signed_in(database: Database, person: str) -> Credentials:
    sign_in, secret = a_sign_in(database, person, MORNING), cookies.new_secret()
    database.execute("UPDATE sign_ins SET secret_hash = %s WHERE id = %s", fingerprint(secret), sign_in)
    return Credentials(sign_in, secret)


def _ticket(database: Database, client: str, technician: str, status: Status) -> str:
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


def _texts(database: Database, people: dict[str, str], ticket: str) -> str:
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


def _money(database: Database, people: dict[str, str], tickets: dict[Status, str]) -> None:
    """Two invoices. Of the paid one: a credit note, both documents, a claim and a chargeback, both open."""
    client, closed = people[CLIENT], tickets[Status.CLOSED]
    an_invoice(database, closed, client, INVOICE, MORNING)
    an_invoice(database, tickets[Status.UNPAID], client, "F2026-000124", MORNING)
    insert(
        database,
        "payments",
        invoice=INVOICE,
        intent="pi_1",
        status="paid",
        collected_cents=3000,
        paid_at=MORNING,
    )
    a_credit_note(database)
    a_document(database, closed, INVOICE)
    a_document(database, closed, CREDIT_NOTE, "credit_note")
    claim = a_submission(database, client, "refund", reason="La panne est revenue le soir même.")
    insert(
        database,
        "refund_cases",
        invoice=INVOICE,
        n=1,
        ticket=closed,
        status="open",
        submission_id=claim,
        opened_by=client,
        opened_at=MORNING,
    )
    insert(
        database,
        "chargebacks",
        reference="du_1",
        invoice=INVOICE,
        ticket=closed,
        status="to_answer",
        is_inquiry=False,
        reason="fraudulent",
        amount_cents=3000,
        opened_at=MORNING,
    )


def _statement(database: Database, technician: str, ticket: str) -> str:
    """Of one gain, paid by the provider, with its document. Answers its number."""
    gain = a_gain(database, ticket, technician, MORNING)
    reference = f"tr_{technician[-12:]}"
    paid: dict[str, Any] = {"rail": "stripe", "transfer": reference, "paid_at": MORNING}
    key = a_statement(database, technician, [gain], "paid", cents=1600, **paid)
    [(number,)] = database.rows("SELECT number FROM statements WHERE key = %s", key)
    pdf = f"%PDF-1.7 {number}".encode()
    insert(
        database,
        "documents",
        number=number,
        kind="self_billed",
        facts={},
        pdf=pdf,
        xml=b"<x/>",
        sha256=hashlib.sha256(pdf).hexdigest(),
        made_at=MORNING,
    )
    return str(number)


def _contest(database: Database, technician: str, statement: str) -> None:
    text = a_submission(database, technician, "contest", text="La séance a duré 40 minutes.")
    insert(database, "statement_contests", statement=statement, submission_id=text, asked_at=MORNING)


def _bank(database: Database) -> None:
    """A run of the month, and its file of transfers."""
    run = {"key": "a run", "month": MONTH, "n": 1, "actor_id": "system"}
    insert(database, "payout_runs", **run, cut_off=MORNING, started_at=MORNING)
    xml = b"<Document/>"
    insert(
        database,
        "transfer_files",
        message_id=f"OMEA-{MONTH}-1",
        month=MONTH,
        n=1,
        run="a run",
        created_at=MORNING,
        execution_date=MORNING.date(),
        debtor_name="OmeaSupport",
        debtor_iban=IBAN,
        total_cents=1600,
        xml=xml,
        sha256=hashlib.sha256(xml).hexdigest(),
    )


def _leave(database: Database, technician: str) -> str:
    start = MORNING + timedelta(days=60)
    [(leave,)] = database.rows(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s) "
        "RETURNING id::text",
        *(technician, start, start + timedelta(days=2), technician),
    )
    return str(leave)


def _feed(database: Database, technician: str) -> str:
    insert(database, "calendar_feeds", technician_id=technician, opened_at=MORNING)
    return feed_url("", TOKEN_KEY, technician, MORNING).rpartition("/")[2]


def _link(database: Database, person: str, asking: str) -> str:
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


def _application(database: Database) -> str:
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


def _changes_of_mind(database: Database, people: dict[str, str]) -> None:
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
