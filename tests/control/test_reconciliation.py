"""What the provider's notices lost is found by asking, and every movement of the balance is mirrored once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError

from activities.gateways.payments import DatedEvent, PaymentsBroken, ProviderEntry, ProviderEvent
from db.stores import inbox
from deploy import schedules
from deploy.checking import NO_PATIENCE
from domain.invariants import Invariant
from domain.provider_entries import EventsRead, Read
from tests.control.conftest import Control
from tests.support.tickets import PlayedTicket
from workflows.control.reconciliation import ReconciliationWorkflow


@pytest.fixture
def no_notice_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left to come by itself any more."""
    monkeypatch.setattr("activities.reconciliation.NOTICE_MAY_COME", timedelta(0))


async def charged(control: Control) -> PlayedTicket:
    """Accepted, and its card charged: 20 minutes are two slices, 30 euros. No notice has told us so."""
    ticket = await control.office.a_ticket()
    await ticket.reach_review()
    await ticket.act("review", ticket.satisfied())
    await ticket.settle()
    assert ticket.ticket("status") == ("invoiced",)
    return ticket


def events(control: Control) -> list[tuple[Any, ...]]:
    return control.office.database.rows(
        "SELECT type, state, found_by FROM webhook_events ORDER BY received_at, id"
    )


@pytest.mark.usefixtures("no_notice_comes")
async def test_a_lost_notice_is_found_and_its_ticket_is_paid(control: Control) -> None:
    ticket = await charged(control)
    found = await control.triggered(schedules.RECONCILIATION)
    assert found == "Annonces perdues et retrouvées : 1\n\nMouvements nouveaux : 1"
    assert events(control) == [("payment_intent.succeeded", "pending", "reading")]
    assert await control.dispatcher.dispatch_due() == 1
    assert await ticket.handle.result() == "paid"

    # Read again, and delivered late and twice after all: nothing more happens.
    again = await control.triggered(schedules.RECONCILIATION)
    assert again == "Annonces perdues et retrouvées : 0\n\nMouvements nouveaux : 0"
    [(event, kind, subject)] = control.office.database.rows("SELECT id, type, subject FROM webhook_events")
    for _ in range(2):
        async with control.worker.begin() as session:
            assert not await inbox.keep(session, event, kind, subject)
    assert await control.dispatcher.dispatch_due() == 0
    assert events(control) == [("payment_intent.succeeded", "done", "reading")]

    lost = [{"event": event, "kind": kind}]
    assert await control.books.violations(patience=NO_PATIENCE) == {Invariant.WEBHOOKS_LOST: lost}


async def test_a_young_event_is_left_to_its_own_notice(control: Control) -> None:
    await charged(control)
    now = datetime.now(UTC)
    assert await control.readings.read_events(Read(now)) == EventsRead(lost=0)
    assert events(control) == []
    # Its notice comes; later nothing was lost.
    [found] = await control.office.payments.events_since(
        now - timedelta(hours=1), ["payment_intent.succeeded"]
    )
    async with control.worker.begin() as session:
        assert await inbox.keep(session, *found.event)
    assert await control.readings.read_events(Read(now + timedelta(minutes=15))) == EventsRead(lost=0)
    assert events(control) == [("payment_intent.succeeded", "pending", "notice")]


