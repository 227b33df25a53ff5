"""The whole service behind the API: Temporal with a virtual clock, a worker, Postgres, the Stripe sandbox."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import httpx
from temporalio.client import Interceptor
from temporalio.testing import WorkflowEnvironment

from activities.gateways.mail import Mail
from activities.gateways.payments import ReceivingDetails
from activities.gateways.stripe_chargebacks import StripeChargebacks
from activities.gateways.stripe_payments import StripePayments
from db.engine import create_engine, sessions
from deploy.releases import begin_with
from deploy.signals import begin
from deploy.wiring import Collaborators, create_transfer_worker, create_worker
from domain.bank_transfers import Account
from domain.chargebacks import ChargebackRequest
from domain.ids import ticket_workflow_id
from domain.opening_hours import ALWAYS
from tests.api.frontend import KEYS, Clock, Frontend, open_frontend
from tests.support.company import A_COMPANY
from tests.support.keys import TOKEN_KEY
from tests.support.mail import SentMail
from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Database
from tests.support.stripe_sandbox import API_KEY, StripeSandbox
from tests.support.temporal import client_with

NUMBERS = count(1)
CLIENT = {"reschedule", "cancel", "withdraw", "consent", "extend", "stop", "review", "dispute", "pay"}
DETAILS = ReceivingDetails(
    first_name="Thomas",
    last_name="Leroy",
    mail="thomas.leroy@example.fr",
    phone="+33612345678",
    birth_date=date(1990, 5, 17),
    street="3 rue des Lilas",
    postal_code="69003",
    city="Lyon",
    iban="FR1420041010050500013M02606",
    terms_accepted_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
    terms_accepted_from="192.0.2.1",
)


@dataclass
class Service:
    api: Frontend
    environment: WorkflowEnvironment
    payments: StripePayments
    stripe: StripeSandbox
    mail: SentMail
    task_queue: str
    client: str
    technician: str
    back_office: str
    finance: str

    @property
    def database(self) -> Database:
        return self.api.database

    async def save_card(self, card: str = "pm_card_visa") -> None:
        """What the client does on the hosted page."""
        customer = await self.payments.open_customer(self.client)
        method = await self.payments._stripe.payment_methods.attach_async(card, {"customer": customer})
        self.database.execute(
            "INSERT INTO cards (client_id, customer_reference, card_reference, label, saved_at) "
            "VALUES (%s, %s, %s, 'Visa •••• 4242', now()) ON CONFLICT (client_id) DO UPDATE "
            "SET card_reference = excluded.card_reference, label = excluded.label, "
            "saved_at = excluded.saved_at",
            self.client,
            customer,
            method.id,
        )

    async def run_payouts(self, month: str) -> dict[str, Any]:
        """Pays what is due of the month, by a service that has a build. On a busy machine the first answer is
        only that it has begun."""
        key = f"run-{next(KEYS)}"
        for _ in range(10):
            answer = await self.api.post(f"/v1/payouts/{month}/runs", self.finance, key=key)
            if answer.status_code != 202:
                break
        assert answer.status_code == 201, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def dispute_payment(self, ticket: str) -> str:
        """The client's bank takes the money back, and the notice of it came. Answers the provider's name of
        that."""
        [(intent,)] = self.database.rows(
            "SELECT intent FROM payments JOIN invoices ON number = invoice WHERE ticket = %s", ticket
        )
        reference = str(self.stripe.play("dispute", payment=intent)["id"])
        request = ChargebackRequest(reference, str(intent))
        client = self.environment.client
        assert await begin(client, self.task_queue, request, "chargeback_news")
        for _ in range(300):
            if self.database.rows("SELECT FROM chargebacks WHERE reference = %s", reference):
                return reference
            await asyncio.sleep(0.05)
        raise AssertionError("the chargeback was never entered")

    async def fund(self) -> None:
        """Clients' money at the provider, available at once."""
        invoice, customer = f"F-{self.task_queue}", await self.payments.open_customer("somebody")
        intent = await self.payments.prepare_charge(
            invoice=invoice, ticket="00000000", amount_cents=50_000, customer=customer, card=""
        )
        await self.payments.charge(intent=intent, invoice=invoice, attempt=1, card="pm_card_bypassPending")

    async def a_hold(self, minutes: int = 60) -> str:
        offered = await self.api.get("/v1/slots", self.client, skill="internet", minutes=minutes, limit=1)
        [slot] = offered.json()["slots"]
        asked = {"skill": "internet", "start": slot["start"], "minutes": minutes}
        answer = await self.api.post("/v1/holds", self.client, asked)
        assert answer.status_code == 201
        return str(answer.json()["id"])

    async def ask_for_help(self, hold: str, key: str | None = None) -> httpx.Response:
        asked = {
            "hold_id": hold,
            "description": "Plus de Wi-Fi du tout.",
            "phone": "06 12 34 56 78",
            "express_request": True,
        }
        return await self.api.post("/v1/tickets", self.client, asked, key)

    async def act(
        self, ticket: str, command: str, body: Any = None, key: str | None = None
    ) -> httpx.Response:
        person = self.client if command in CLIENT else self.technician
        return await self.api.post(f"/v1/tickets/{ticket}/{command}", person, body, key)

    async def pass_time(self, ticket: str, length: timedelta) -> None:
        """On the ticket's clock and on the API's."""
        handle = self.environment.client.get_workflow_handle(ticket_workflow_id(ticket))
        await self.environment.fast_forward(handle, length)
        info = await self.environment.get_time_skipping_info(handle)
        assert info is not None
        self.api.clock.now = info.current_time.ToDatetime(UTC)

    async def view(self, ticket: str, person: str) -> dict[str, Any]:
        answer = await self.api.get(f"/v1/tickets/{ticket}", person)
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body


