"""An hour of money that goes other ways: through the bank, back from a technician, back from a client."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.askers import COMMAND_LINE, asked_sessions
from db.engine import create_engine
from db.stores import bank_messages
from deploy.recovery.looking import look
from deploy.recovery.repairing import repair
from deploy.signals import begin
from domain.bank_steps import BankMessageApplied, BankMessageRequest
from domain.contests import (
    ContestAnswered,
    ContestAsked,
    ContestOutcome,
    ContestRequest,
    ContestStanding,
    Correction,
)
from domain.ids import bank_message_workflow_id, refund_workflow_id, transfer_workflow_id
from domain.messages import Actor
from domain.opening_hours import PARIS, paris_month
from domain.recovery import Difference, Kind
from domain.refunds import ExcessRequest
from domain.reversals import TakeBackAsked, TransferRequest
from domain.rulings import GainKind, GainRuling
from domain.tickets import Role
from tests.recover.forgetting import forget_and_repair
from tests.recover.test_other_processes import a_paid_ticket
from tests.recover.world import REASON, World
from tests.support.bank import CLOSED, OURS, Bank, running_bank
from tests.support.chargebacks import a_chargeback
from tests.support.people import a_person, a_submission
from tests.support.tickets import PlayedTicket
from workflows.bank.message import BankMessageWorkflow
from workflows.bank.starting import start_options as message_options
from workflows.contest.starting import start_options as contest_options
from workflows.contest.workflow import StatementContestWorkflow
from workflows.transfer.starting import start_options as transfer_options
from workflows.transfer.workflow import TransferWorkflow


@pytest.fixture
def bank() -> Iterator[Bank]:
    with running_bank(f"{datetime.now(UTC).astimezone(PARIS).date()}T09:00") as running:
        yield running


async def waived(world: World) -> PlayedTicket:
    """Charged, and then nothing was owed: the ticket itself sent the money back."""
    ticket = await world.a_ticket()
    await ticket.reach_review()
    await ticket.act("review", ticket.satisfied())
    await ticket.settle()
    await ticket.act("dispute", ticket.dissatisfied())
    await ticket.act("ruling", ticket.ruled("waive", GainRuling(1, GainKind.FULL)))
    assert await ticket.handle.result() == "waived"
    return ticket


async def contested(world: World, ticket: PlayedTicket, finance: str) -> None:
    """Its technician contests the statement of it, and is given a slice more on the next one."""
    [(statement,)] = world.database.rows(
        "SELECT s.number FROM statements s JOIN gain_claims c ON c.statement = s.key "
        "JOIN gains g ON g.id = c.gain_id WHERE g.ticket = %s",
        ticket.number,
    )
    why = a_submission(world.database, ticket.technician, "contest", reason="Plus longtemps.")
    request = ContestRequest(statement, ticket.as_technician, datetime.now(UTC), why)
    handle = await world.environment.client.start_workflow(
        StatementContestWorkflow.run, request, task_queue=world.task_queue, **contest_options(request)
    )
    await handle.execute_update("opened", ContestAsked(why), result_type=ContestStanding)
    said = a_submission(world.database, finance, "contest_answer", reason="Exact.")
    answered = ContestAnswered(
        Actor(finance, Role.FINANCE), ContestOutcome.CORRECTED, said, Correction(ticket.number, 1, 800)
    )
    await handle.execute_update("answer", answered, result_type=ContestStanding)
    assert await handle.result() == ContestOutcome.CORRECTED


async def taken_back(world: World, payout: str, finance: str) -> None:
    request = TransferRequest(payout)
    client = world.environment.client
    handle = await client.start_workflow(
        TransferWorkflow.run, request, task_queue=world.task_queue, **transfer_options(request)
    )
    reason = a_submission(world.database, finance, "payout_reason", reason="Erreur.")
    await handle.execute_update("take_back", TakeBackAsked(finance, reason), id=f"reversal-{payout}")
    await client.get_workflow_handle(transfer_workflow_id(payout)).result()


async def keep(world: World, message: bytes, at: datetime) -> str:
    engine = create_engine(world.database.url("omea_api"))
    try:
        async with asked_sessions(engine, COMMAND_LINE).begin() as session:
            return await bank_messages.keep(session, message, at, None)
    finally:
        await engine.dispose()


async def read(world: World, digest: str) -> BankMessageApplied:
    request = BankMessageRequest(digest)
    handle = await world.environment.client.start_workflow(
        BankMessageWorkflow.run, request, task_queue=world.task_queue, **message_options(request)
    )
    return await handle.result()


@pytest.mark.timeout(180)
async def test_money_that_goes_other_ways_is_brought_back_too(
    world: World, bank: Bank, tmp_path: Path
) -> None:
    hour_old, later = tmp_path / "hour-old.dump", tmp_path / "later.dump"
    finance, client = a_person(world.database, "finance"), world.environment.client
    world.iban = bank.iban(OURS)
    month = paris_month(datetime.now(UTC))
    async with world.worker():
        await world.fund()
        by_provider = await a_paid_ticket(world)
        charged_back = await a_paid_ticket(world)
        nothing_due = await waived(world)
        await paid_by_bank(world, bank)
        world.dump(hour_old)
        await world.pay(month)
        [(xml,)] = world.database.rows("SELECT xml FROM transfer_files")
        assert bank.take(bytes(xml)) == 202
        # It takes the file, and rejects the transfer.
        [message] = [body for _, body in bank.messages() if b"RJCT" in body]
        brought_at = datetime.now(UTC)
        digest = await keep(world, message, brought_at)
        world.dump(later)
        assert await read(world, digest) == BankMessageApplied(rejected=1, unchanged=1)
        await contested(world, by_provider, finance)
        [(payout,)] = world.database.rows(
            "SELECT key FROM payouts JOIN statements USING (key) WHERE technician_id = %s",
            by_provider.technician,
        )
        await taken_back(world, payout, finance)
        [(intent,)] = world.database.rows(
            "SELECT intent FROM payments JOIN invoices ON number = invoice WHERE ticket = %s",
            charged_back.number,
        )
        dispute = world.stripe.play("dispute", payment=intent)
        chargeback = await a_chargeback(
            world.environment,
            world.database,
            world.task_queue,
            reference=dispute["id"],
            intent=str(intent),
            as_back_office=charged_back.as_back_office,
        )
        await chargeback.settle()
        await chargeback.act("answer", chargeback.said())
        world.stripe.play("decide_dispute", dispute=dispute["id"], outcome="lost")
        await chargeback.handle.signal("chargeback_news")
        assert await chargeback.handle.result() == "lost"
        [(sent_back, invoice)] = world.database.rows(
            "SELECT reference, invoice FROM refunds WHERE n = 0 AND invoice IN "
            "(SELECT number FROM invoices WHERE ticket = %s)",
            nothing_due.number,
        )
        world.stripe.play("fail_refund", refund=sent_back)
        excess = ExcessRequest(invoice, nothing_due.request.deadlines, nothing_due.request.hours)
        assert await begin(client, world.task_queue, excess, "refund_news")
        watched = client.get_workflow_handle(refund_workflow_id(invoice, 0))
        await nothing_due.settle()
    found = await forget_and_repair(world, later)
    assert {one.detail.partition(" ")[0] for one in found if one.kind is Kind.STEP_LOST} >= {
        *("apply_bank_message", "record_contest", "answer_contest", "take_back_transfer"),
        *("look_at_transfers", "look_at_chargeback", "answer_chargeback", "look_at_excess"),
    }

    # What the bank has said was brought within the hour: it is brought again.
    before = world.written()
    world.restore(hour_old)
    async with world.stores() as stores:
        await repair(stores, datetime.now(UTC), REASON)
        left = (await look(stores, datetime.now(UTC))).differences
        # A notice that is of no use any more leaves no row.
        assert [(one.kind, one.subject) for one in left if one.kind is not Kind.NOTICE_LOST] == [
            (Kind.STEP_LOST, bank_message_workflow_id(digest))
        ]
    assert await keep(world, message, brought_at) == digest
    async with world.stores() as stores:
        await repair(stores, datetime.now(UTC), REASON)
        assert (await look(stores, datetime.now(UTC))).differences == []
    assert world.written() == before

    # The excess is watched until somebody sends it, whoever has forgotten it.
    await world.forget(watched)
    missing = [Difference(Kind.OTHER_PROCESS_MISSING, watched.id)]
    async with world.stores() as stores:
        assert (await look(stores, datetime.now(UTC))).differences == missing
        assert await repair(stores, datetime.now(UTC), REASON) == missing
        assert (await look(stores, datetime.now(UTC))).differences == []
    assert world.sent_twice() == []


async def paid_by_bank(world: World, bank: Bank) -> None:
    """One of the other technician's, whose account at their bank is closed."""
    world.database.execute(
        "UPDATE payees SET rail = 'sepa', iban = %s WHERE technician_id = %s", bank.iban(CLOSED), world.other
    )
    await a_paid_ticket(world, technician=world.other)
