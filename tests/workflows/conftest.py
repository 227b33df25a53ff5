"""The ticket process on a virtual clock, with a real database and the Stripe sandbox."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.gateways.mail import Mail
from activities.gateways.session_log import SessionLog
from activities.gateways.sms import Sms
from activities.gateways.stripe_chargebacks import StripeChargebacks
from activities.gateways.stripe_payments import StripePayments
from db.engine import create_engine, sessions
from deploy.releases import begin_with
from deploy.wiring import Collaborators, create_worker
from domain.deadlines import PRODUCTION, Deadlines
from tests.support.company import A_COMPANY
from tests.support.keys import TOKEN_KEY
from tests.support.mail import SentMail
from tests.support.people import a_client, a_person, a_technician
from tests.support.played import Played
from tests.support.postgres import Database
from tests.support.stripe_sandbox import API_KEY, StripeSandbox, running_stripe
from tests.support.temporal import replay_history_of, running_environment
from tests.support.tickets import PlayedTicket, a_ticket

NUMBERS = count(1)


@pytest.fixture(scope="package")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with running_environment() as running:
        yield running


@pytest.fixture(scope="package")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeSandbox]:
    with running_stripe(tmp_path_factory.mktemp("stripe")) as running:
        yield running


@dataclass
class Office:
    """Everything a ticket needs to be played: people, the worker's collaborators, and what was mailed."""

    environment: WorkflowEnvironment
    database: Database
    payments: StripePayments
    stripe: StripeSandbox
    mail: SentMail
    task_queue: str
    client: str
    technician: str
    back_office: str
    first_invoice: int
    collaborators: Collaborators = field(init=False)
    worker: Worker = field(init=False)
    played: list[Played[Any]] = field(default_factory=list)

    def invoice(self, ticket: PlayedTicket, nth: int = 1) -> str:
        """The number of the office's nth invoice, if issued in the year of the ticket's appointment."""
        return f"F{ticket.request.start.year}-{self.first_invoice + nth - 1:06d}"

    async def a_ticket(
        self, *, ahead: timedelta = timedelta(days=3), deadlines: Deadlines = PRODUCTION, **more: Any
    ) -> PlayedTicket:
        given = {
            "client": self.client,
            "technician": self.technician,
            "back_office": self.back_office,
        } | more
        ticket = await a_ticket(
            self.environment, self.database, self.task_queue, ahead=ahead, deadlines=deadlines, **given
        )
        self.played.append(ticket)
        return ticket

    async def fund(self) -> None:
        """Money of others, available at once. That of a card is not yet, and a refund waits for some."""
        about = f"X-{self.first_invoice}"
        intent = await self.payments.prepare_charge(
            invoice=about,
            ticket="00000000",
            amount_cents=100_000,
            customer=await self.payments.open_customer("somebody-else"),
            card="",
        )
        await self.payments.charge(intent=intent, invoice=about, attempt=1, card="pm_card_bypassPending")

    async def save_card(self, card: str) -> None:
        """What the hosted page would have led to: the card is at Stripe, its reference with us."""
        customer = await self.payments.open_customer(self.client)
        attached = await attach(self.payments, customer, card)
        self.database.execute(
            "INSERT INTO cards (client_id, customer_reference, card_reference, label, saved_at) "
            "VALUES (%s, %s, %s, 'visa 4242', now())",
            self.client,
            customer,
            attached,
        )


async def attach(payments: StripePayments, customer: str, card: str) -> str:
    method = await payments._stripe.payment_methods.attach_async(card, {"customer": customer})
    return method.id


@asynccontextmanager
async def open_office(
    environment: WorkflowEnvironment,
    database: Database,
    stripe: StripeSandbox,
    *,
    session_log: SessionLog | None = None,
    mail: Mail | None = None,
    sms: Sms | None = None,
    worker_url: str | None = None,
    build_id: str | None = None,
) -> AsyncIterator[Office]:
    """Run a worker; at the end every history is replayed against the code. `worker_url` is another way to
    the database. `build_id` is for who pays technicians."""
    engine = create_engine(worker_url or database.url("omea_worker"))
    number = next(NUMBERS)
    # All offices share one Temporal namespace and one Stripe account, which know a number for ever.
    database.rows("SELECT setval('ticket_sequence', %s)", number * 100)
    for year in (2026, 2027):
        database.execute("INSERT INTO invoice_counters VALUES (%s, %s)", year, number * 100)
    office = Office(
        environment=environment,
        database=database,
        payments=StripePayments(API_KEY, stripe.url),
        stripe=stripe,
        mail=SentMail(),
        task_queue=f"tickets-{number}",
        client=a_client(database),
        technician=a_technician(database, "internet", "printer"),
        back_office=a_person(database, "back_office", "Sophie Roux"),
        first_invoice=number * 100 + 1,
    )
    office.collaborators = Collaborators(
        database=sessions(engine),
        payments=office.payments,
        chargebacks=StripeChargebacks(office.payments.connection),
        mail=mail or office.mail,
        sender="OmeaSupport <contact@example.fr>",
        back_office="equipe@example.fr",
        public_url="http://localhost",
        link_key=TOKEN_KEY,
        company=A_COMPANY,
        session_log=session_log,
        sms=sms,
    )
    office.worker = create_worker(
        environment.client, office.task_queue, office.collaborators, build_id=build_id
    )
    if build_id is not None:
        await begin_with(environment.client, office.task_queue, build_id)
    try:
        async with office.worker:
            yield office
            for one in office.played:
                await replay_history_of(one.handle)
    finally:
        await office.payments.close()
        await engine.dispose()


@pytest.fixture
async def office(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> AsyncIterator[Office]:
    async with open_office(environment, database, stripe) as running:
        await running.save_card("pm_card_visa")
        yield running


@pytest.fixture
async def empty_office(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> AsyncIterator[Office]:
    """Without a card yet."""
    async with open_office(environment, database, stripe) as running:
        yield running
