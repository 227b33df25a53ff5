"""The composition root: which collaborators the activities, the worker and the API are given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Interceptor, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.accounts import AccountActivities
from activities.admissions import AdmissionActivities
from activities.bank import BankActivities
from activities.billing import BillingActivities
from activities.cards import CardActivities
from activities.chargebacks import ChargebackActivities
from activities.contests import ContestActivities
from activities.earnings import EarningsActivities
from activities.erasures import ErasureActivities
from activities.gateways.chargebacks import Chargebacks
from activities.gateways.mail import Mail
from activities.gateways.payments import Payments
from activities.gateways.running_tickets import RunningTickets
from activities.gateways.session_log import SessionLog
from activities.gateways.sms import Sms
from activities.gateways.temporal_text_messages import TemporalTextMessages
from activities.gateways.temporal_tickets import TemporalTickets
from activities.gateways.text_messages import TextMessages
from activities.invariants import InvariantActivities
from activities.issuing import DocumentActivities
from activities.notifications import NotificationActivities
from activities.payouts import PayoutActivities, TransferActivities
from activities.purge import PurgeActivities
from activities.reconciliation import ReconciliationActivities
from activities.refunds import RefundActivities
from activities.reversals import ReversalActivities
from activities.session_logs import SessionLogActivities
from activities.sign_ins import SignInActivities
from activities.text_messages import TextMessageActivities
from activities.tickets import TicketActivities
from activities.vetting import VettingActivities
from api.oidc.issuers import Issuer
from db.engine import Sessions
from deploy import settings as surroundings
from deploy.releases import deployment
from deploy.settings import Settings
from domain import deadlines, opening_hours, slots
from domain.bank_transfers import Account
from domain.deadlines import Deadlines
from domain.documents import Company
from domain.ids import transfers_queue
from domain.opening_hours import OpeningHours
from domain.slots import SlotRules
from domain.tickets import Role
from workflows.account.page import AccountPageWorkflow
from workflows.account.workflow import AccountWorkflow
from workflows.admission.workflow import AdmissionLetterWorkflow
from workflows.bank.message import BankMessageWorkflow
from workflows.card.workflow import CardWorkflow
from workflows.chargeback.workflow import ChargebackWorkflow
from workflows.contest.workflow import StatementContestWorkflow
from workflows.control.earnings import EarningsToldWorkflow
from workflows.control.expiring_papers import ExpiringPapersWorkflow
from workflows.control.invariants import InvariantsWorkflow
from workflows.control.purge import PurgeWorkflow
from workflows.control.reconciliation import ReconciliationWorkflow
from workflows.erasure.workflow import ErasureWorkflow
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.scheduled import ScheduledPayoutsWorkflow
from workflows.payouts.technician import TechnicianPayoutWorkflow
from workflows.refund.excess import ExcessWorkflow
from workflows.refund.workflow import RefundWorkflow
from workflows.sign_in.workflow import SignInLinkWorkflow
from workflows.text_message.workflow import TextMessageWorkflow
from workflows.ticket.workflow import TicketWorkflow
from workflows.transfer.workflow import TransferWorkflow

WORKFLOWS: tuple[type, ...] = (
    TicketWorkflow,
    CardWorkflow,
    RefundWorkflow,
    ChargebackWorkflow,
    ExcessWorkflow,
    AccountWorkflow,
    AccountPageWorkflow,
    PayoutRunWorkflow,
    TechnicianPayoutWorkflow,
    TransferWorkflow,
    ScheduledPayoutsWorkflow,
    BankMessageWorkflow,
    StatementContestWorkflow,
    ReconciliationWorkflow,
    InvariantsWorkflow,
    SignInLinkWorkflow,
    ErasureWorkflow,
    PurgeWorkflow,
    AdmissionLetterWorkflow,
    ExpiringPapersWorkflow,
    EarningsToldWorkflow,
    TextMessageWorkflow,
)

# Half of what an orchestrator usually grants between its first and its last word to a process.
GRACE = timedelta(seconds=15)

# How long a ticket's next step is kept for the worker that has the ticket in memory, before any may take it.
# The SDK says 10 s: after a crash every act would fail for as long, and the API waits 4 s for an answer.
FOR_THE_SAME_WORKER = timedelta(seconds=2)


def deadlines_of(settings: Settings) -> Deadlines:
    return deadlines.DEMO if settings.pace is surroundings.Pace.DEMO else deadlines.PRODUCTION


def slot_rules_of(settings: Settings) -> SlotRules:
    return slots.DEMO if settings.pace is surroundings.Pace.DEMO else slots.PRODUCTION


def hours_of(settings: Settings) -> OpeningHours:
    always = settings.opening_hours is surroundings.OpeningHours.ALWAYS
    return opening_hours.ALWAYS if always else opening_hours.PRODUCTION


def issuers_of(settings: Settings) -> list[Issuer]:
    return [
        Issuer(
            key=one.key,
            name=one.name,
            url=one.issuer,
            client_id=one.client_id,
            client_secret=secret,
            roles=frozenset(Role(role) for role in one.roles),
            trusted_for_addresses=one.trusted_for_addresses,
        )
        for one, secret in settings.issuers
    ]


@dataclass(frozen=True)
class Collaborators:
    """What the activities work with. `link_key` signs the links in mails that need no signing in; `company`
    is who issues documents. Without `session_log` our own stamps are the only evidence; without
    `bank_account`, which is ours, nobody is paid through a bank; without `sms` nobody is told by SMS."""

    database: Sessions
    payments: Payments
    chargebacks: Chargebacks
    mail: Mail
    sender: str
    back_office: str
    public_url: str
    link_key: bytes
    company: Company
    session_log: SessionLog | None = None
    bank_account: Account | None = None
    sms: Sms | None = None


def activities(
    given: Collaborators, running: RunningTickets, text_messages: TextMessages | None = None
) -> list[Callable[..., Any]]:
    """Every activity, bound to its collaborators."""
    holders: Sequence[object] = (
        TicketActivities(given.database),
        BillingActivities(given.database, given.payments),
        DocumentActivities(given.database, given.company),
        CardActivities(given.database, given.payments),
        RefundActivities(given.database, given.payments),
        ChargebackActivities(given.database, given.chargebacks),
        PayoutActivities(given.database),
        ReversalActivities(given.database, given.payments),
        AccountActivities(given.database, given.payments),
        BankActivities(given.database, given.bank_account),
        SessionLogActivities(given.database, given.session_log),
        NotificationActivities(
            given.database,
            given.mail,
            given.sender,
            given.back_office,
            given.public_url,
            given.link_key,
            text_messages,
        ),
        TextMessageActivities(given.database, given.sms, given.sender),
        ContestActivities(
            given.database,
            given.mail,
            given.sender,
            given.back_office,
            given.public_url,
            given.link_key,
        ),
        SignInActivities(given.database, given.mail, given.sender, given.public_url, given.link_key),
        AdmissionActivities(given.database, given.mail, given.sender, given.public_url, given.link_key),
        EarningsActivities(given.database, given.mail, given.sender, given.public_url, given.link_key),
        VettingActivities(given.database, given.mail, given.sender, given.public_url, given.link_key),
        ErasureActivities(
            given.database,
            given.payments,
            given.mail,
            given.sender,
            given.back_office,
            given.public_url,
            given.link_key,
        ),
        ReconciliationActivities(given.database, given.payments),
        PurgeActivities(given.database),
        InvariantActivities(
            given.database,
            running,
            given.mail,
            given.sender,
            given.back_office,
            given.public_url,
            given.link_key,
        ),
    )
    return [method for holder in holders for method in _defined_in(holder)]


def _defined_in(holder: object) -> list[Callable[..., Any]]:
    return [
        method
        for name in dir(holder)
        if hasattr(method := getattr(holder, name), "__temporal_activity_definition")
    ]


def workflow_runner() -> SandboxedWorkflowRunner:
    """All of our modules are shared with the sandbox, or else each class would exist twice in it. What the
    rules must not do is forbidden by the linter instead (a clock, chance)."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_all_modules())


