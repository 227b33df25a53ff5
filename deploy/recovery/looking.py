"""Comparing what the database, Temporal and Stripe know. Nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db.models.payouts import HANDED_OVER
from db.models.webhooks import WebhookEvent
from db.reads import inbox, recovery
from db.reads.recovery import Memory
from deploy.recovery import notices, processes
from deploy.recovery.gaps import Text, client_of, texts_of
from deploy.recovery.histories import Process, Step, read_processes
from deploy.recovery.marks import older, unheard_since
from deploy.recovery.remembered import act_of, forgotten, ticket_of
from deploy.recovery.stores import Stores
from domain.ids import ticket_of_workflow
from domain.provider_events import begins
from domain.recovery import Difference, Highest, Kind, highest

# What Temporal keeps of ended processes, and a day for clocks: what is older at Stripe is not compared.
AS_FAR_BACK = timedelta(days=31)
TRANSFER = "transfer"


@dataclass(frozen=True)
class Compared:
    """`lost` are the steps that the database has forgotten, in the order in which they were done, `notices`
    what was told meanwhile; `known` the highest numbers that anybody remembers; `intents` the provider's, by
    invoice, `unheard` the notices of Stripe's that may have begun what Temporal has forgotten."""

    lost: list[Step]
    notices: list[Step]
    texts: list[Text]
    clients: list[str]
    known: Highest
    intents: dict[str, str]
    unrecorded: dict[str, str]
    standing: processes.Standing
    payouts: list[Process]
    unheard: list[WebhookEvent]
    differences: list[Difference] = field(default_factory=list)


async def look(stores: Stores, at: datetime) -> Compared:
    found = await read_processes(stores.client, stores.task_queue, stores.shapes)
    intents = await stores.payments.intents_since(at - AS_FAR_BACK)
    transfers = {
        entry.subject["payout"]: entry.subject["object"]
        for entry in await stores.payments.entries_since(at - AS_FAR_BACK)
        if entry.kind == TRANSFER and "payout" in entry.subject
    }
    steps = [step for process in found for step in process.steps]
    wanted = [text for step in steps for text in texts_of(step)]
    tickets = {ticket for step in steps if (ticket := ticket_of(step)) is not None}
    marks = await older(stores.client, stores.database, stores.task_queue)
    async with stores.database() as session:
        memory = await recovery.memory(session, tickets, {text.id for text in wanted})
        counted = await recovery.counted(session)
        standing = await processes.standing(session, memory, found, stores.rules, at)
        since = unheard_since(marks)
        unheard = await inbox.heard_since(session, since) if since is not None else []
    lost = forgotten(steps, memory)
    asked = [*lost, *(step for step in steps if not step.done)]
    texts = {text.id: text for step in asked for text in texts_of(step)}
    clients = {client for step in asked if (client := client_of(step)) is not None}
    known = highest([*_numbers(found, steps), *intents])
    compared = Compared(
        lost=lost,
        notices=notices.forgotten(steps, lost, memory),
        texts=[text for text in texts.values() if not memory.knows("submissions", text.id)],
        clients=sorted(client for client in clients if not memory.knows("people", client)),
        known=known,
        intents=intents,
        unrecorded={
            invoice: intent
            for invoice, intent in intents.items()
            if memory.knows("invoices", invoice) and not memory.knows("intents", invoice)
        },
        standing=standing,
        payouts=processes.payouts_behind(found, marks),
        unheard=[one for one in unheard if begins(one.type, one.subject)],
    )
    compared.differences.extend(marks)
    compared.differences.extend(_behind(known, counted))
    compared.differences.extend(_forgotten(compared))
    compared.differences.extend(notices.difference_of(step) for step in compared.notices)
    compared.differences.extend(_at_the_provider(compared, memory, transfers))
    compared.differences.extend(processes.differences(standing, lost))
    compared.differences.extend(processes.payout_difference(one) for one in compared.payouts)
    compared.differences.extend(event_difference(one) for one in compared.unheard)
    compared.differences.extend(await processes.missing_schedules(stores.client))
    return compared


def event_difference(event: WebhookEvent) -> Difference:
    return Difference(Kind.EVENT_UNHEARD, event.id, event.type)


def _numbers(found: Iterable[Process], steps: Iterable[Step]) -> Iterator[str]:
    """Every number that was given, as far as Temporal knows."""
    for process in found:
        if process.type == "Ticket":
            yield ticket_of_workflow(process.workflow)
    for step in steps:
        match step.name:
            case "accept" if step.done:
                yield step.result.invoice
            case "resettle" | "rule_refund" if step.done:
                yield step.result.credit_note or ""
            case "claim" if step.done:
                yield from (payout.number for payout in step.result.payouts)
            case "make_document":
                yield step.message.number


def _behind(known: Highest, counted: Highest) -> Iterator[Difference]:
    series = (
        ("F", known.invoices, counted.invoices),
        ("A", known.credit_notes, counted.credit_notes),
        ("AF", known.statements, counted.statements),
        ("", {0: known.tickets}, {0: counted.tickets}),
    )
    for sort, given, last in series:
        for of, number in sorted(given.items()):
            if number > last.get(of, 0):
                name = f"{sort}{of}" if sort else "tickets"
                yield Difference(Kind.NUMBER_BEHIND, name, f"{last.get(of, 0)} < {number}")


def _forgotten(compared: Compared) -> Iterator[Difference]:
    for client in compared.clients:
        yield Difference(Kind.PERSON_UNKNOWN, client)
    for text in compared.texts:
        yield Difference(Kind.TEXT_LOST, text.id, text.kind.value)
    for step in compared.lost:
        yield difference_of(step)


def difference_of(step: Step) -> Difference:
    subject = ticket_of(step) or step.workflow
    if step.name == "book":
        return Difference(Kind.TICKET_UNKNOWN, subject)
    act = act_of(step)
    return Difference(Kind.STEP_LOST, subject, f"{step.name} {act.key if act else step.event}")


def _at_the_provider(
    compared: Compared, memory: Memory, transfers: Mapping[str, str]
) -> Iterator[Difference]:
    """What Stripe knows, the database does not, and no forgotten step explains."""
    charged = {step.message.invoice for step in compared.lost if step.name == "charge_invoice"}
    for invoice, intent in sorted(compared.unrecorded.items()):
        if invoice not in charged:
            yield Difference(Kind.INTENT_UNKNOWN, invoice, intent)
    issued = {step.result.invoice for step in compared.lost if step.name == "accept"}
    for invoice, intent in sorted(compared.intents.items()):
        if highest([invoice]).invoices and not memory.knows("invoices", invoice) and invoice not in issued:
            yield Difference(Kind.INVOICE_UNKNOWN, invoice, intent)
    recorded = {step.message.payout.key for step in compared.lost if step.name == "record_transfer"}
    for payout, transfer in sorted(transfers.items()):
        known = memory.payouts.get(payout)
        sent = known is not None and (known.status in HANDED_OVER or known.transfers)
        if not sent and payout not in recorded:
            yield Difference(Kind.TRANSFER_UNKNOWN, payout, transfer)
