"""A transfer taken back, from the provider's notice to its entries: our books and its own agree before and
after, whichever is read first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.checking import NO_PATIENCE
from deploy.wiring import create_transfer_worker
from domain.ids import transfer_workflow_id
from domain.invariants import Invariant
from domain.payouts import PayoutRunRequest, TechnicianPaid
from domain.provider_entries import Read
from tests.control.conftest import Control
from tests.payouts.conftest import DETAILS
from tests.support.played import Played
from tests.support.temporal import BUILD
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options

GAIN = 1600


async def run(control: Control, month: str, key: str) -> tuple[TechnicianPaid, ...]:
    office = control.office
    request = PayoutRunRequest(month=month, key=key, actor_id="omea")
    client, payments = office.environment.client, office.payments
    async with create_transfer_worker(client, office.task_queue, payments, per_second=100, build_id=BUILD):
        handle = await client.start_workflow(
            PayoutRunWorkflow.run, request, task_queue=office.task_queue, **start_options(request)
        )
        return (await handle.result()).technicians


async def noticed(control: Control) -> None:
    """The provider's notices since are in the inbox, and acted upon."""
    office = control.office
    await control.readings.read_events(Read(datetime.now(UTC)))
    await control.dispatcher.dispatch_due()
    [(payout,)] = office.database.rows("SELECT key FROM payouts")
    client = office.environment.client
    known = await client.get_workflow_handle(transfer_workflow_id(payout)).describe()
    handle: Any = client.get_workflow_handle(known.id, run_id=known.run_id)
    office.played.append(Played(office.environment, office.database, handle))
    await handle.result()


async def entries(control: Control) -> None:
    await control.readings.read_entries(Read(datetime.now(UTC)))


async def broken(control: Control) -> set[Invariant]:
    """But for the notices: those of this test are found by asking for them."""
    return set(await control.books.violations(patience=NO_PATIENCE)) - {Invariant.WEBHOOKS_LOST}


@pytest.mark.parametrize("order", ["notice_first", "entries_first"])
async def test_our_books_and_the_providers_agree(
    control: Control, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr("activities.reconciliation.NOTICE_MAY_COME", timedelta(0))
    office = control.office
    office.database.execute("DELETE FROM cards")
    await office.save_card("pm_card_bypassPending")
    account = await office.payments.open_account(office.technician, DETAILS)
    office.database.execute(
        "UPDATE technicians SET account_reference = %s WHERE id = %s", account, office.technician
    )
    ticket = await office.a_ticket()
    await ticket.reach_review()
    await ticket.act("review", ticket.satisfied())
    await ticket.settle()
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"
    [(month,)] = office.database.rows("SELECT month FROM gains")
    # The month that the ticket's clock shows.
    monkeypatch.setattr("workflows.payouts.run.cut_off", lambda wanted, _: wanted.next().start)
    assert await run(control, month, "first") == (TechnicianPaid(office.technician, GAIN),)
    await entries(control)
    assert await broken(control) == set()

    [(transfer,)] = office.database.rows("SELECT transfer FROM payouts")
    for part in (600, GAIN - 600):
        await office.payments._stripe.transfers.reversals.create_async(transfer, {"amount": part})
        if order == "entries_first":
            await entries(control)
            assert Invariant.PROVIDER_ENTRIES in await broken(control)
        await noticed(control)
        await entries(control)
        assert await broken(control) == {Invariant.TRANSFERS_WHOLE if part == 600 else Invariant.PAYOUTS_SENT}
    assert office.database.rows("SELECT status, failure FROM payouts") == [("failed", "transfer_reversed")]

    assert await run(control, month, "again") == (TechnicianPaid(office.technician, GAIN),)
    await entries(control)
    assert await broken(control) == set()
    assert office.database.rows(
        "SELECT kind, amount_cents, count(*), count(DISTINCT payout) FROM provider_entries "
        "WHERE kind LIKE 'transfer%%' GROUP BY 1, 2 ORDER BY 2"
    ) == [
        ("transfer", -GAIN, 2, 1),
        ("transfer_refund", 600, 1, 1),
        ("transfer_refund", GAIN - 600, 1, 1),
    ]