def create_worker(
    client: Client,
    task_queue: str,
    collaborators: Collaborators,
    *,
    build_id: str | None = None,
    interceptors: Sequence[Interceptor] = (),
    max_cached_workflows: int = 1000,
) -> Worker:
    """Without a build there are no versions of it: it is given all the work, but for what is pinned."""
    texts = TemporalTextMessages(client, task_queue) if collaborators.sms is not None else None
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=activities(collaborators, TemporalTickets(client, task_queue), texts),
        workflow_runner=workflow_runner(),
        interceptors=interceptors,
        graceful_shutdown_timeout=GRACE,
        max_cached_workflows=max_cached_workflows,
        deployment_config=None if build_id is None else deployment(task_queue, build_id),
        sticky_queue_schedule_to_start_timeout=FOR_THE_SAME_WORKER,
    )


def create_transfer_worker(
    client: Client,
    task_queue: str,
    payments: Payments,
    *,
    per_second: float,
    build_id: str | None = None,
    interceptors: Sequence[Interceptor] = (),
) -> Worker:
    """Sends the technicians' transfers. The server gives out no more than `per_second` of them, however many
    such workers there are: the provider's rate limit is kept by waiting in the queue."""
    return Worker(
        client,
        task_queue=transfers_queue(task_queue),
        activities=_defined_in(TransferActivities(payments)),
        max_task_queue_activities_per_second=per_second,
        interceptors=interceptors,
        graceful_shutdown_timeout=GRACE,
        deployment_config=None if build_id is None else deployment(task_queue, build_id),
    )
