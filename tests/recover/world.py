"""A small service whose database can be dumped while it works, and restored while it does not."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from activities.gateways.stripe_chargebacks import StripeChargebacks
from activities.gateways.stripe_payments import StripePayments
from activities.gateways.temporal_tickets import TemporalTickets
from activities.invariants import look_at_all
from activities.reconciliation import ReconciliationActivities
from db.engine import create_engine, sessions
from db.reads.processes import Rules
from deploy import schedules
from deploy.checking import NO_PATIENCE
from deploy.reconciling import enter_notice
from deploy.recovery.stores import Stores
from deploy.releases import begin_with
from deploy.sandbox import postgres
from deploy.wiring import Collaborators, activities, create_transfer_worker, create_worker
from domain.bank_transfers import Account
from domain.deadlines import PRODUCTION
from domain.ids import ticket_workflow_id
from domain.opening_hours import ALWAYS
from domain.payouts import PayoutRunRequest
from domain.provider_entries import Read
from domain.slots import SlotRules
from tests.payouts.conftest import DETAILS
from tests.recover.compared import queries
from tests.support.company import A_COMPANY
from tests.support.keys import TOKEN_KEY
from tests.support.mail import SentMail
from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Database
from tests.support.stripe_sandbox import API_KEY, StripeSandbox
from tests.support.temporal import BUILD
from tests.support.tickets import PlayedTicket, a_ticket
from tests.workflows.conftest import attach
from workflows.control.invariants import InvariantsWorkflow
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options

NUMBERS = count(1)
# The invoice of the money that others have brought, which is in nobody's books.
OF_OTHERS = "X-1"
REASON = "sauvegarde de 9 h restaurée"


@dataclass
class World:
    environment: WorkflowEnvironment
    database: Database
    stripe: StripeSandbox
    payments: StripePayments
    task_queue: str
    client: str = ""
    technician: str = ""
    other: str = ""
    back_office: str = ""
    # Ours, at our bank.
    iban: str = "FR7630006000011234567890189"
    mail: SentMail = field(default_factory=SentMail)

    async def people(self) -> None:
        """A client with a card, two technicians with accounts, and the team."""
        self.client = a_client(self.database)
        self.back_office = a_person(self.database, "back_office", "Sophie Roux")
        for name in ("technician", "other"):
            setattr(self, name, a_technician(self.database, "internet", name=name))
            account = await self.payments.open_account(getattr(self, name), DETAILS)
            self.database.execute(
                "UPDATE technicians SET account_reference = %s WHERE id = %s", account, getattr(self, name)
            )
        await self.save_card("pm_card_visa")

    async def save_card(self, card: str) -> None:
        customer = await self.payments.open_customer(self.client)
        self.database.execute(
            "INSERT INTO cards (client_id, customer_reference, card_reference, label, saved_at) "
            "VALUES (%s, %s, %s, 'visa 4242', now()) ON CONFLICT (client_id) DO UPDATE "
            "SET card_reference = excluded.card_reference",
            *(self.client, customer, await attach(self.payments, customer, card)),
        )

    async def fund(self) -> None:
        """Money of others, available at once, for transfers."""
        intent = await self.payments.prepare_charge(
            invoice=OF_OTHERS,
            ticket="00000000",
            amount_cents=100_000,
            customer=await self.payments.open_customer("somebody-else"),
            card="",
        )
        await self.payments.charge(intent=intent, invoice=OF_OTHERS, attempt=1, card="pm_card_bypassPending")

    async def a_ticket(self, ahead: timedelta = timedelta(days=3), **more: Any) -> PlayedTicket:
        given = {"client": self.client, "technician": self.technician, "back_office": self.back_office}
        return await a_ticket(self.environment, self.database, self.task_queue, ahead=ahead, **(given | more))

    async def pay(self, month: str) -> Any:
        """A run of the month, to its end."""
        request = PayoutRunRequest(month=month, key=f"test:{next(NUMBERS)}", actor_id="finance-1")
        handle = await self.environment.client.start_workflow(
            PayoutRunWorkflow.run, request, task_queue=self.task_queue, **start_options(request)
        )
        return await handle.result()

    @asynccontextmanager
    async def collaborators(self, role: str) -> AsyncIterator[Collaborators]:
        engine = create_engine(self.database.url(role))
        try:
            yield Collaborators(
                database=sessions(engine),
                payments=self.payments,
                chargebacks=StripeChargebacks(self.payments.connection),
                mail=self.mail,
                sender="OmeaSupport <contact@example.fr>",
                back_office="equipe@example.fr",
                public_url="http://localhost",
                link_key=TOKEN_KEY,
                company=A_COMPANY,
                bank_account=Account("OmeaSupport", self.iban),
            )
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        async with self.collaborators("omea_worker") as given:
            client = self.environment.client
            transfers = create_transfer_worker(
                client, self.task_queue, self.payments, per_second=100, build_id=BUILD
            )
            await begin_with(client, self.task_queue, BUILD)
            async with create_worker(client, self.task_queue, given, build_id=BUILD), transfers:
                yield

    @asynccontextmanager
    async def stores(self) -> AsyncIterator[Stores]:
        """As `omea reconcile` has them."""
        client = self.environment.client
        async with self.collaborators("omea_owner") as given:
            steps = activities(given, TemporalTickets(client, self.task_queue))
            yield Stores(
                client=client,
                task_queue=self.task_queue,
                database=given.database,
                payments=self.payments,
                chargebacks=given.chargebacks,
                activities={step.__name__: step for step in steps},
                enter_notice=enter_notice(given),
                rules=Rules(PRODUCTION, ALWAYS),
                slot_rules=SlotRules(),
            )

    async def untrue(self) -> list[str]:
        """The invariants that do not hold, Stripe read before; nothing is under way."""
        now = datetime.now(UTC)
        async with self.collaborators("omea_worker") as given:
            readings = ReconciliationActivities(given.database, given.payments)
            await readings.read_events(Read(now))
            await readings.read_entries(Read(now))
            running = TemporalTickets(self.environment.client, self.task_queue)
            found = await look_at_all(given.database, running, now, NO_PATIENCE)
        rows = ((one.name, row) for one in found for row in one.rows)
        return [f"{name}: {row}" for name, row in rows if row.get("reference") != OF_OTHERS]

    def again(self, ticket: PlayedTicket) -> PlayedTicket:
        """The same ticket, by its process of now."""
        handle = self.environment.client.get_workflow_handle(
            ticket_workflow_id(ticket.number), result_type=str
        )
        return replace(ticket, environment=self.environment, handle=handle)

    async def forget(self, *handles: WorkflowHandle[Any, Any]) -> None:
        """As a server that was put back to before these processes. They are listed for a moment longer."""
        client = self.environment.client
        for handle in handles:
            execution = WorkflowExecution(workflow_id=handle.id)
            request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
            await client.workflow_service.delete_workflow_execution(request)
            query = f"WorkflowId = '{handle.id}'"
            # Temporal tells nobody when it is done.
            while (await client.count_workflows(query)).count:  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    def sent_twice(self) -> list[str]:
        """Ids of mails that were handed over more than once."""
        sent = [message.message_id for message in self.mail.messages]
        return sorted({one for one in sent if sent.count(one) > 1})

    def dump(self, file: Path) -> None:
        self._run("pg_dump", "--format=custom", f"--file={file}")

    def restore(self, file: Path) -> None:
        """Everybody is thrown out, and the dump is all there is."""
        self.database.close()
        name = self.database.name
        with Database(self.database.data, "postgres").connect() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} OWNER omea_owner")
            connection.execute(f"GRANT CONNECT ON DATABASE {name} TO omea_worker, omea_api")
        self._run("pg_restore", "--exit-on-error", str(file))

    def written(self) -> dict[str, list[Any]]:
        """All that is in the database, by table, as far as it can be the same again."""
        return {table: sorted(self.database.rows(query), key=repr) for table, query in queries().items()}

    def moved(self) -> list[tuple[Any, Any]]:
        """Every movement at Stripe; the same before and after proves that no money moved."""
        return [(row["type"], row["net"]) for row in self.stripe.balance_transactions()]

    def _run(self, program: str, *arguments: str) -> None:
        url = self.database.url("postgres").replace("+psycopg", "")
        subprocess.run(
            [str(postgres.postgres_programs() / program), *arguments, f"--dbname={url}"],
            check=True,
            capture_output=True,
        )


async def ends(ticket: PlayedTicket) -> str:
    """How it ends, once the provider has told of the money. A notice that comes while something is under way
    may find nothing yet, and the next look is ten minutes later."""
    await ticket.settle()
    await ticket.handle.signal("payment_news")
    async with asyncio.timeout(30):
        return str(await ticket.handle.result())


async def a_world(environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox) -> World:
    """Whoever makes it closes its payments."""
    number = next(NUMBERS)
    # All share one Temporal namespace, which knows a ticket's number for ever.
    database.rows("SELECT setval('ticket_sequence', %s)", number * 100)
    world = World(environment, database, stripe, StripePayments(API_KEY, stripe.url), f"recover-{number}")
    await schedules.ensure(environment.client, world.task_queue)
    for name in schedules.SCHEDULES:
        await environment.client.get_schedule_handle(name).pause()
    await world.people()
    return world


async def look_at_invariants(world: World) -> None:
    handle = await world.environment.client.start_workflow(
        InvariantsWorkflow.run, id=f"invariants-{uuid4()}", task_queue=world.task_queue
    )
    await handle.result()


def look_that_temporal_has_forgotten(world: World) -> None:
    world.database.execute(
        "INSERT INTO invariant_checks (at, name, ok, total, rows) VALUES (now(), 'money', true, 0, '[]')"
    )
