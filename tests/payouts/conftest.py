"""Payout runs for real: Temporal with a virtual clock, Postgres as the worker's role, the Stripe sandbox."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.bank import BankActivities
from activities.contests import ContestActivities
from activities.gateways.payments import ReceivingDetails, ReversalRefused, TransferRefused, TransferSent
from activities.gateways.stripe_payments import StripePayments
from activities.issuing import DocumentActivities
from activities.payouts import PayoutActivities
from activities.reversals import ReversalActivities
from db.askers import COMMAND_LINE, asked_sessions
from db.engine import Sessions, create_engine, sessions
from db.stores import bank_messages
from deploy.releases import begin_with, deployment
from deploy.wiring import create_transfer_worker, workflow_runner
from domain.bank_steps import BankMessageApplied, BankMessageRequest
from domain.bank_transfers import Account, TransferFile
from domain.payouts import PayoutRunRequest, PayoutRunResult
from tests.support.company import A_COMPANY
from tests.support.keys import TOKEN_KEY
from tests.support.mail import SentMail
from tests.support.outside import outside
from tests.support.people import a_technician
from tests.support.postgres import Database
from tests.support.stripe_sandbox import API_KEY, running_stripe
from tests.support.temporal import BUILD, replay, running_environment
from workflows.bank.message import BankMessageWorkflow
from workflows.bank.starting import start_options as bank_start_options
from workflows.contest.workflow import StatementContestWorkflow
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.scheduled import ScheduledPayoutsWorkflow
from workflows.payouts.starting import start_options
from workflows.payouts.technician import TechnicianPayoutWorkflow
from workflows.transfer.workflow import TransferWorkflow

NUMBERS = count(1)
PAYOUT_WORKFLOWS = [
    PayoutRunWorkflow,
    TechnicianPayoutWorkflow,
    TransferWorkflow,
    ScheduledPayoutsWorkflow,
    BankMessageWorkflow,
    StatementContestWorkflow,
]
# Our own account, which the bank of the tests does not know unless a test says so.
OMEA_IBAN = "FR7630006000011234567890189"


class WatchedBank(BankActivities):
    """The real steps; `kills` times, the worker dies once a file is opened and before it is written."""

    def __init__(self, database: Sessions, debtor: Account | None) -> None:
        super().__init__(database, debtor)
        self.kills = 0

    def use(self, iban: str | None) -> None:
        self._debtor = Account("OmeaSupport", iban) if iban is not None else None

    def _write(self, file: TransferFile) -> bytes:
        if self.kills > 0:
            self.kills -= 1
            raise Killed
        return super()._write(file)


class Killed(Exception):
    """The worker dies at this point, as far as the step can tell."""


class WatchedPayments(StripePayments):
    """The real adapter; `kills` times, the worker dies between Stripe's yes and everything after it, whether
    it was asked for a transfer or, `kills_of_reversals` times, to take one back."""

    def __init__(self, api_key: str, api_base: str) -> None:
        super().__init__(api_key, api_base)
        self.kills = 0
        self.kills_of_reversals = 0
        self.asked = 0
        self.killed = asyncio.Event()

    async def transfer(
        self, *, payout: str, attempt: int, account: str, amount_cents: int
    ) -> TransferSent | TransferRefused:
        self.asked += 1
        answer = await super().transfer(
            payout=payout, attempt=attempt, account=account, amount_cents=amount_cents
        )
        if self.kills > 0:
            self.kills -= 1
            self.killed.set()
            raise Killed
        return answer

    async def take_back(self, *, transfer: str, payout: str, attempt: int, n: int) -> ReversalRefused | None:
        answer = await super().take_back(transfer=transfer, payout=payout, attempt=attempt, n=n)
        if self.kills_of_reversals > 0:
            self.kills_of_reversals -= 1
            raise Killed
        return answer


@dataclass
class Finance:
    """All that a payout test touches. Each has a database of its own; Stripe is shared, and its balance."""

    client: Client
    api: Sessions
    task_queue: str
    database: Database
    payments: WatchedPayments
    stripe_url: str
    bank: WatchedBank
    technicians: int = field(default=0)

    async def a_technician(self, *, account: bool = True) -> str:
        self.technicians += 1
        technician = a_technician(self.database, name=f"Technicien {self.technicians}")
        if account:
            await self.open_account(technician)
        return technician

    async def open_account(self, technician: str) -> None:
        reference = await self.payments.open_account(technician, DETAILS)
        self.set_account(technician, reference)

    def set_account(self, technician: str, reference: str | None) -> None:
        self.database.execute(
            "UPDATE technicians SET account_reference = %s WHERE id = %s", reference, technician
        )

    def set_rail(self, technician: str, iban: str | None) -> None:
        """As once the team has confirmed it: by bank to that account, or by Stripe."""
        self.database.execute(
            "UPDATE payees SET rail = %s, iban = %s WHERE technician_id = %s",
            *("sepa" if iban else "stripe", iban, technician),
        )

    async def hear(self, message: bytes) -> BankMessageApplied:
        """A message of the bank's is brought and read, and its history replayed."""
        async with self.api.begin() as session:
            digest = await bank_messages.keep(session, message, datetime.now(UTC), None)
        request = BankMessageRequest(digest)
        handle = await self.client.start_workflow(
            BankMessageWorkflow.run,
            request,
            task_queue=self.task_queue,
            **bank_start_options(request),
        )
        applied = await handle.result()
        await replay(await handle.fetch_history())
        return applied

    def file(self, message_id: str) -> bytes:
        [(xml,)] = self.database.rows("SELECT xml FROM transfer_files WHERE message_id = %s", message_id)
        return bytes(xml)

    async def fund(self, amount_cents: int) -> None:
        """Clients' money, available at once."""
        invoice = f"F-{next(NUMBERS)}"
        customer = await self.payments.open_customer("client")
        intent = await self.payments.prepare_charge(
            invoice=invoice, ticket="00000000", amount_cents=amount_cents, customer=customer, card=""
        )
        await self.payments.charge(intent=intent, invoice=invoice, attempt=1, card="pm_card_bypassPending")

    async def start(
        self, month: str, key: str = "", **more: Any
    ) -> WorkflowHandle[PayoutRunWorkflow, PayoutRunResult]:
        request = PayoutRunRequest(
            month=month, key=key or f"test:{next(NUMBERS)}", actor_id="finance-1", **more
        )
        return await self.client.start_workflow(
            PayoutRunWorkflow.run, request, task_queue=self.task_queue, **start_options(request)
        )

    async def run(self, month: str, key: str = "", **more: Any) -> PayoutRunResult:
        """Run the month to its end, then replay its history and those of its technicians."""
        handle = await self.start(month, key, **more)
        result = await handle.result()
        await replay(await handle.fetch_history())
        for paid in result.technicians:
            child = self.client.get_workflow_handle(f"payouts/{month}/{paid.technician_id}")
            await replay(await child.fetch_history())
        return result

    def transfers(self) -> list[tuple[str, int]]:
        """What Stripe has sent to this test's technicians, oldest first: the payout's key and the cents."""
        ours = {technician for (technician,) in self.database.rows("SELECT id::text FROM technicians")}
        found = [(one["transfer_group"], one["amount"]) for one in self._ask("transfers", limit=100)["data"]]
        return [(key, cents) for key, cents in reversed(found) if key.split(":")[2] in ours]

    def balance(self) -> int:
        """What Stripe could transfer now, in cents."""
        return int(self._ask("balance")["available"][0]["amount"])

    def _ask(self, what: str, **parameters: int) -> Any:
        answer = outside.get(
            f"{self.stripe_url}/v1/{what}", params=parameters, headers={"Authorization": f"Bearer {API_KEY}"}
        )
        answer.raise_for_status()
        return answer.json()

    def statements(self) -> list[tuple[Any, ...]]:
        """Key, sequence, total and the payout's status, in the order of their issue."""
        return self.database.rows(
            "SELECT s.key, s.sequence, s.total_cents, p.status FROM statements s JOIN payouts p USING (key) "
            "ORDER BY s.issued_at, s.key"
        )

    def ledger(self, account: str) -> int:
        """The account's balance, debit positive."""
        [(balance,)] = self.database.rows(
            "SELECT coalesce(sum(amount_cents), 0)::bigint FROM ledger_lines WHERE account = %s", account
        )
        return int(balance)