@asynccontextmanager
async def open_service(
    environment: WorkflowEnvironment,
    database: Database,
    stripe: StripeSandbox,
    *,
    mail: Mail | None = None,
    interceptors: Sequence[Interceptor] = (),
    build_id: str | None = None,
) -> AsyncIterator[Service]:
    """`mail` is another way for mails to go than to be kept by the service; API and worker have the
    `interceptors`; `build_id` is for who pays technicians."""
    client = client_with(environment.client, *interceptors)
    number = next(NUMBERS)
    task_queue = f"api-{number}"
    # All tests share one Stripe account, where an invoice's number is known for ever.
    for year in (2026, 2027):
        database.execute("INSERT INTO invoice_counters VALUES (%s, %s)", year, 50_000 + number * 100)
    # They share one Temporal as well, where a ticket's number names its workflow.
    database.execute("SELECT setval('ticket_sequence', %s)", 8_000_000 + number * 1000)
    payments, engine = StripePayments(API_KEY, stripe.url), create_engine(database.url("omea_worker"))
    technician = a_technician(database, "internet")
    kept = SentMail()
    collaborators = Collaborators(
        database=sessions(engine),
        payments=payments,
        chargebacks=StripeChargebacks(payments.connection),
        mail=mail or kept,
        sender="OmeaSupport <contact@example.fr>",
        back_office="equipe@example.fr",
        public_url="https://omea.example",
        link_key=TOKEN_KEY,
        company=A_COMPANY,
        bank_account=Account(A_COMPANY.name, "FR7630006000011234567890189"),
    )
    clock = Clock(datetime.now(UTC))
    if build_id is not None:
        await begin_with(environment.client, task_queue, build_id)
    try:
        async with (
            create_worker(client, task_queue, collaborators, build_id=build_id),
            create_transfer_worker(client, task_queue, payments, per_second=100, build_id=build_id),
            open_frontend(database, client, task_queue=task_queue, hours=ALWAYS, clock=clock) as api,
        ):
            yield Service(
                api=api,
                environment=environment,
                payments=payments,
                stripe=stripe,
                mail=kept,
                task_queue=task_queue,
                client=a_client(database),
                technician=technician,
                back_office=a_person(database, "back_office", "Sophie Roux"),
                finance=a_person(database, "finance", "Nadia Faure"),
            )
    finally:
        await payments.close()
        await engine.dispose()