async def test_the_reading_goes_on_from_where_it_came_with_an_hour_of_overlap(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []
    made = datetime(2026, 11, 20, 12, tzinfo=UTC)

    async def events_since(since: datetime, kinds: list[str]) -> list[DatedEvent]:
        asked.append(since)
        return [
            DatedEvent(ProviderEvent(f"evt_{n}", "payment_intent.succeeded", {"ticket": "00000017"}), at)
            for n, at in enumerate((made, made + timedelta(minutes=14)))
        ]

    monkeypatch.setattr(control.office.payments, "events_since", events_since)
    first = made + timedelta(minutes=15)
    # The second is a minute old; the reading stays behind it.
    assert await control.readings.read_events(Read(first)) == EventsRead(lost=1)
    assert await control.readings.read_events(Read(first + timedelta(minutes=15))) == EventsRead(lost=1)
    assert await control.readings.read_events(Read(first + timedelta(minutes=30))) == EventsRead(lost=0)
    later = first + timedelta(days=60)
    assert await control.readings.read_events(Read(later)) == EventsRead(lost=0)
    hour = timedelta(hours=1)
    assert asked == [
        first - timedelta(days=30),
        made - hour,
        made + timedelta(minutes=14) - hour,
        later - timedelta(days=30),
    ]


@pytest.mark.usefixtures("no_notice_comes")
@pytest.mark.parametrize("order", ["notice_first", "reading_first"])
async def test_whichever_comes_first_the_books_end_the_same(control: Control, order: str) -> None:
    ticket = await charged(control)
    since = datetime.now(UTC) - timedelta(hours=1)
    [found] = await control.office.payments.events_since(since, ["payment_intent.succeeded"])

    async def notice() -> None:
        async with control.worker.begin() as session:
            await inbox.keep(session, *found.event)

    async def reading() -> None:
        await control.readings.read_events(Read(datetime.now(UTC)))

    for step in (notice, reading) if order == "notice_first" else (reading, notice):
        await step()
        await control.dispatcher.dispatch_due()
    assert await ticket.handle.result() == "paid"
    await control.readings.read_entries(Read(datetime.now(UTC)))
    broken = await control.books.violations(patience=NO_PATIENCE)
    assert set(broken) == (set() if order == "notice_first" else {Invariant.WEBHOOKS_LOST})
    assert control.office.database.rows(
        "SELECT account, sum(amount_cents)::int FROM ledger_lines WHERE account IN ('5112', '627') "
        "GROUP BY 1 ORDER BY 1"
    ) == [("5112", 2930), ("627", 70)]


async def test_the_mirror_has_what_moved_and_whose_it_was(control: Control) -> None:
    ticket = await charged(control)
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"
    [(intent,)] = control.office.database.rows("SELECT intent FROM payments")
    # By somebody at Stripe's dashboard: nothing of ours is written on it but on its payment.
    await control.office.payments._stripe.refunds.create_async({"payment_intent": intent, "amount": 100})
    now = datetime.now(UTC)
    assert (await control.readings.read_entries(Read(now))).new == 2
    assert (await control.readings.read_entries(Read(now))).new == 0
    invoice = f"F{ticket.request.start.year}-000001"
    assert control.office.database.rows(
        "SELECT kind, amount_cents, fee_cents, net_cents, invoice, payout FROM provider_entries ORDER BY kind"
    ) == [("charge", 3000, 70, 2930, invoice, None), ("refund", -100, 0, -100, invoice, None)]
    assert control.office.database.rows(
        "SELECT balance_cents FROM provider_readings WHERE reading = 'entries'"
    ) == [(2830,)]


async def test_a_balance_that_will_not_stand_still_is_not_believed(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    amounts = iter(range(100))

    async def moving() -> int:
        return next(amounts)

    monkeypatch.setattr(control.office.payments, "balance_cents", moving)
    await control.readings.read_entries(Read(datetime.now(UTC)))
    assert control.office.database.rows(
        "SELECT balance_cents FROM provider_readings WHERE reading = 'entries'"
    ) == [(None,)]
    assert next(amounts) == 6


async def test_of_two_readings_at_once_the_later_balance_stays(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries_since, payments, now = (
        control.office.payments.entries_since,
        control.office.payments,
        Read(datetime.now(UTC)),
    )

    async def meanwhile(since: datetime | None) -> list[ProviderEntry]:
        found = await entries_since(since)
        monkeypatch.setattr(payments, "entries_since", entries_since)
        await charged(control)
        await control.readings.read_entries(now)
        # The first one has seen nothing move: its second look at the balance is answered late.
        monkeypatch.setattr(payments, "balance_cents", nothing)
        return found

    async def nothing() -> int:
        return 0

    monkeypatch.setattr(payments, "entries_since", meanwhile)
    await control.readings.read_entries(now)
    assert control.office.database.rows(
        "SELECT balance_cents FROM provider_readings WHERE reading = 'entries'"
    ) == [(2930,)]


@pytest.mark.usefixtures("no_notice_comes")
async def test_one_reading_that_cannot_be_made_fails_the_run_and_not_the_other(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(since: datetime | None) -> list[ProviderEntry]:
        raise PaymentsBroken

    monkeypatch.setattr(control.office.payments, "entries_since", away)
    await charged(control)
    environment = control.office.environment
    handle = await environment.client.start_workflow(
        ReconciliationWorkflow.run, id="reconciliation-alone", task_queue=control.office.task_queue
    )
    await environment.fast_forward(handle, timedelta(minutes=15))
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert events(control) == [("payment_intent.succeeded", "pending", "reading")]
    assert control.office.database.rows("SELECT count(*) FROM provider_entries") == [(0,)]
