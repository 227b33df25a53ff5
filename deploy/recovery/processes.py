"""What has a process in Temporal and what should have one; beginning those that Temporal has forgotten."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from db.models.tickets import Ticket
from db.reads.capacity import appointments_not_kept
from db.reads.processes import Owed, Rules, owed
from db.reads.recovery import Memory, acts_of_tickets
from db.reads.resuming import resumed
from deploy import schedules
from deploy.recovery.histories import ENDED_BY, Process, Step
from deploy.recovery.remembered import act_of, ticket_of
from deploy.recovery.stores import Stores
from domain.bank_steps import BankMessageRequest
from domain.chargebacks import ChargebackRequest
from domain.contests import ContestRequest
from domain.erasures import ErasureRequest
from domain.ids import ticket_of_workflow
from domain.messages import TicketRequest
from domain.payouts import PayoutRunRequest
from domain.recovery import Difference, Kind
from domain.refunds import ExcessRequest, RefundRequest
from domain.slots import SlotRules
from domain.tickets import Status
from workflows.bank import starting as bank
from workflows.chargeback import starting as chargeback
from workflows.contest import starting as contest
from workflows.erasure import starting as erasure
from workflows.payouts import starting as payouts
from workflows.refund import starting as refund
from workflows.starting import StartOptions
from workflows.ticket import starting as ticket

# Those that send money to technicians.
RUN = "PayoutRun"
PAYING = frozenset({RUN, "TechnicianPayout"})
# Half a minute.
MOST_LOOKS, PAUSE_SECONDS = 150, 0.2


@dataclass(frozen=True)
class Wrong:
    """A ticket whose process is not what the database says. `behind` is the process that has not heard of
    all that was done, `request` what it, or one before, was started with."""

    number: str
    kind: Kind
    line: str
    behind: Process | None = None
    request: TicketRequest | None = None


@dataclass(frozen=True)
class Standing:
    """`away` are the appointments to come that their technician, the second, can no longer keep, and of which
    no ticket will hear by itself."""

    tickets: tuple[Wrong, ...]
    owed: tuple[Owed, ...]
    away: tuple[tuple[str, str], ...]


async def standing(
    session: AsyncSession, memory: Memory, found: Sequence[Process], rules: Rules, at: datetime
) -> Standing:
    running = {one.workflow for one in found if one.running}
    stopped = {one.request.key for one in found if one.stopped and one.type == RUN}
    missing = [
        one
        for one in await owed(session, rules, at)
        if _id(one) not in running and not (isinstance(one, PayoutRunRequest) and one.key in stopped)
    ]
    away = await appointments_not_kept(session, at)
    return Standing(tuple(await _tickets(session, memory, found)), tuple(missing), tuple(away))


async def _tickets(session: AsyncSession, memory: Memory, found: Sequence[Process]) -> list[Wrong]:
    of_tickets = [one for one in found if one.type == "Ticket"]
    running = {ticket_of_workflow(one.workflow): one for one in of_tickets if one.running}
    last = {ticket_of_workflow(one.workflow): one for one in of_tickets if not one.running}
    still_open = {number for number, status in memory.tickets.items() if status is not Status.CLOSED}
    lines = await acts_of_tickets(session, still_open | running.keys())
    wrong = []
    for number in sorted(still_open | running.keys()):
        process, known = running.get(number), lines.get(number, [])
        if process is None:
            before = last.get(number)
            wrong.append(
                Wrong(
                    number,
                    Kind.PROCESS_MISSING,
                    known[-1][1] if known else "",
                    None,
                    before.request if before else None,
                )
            )
        elif (line := unheard_of(process, known)) is not None:
            kind = Kind.PROCESS_BEHIND if number in still_open else Kind.PROCESS_LEFT
            wrong.append(Wrong(number, kind, line, process, process.request))
    return wrong


def unheard_of(process: Process, lines: Collection[tuple[str, str]]) -> str | None:
    """The first act in the journal, given as (id, key), that this process has never asked for, if any. One
    that was resumed from a line which is not there knows what everybody else has forgotten."""
    asked = {act.key for step in process.steps if (act := act_of(step)) is not None}
    resumed_from = process.request.resumed if process.request else None
    since = resumed_from.journal if resumed_from else ""
    if since and all(line != since for line, _ in lines):
        return since
    return next((key for line, key in lines if line > since and key not in asked), None)


def differences(found: Standing, lost: Iterable[Step]) -> Iterator[Difference]:
    """What the database has forgotten comes first: a process may then be what it should be, or be over."""
    lost = list(lost)
    forgotten, known = {ticket_of(step) for step in lost}, {step.workflow for step in lost}
    for wrong in found.tickets:
        if wrong.number not in forgotten:
            yield Difference(wrong.kind, wrong.number, wrong.line)
    for one in found.owed:
        if _id(one) not in known:
            yield Difference(Kind.OTHER_PROCESS_MISSING, _id(one))
    for number, technician in found.away:
        yield Difference(Kind.TECHNICIAN_AWAY, number, technician)


def payouts_behind(found: Iterable[Process], marks: Iterable[Difference]) -> list[Process]:
    """Those that an older Temporal has running, and that would go on to send what was sent since. One that
    has asked for nothing yet begins from what the database has."""
    if all(one.kind is not Kind.TEMPORAL_OLDER for one in marks):
        return []
    return [one for one in found if one.running and one.type in PAYING and one.steps]


def payout_difference(one: Process) -> Difference:
    return Difference(Kind.PAYOUT_BEHIND, one.workflow)


async def end_payout(stores: Stores, one: Process) -> Difference:
    """The run of its month is begun again if it has not ended, and pays what is left."""
    handle = stores.client.get_workflow_handle(one.workflow, run_id=one.run)
    try:
        await handle.terminate(reason=ENDED_BY)
    except RPCError as error:
        # It ended with the run that it belongs to.
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    await _until_listed(stores, one.workflow, running=False)
    return payout_difference(one)


def _id(one: Owed) -> str:
    return _options(one)["id"]


def _options(one: Owed) -> StartOptions:
    match one:
        case RefundRequest():
            return refund.start_options(one)
        case ChargebackRequest():
            return chargeback.start_options(one)
        case ContestRequest():
            return contest.start_options(one)
        case ErasureRequest():
            return erasure.start_options(one)
        case PayoutRunRequest():
            return payouts.start_options(one)
        case BankMessageRequest():
            return bank.start_options(one)
        case ExcessRequest():
            return refund.excess_start_options(one)


NAMES: dict[type, str] = {
    RefundRequest: "Refund",
    ChargebackRequest: "Chargeback",
    ContestRequest: "StatementContest",
    ErasureRequest: "Erasure",
    PayoutRunRequest: RUN,
    BankMessageRequest: "BankMessage",
    ExcessRequest: "Excess",
}
# What is not missed when Temporal has forgotten it, each with the reason.
BY_SCHEDULE = "its schedule begins it; one that is missing is named"
ASKED_AGAIN = "nothing is written yet: who asked asks again, and the old link or page is dead"
HANDED_OUT = "a look that takes seconds: the provider's notices of that time are handed out again"
NOT_MISSED: dict[str, str] = {
    **dict.fromkeys(("Reconciliation", "Invariants", "Purge", "ExpiringPapers", "EarningsTold"), BY_SCHEDULE),
    "ScheduledPayouts": "it only launches a run; the runbook says what to do of a month that it has missed",
    "TechnicianPayout": "its run begins it, and what it had claimed is sent by that run or by a rerun",
    **dict.fromkeys(("SignInLink", "AdmissionLetter", "Card"), ASKED_AGAIN),
    "TextMessage": "the same was said by mail, and a late one would wake somebody",
    **dict.fromkeys(("Account", "AccountPage", "Transfer"), HANDED_OUT),
}


async def begin(stores: Stores, one: Owed) -> Difference:
    """From its beginning: its steps find what was done."""
    await stores.client.start_workflow(NAMES[type(one)], one, task_queue=stores.task_queue, **_options(one))
    await _until_listed(stores, _id(one), running=True)
    return Difference(Kind.OTHER_PROCESS_MISSING, _id(one))


async def set_right(stores: Stores, wrong: Wrong, at: datetime) -> Difference:
    """End a process that has not heard of everything, and begin one, for a ticket that is open, that has."""
    if wrong.behind is not None:
        handle = stores.client.get_workflow_handle(wrong.behind.workflow, run_id=wrong.behind.run)
        await handle.terminate(reason=ENDED_BY)
        await _until_listed(stores, wrong.behind.workflow, running=False)
    async with stores.database() as session:
        row = await session.get_one(Ticket, wrong.number)
        if row.status is not Status.CLOSED:
            request = wrong.request or _asked(row, stores.rules, stores.slot_rules)
            known = await resumed(session, row, request.deadlines.minute, at)
            request = replace(request, resumed=known)
            options = ticket.start_options(request)
            await stores.client.start_workflow("Ticket", request, task_queue=stores.task_queue, **options)
            await _until_listed(stores, options["id"], running=True)
    return Difference(wrong.kind, wrong.number, wrong.line)


def _asked(row: Ticket, rules: Rules, slot_rules: SlotRules) -> TicketRequest:
    """What its client asked for is what the row has; the deadlines are those of today."""
    return TicketRequest(
        number=row.number,
        client_id=row.client_id,
        skill=row.skill,
        hold_id=None,
        start=row.appointment_start,
        end=row.appointment_end,
        ceiling_minutes=row.ceiling_minutes,
        submission_id=row.request_id,
        deadlines=rules.deadlines,
        hours=rules.hours,
        slot_rules=slot_rules,
    )


async def _until_listed(stores: Stores, workflow: str, *, running: bool) -> None:
    """Temporal's list lags behind what it does; whoever compares again would find what was just repaired."""
    query = f"WorkflowId = '{workflow}' AND ExecutionStatus = 'Running'"
    for _ in range(MOST_LOOKS):
        if bool((await stores.client.count_workflows(query)).count) is running:
            return
        await asyncio.sleep(PAUSE_SECONDS)


async def missing_schedules(client: Client) -> list[Difference]:
    there = {one.id async for one in await client.list_schedules()}
    return [Difference(Kind.SCHEDULE_MISSING, name) for name in sorted(schedules.SCHEDULES.keys() - there)]
