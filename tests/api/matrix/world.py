"""Two clients, two technicians, the team, and at least one of everything that can be somebody's."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import pyotp

from api import cookies
from api.assets import address_of
from domain.ids import ticket_number
from domain.sign_ins import fingerprint
from domain.signed_links import Link, Purpose, sign
from domain.tickets import LEGAL, Command, Status
from tests.api.frontend import MORNING
from tests.api.matrix.callers import BACK_OFFICE, CLIENT, FINANCE, OTHER_CLIENT, OTHER_TECHNICIAN, TECHNICIAN
from tests.api.matrix.world_money import (
    MONTH,
    YEAR,
    a_paid_statement,
    add_contest,
    add_money,
    add_transfer_file,
)
from tests.api.matrix.world_people import (
    Credentials,
    a_feed,
    a_leave,
    a_link,
    a_sign_up_link,
    add_changes_of_mind,
    add_people,
    an_application,
    an_identity,
    sign_in_of,
)
from tests.api.matrix.world_tickets import STATUSES, a_whole_ticket, add_texts
from tests.api.rows import (
    a_ticket,
    insert,
)
from tests.api.test_documents import CREDIT_NOTE
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_sign_in
from tests.support.postgres import Database
from tests.support.second_factors import a_pending_sign_in, an_authenticator

# Where a path names one.
TICKETS = ("tickets/{number}", "demandes/{number}", "interventions/{number}", "dossiers/{number}")


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
        ticket = next((gone[place] for place in TICKETS if place in gone), None)
        tickets = dict.fromkeys(self.tickets, ticket) if ticket is not None else self.tickets
        return replace(self, things={**self.things, **gone}, tickets=tickets)


def a_world(database: Database) -> World:
    people = add_people(database)
    add_changes_of_mind(database, people)
    client, technician = people[CLIENT], people[TECHNICIAN]
    signed_in = {caller: sign_in_of(database, person) for caller, person in people.items()}
    tickets = {status: a_whole_ticket(database, client, technician, status) for status in STATUSES}
    closed = tickets[Status.CLOSED]
    image = add_texts(database, people, closed)
    add_money(database, people, tickets)
    statement = a_paid_statement(database, technician, closed)
    other = a_ticket(database, people[OTHER_CLIENT], people[OTHER_TECHNICIAN], status="closed")
    a_paid_statement(database, people[OTHER_TECHNICIAN], other)
    add_contest(database, technician, statement)
    add_transfer_file(database)
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
        "flux/{token}": a_feed(database, technician),
        "static/{name}": address_of("omea.css").removeprefix("/static/"),
        "statements/{number}": statement,
        "{account}": "411",
        "reviews/{token}": sign(TOKEN_KEY, Link(Purpose.REVIEW, tickets[Status.IN_REVIEW], client), expires),
        "avis/{token}": sign(TOKEN_KEY, Link(Purpose.REVIEW, tickets[Status.IN_REVIEW], client), expires),
        "payments/{token}": sign(TOKEN_KEY, Link(Purpose.PAYMENT, tickets[Status.UNPAID], client), expires),
        "links/{token}": a_link(database, client, asking),
        "sign-up/links/{token}": a_sign_up_link(database),
        "{application}": an_application(database),
        "{colleague}": people[FINANCE],
        "{text}": "terms",
        "{attachment_id}": image,
        "{credit_note}": CREDIT_NOTE,
        "{case}": "1",
        "{reference}": "du_1",
        "{technician}": technician,
        "{person}": client,
        "{leave}": a_leave(database, technician),
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