DETAILS = ReceivingDetails(
    first_name="Thomas",
    last_name="Leroy",
    mail="thomas.leroy@example.fr",
    phone="+33612345678",
    birth_date=date(1988, 4, 17),
    street="12 rue des Lilas",
    postal_code="69003",
    city="Lyon",
    iban="FR1420041010050500013M02606",
    terms_accepted_at=datetime(2026, 9, 1, 9, 30, tzinfo=UTC),
    terms_accepted_from="192.0.2.10",
)


@pytest.fixture(scope="package")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    # A short history is suggested as new after so many events, so that a test can see it.
    async with running_environment(
        "--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=60"
    ) as running:
        yield running


@pytest.fixture(scope="package")
def stripe_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_stripe(tmp_path_factory.mktemp("stripe")) as sandbox:
        yield sandbox.url


@pytest.fixture
async def finance(
    environment: WorkflowEnvironment, database: Database, stripe_url: str
) -> AsyncIterator[Finance]:
    """A worker, whose every history is replayed at its end."""
    engine, api_engine = create_engine(database.url("omea_worker")), create_engine(database.url("omea_api"))
    payments = WatchedPayments(API_KEY, stripe_url)
    steps = PayoutActivities(sessions(engine))
    taking_back = ReversalActivities(sessions(engine), payments)
    contests = ContestActivities(
        sessions(engine),
        SentMail(),
        "OmeaSupport <contact@example.fr>",
        "equipe@example.fr",
        "https://omea.example",
        TOKEN_KEY,
    )
    bank = WatchedBank(sessions(engine), Account("OmeaSupport", OMEA_IBAN))
    finance = Finance(
        environment.client,
        asked_sessions(api_engine, COMMAND_LINE),
        f"payouts-{next(NUMBERS)}",
        database,
        payments,
        stripe_url,
        bank,
    )
    worker = Worker(
        environment.client,
        task_queue=finance.task_queue,
        workflows=PAYOUT_WORKFLOWS,
        activities=[
            steps.open_run,
            steps.claim,
            steps.record_transfer,
            steps.record_transfer_refusal,
            steps.statements_to_write,
            steps.finish_run,
            bank.order_transfer,
            bank.make_transfer_file,
            bank.apply_bank_message,
            contests.record_contest,
            contests.answer_contest,
            contests.tell_of_contest,
            contests.tell_of_contest_answer,
            DocumentActivities(sessions(engine), A_COMPANY).make_document,
            taking_back.look_at_transfers,
            taking_back.take_back_transfer,
        ],
        workflow_runner=workflow_runner(),
        deployment_config=deployment(finance.task_queue, BUILD),
    )
    transfers = create_transfer_worker(
        environment.client, finance.task_queue, payments, per_second=100, build_id=BUILD
    )
    await begin_with(environment.client, finance.task_queue, BUILD)
    async with worker, transfers:
        yield finance
    await payments.close()
    await engine.dispose()
    await api_engine.dispose()
