"""Money that has left, or may have: it is in the books, or keeps the doors closed, and is not sent again."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.engine import create_engine, sessions
from db.stores.recovery import raise_counters, record_reconciled
from deploy import reconciling
from deploy.reconciling import is_money_sent
from deploy.recovery.looking import look
from deploy.recovery.marks import StoresDisagree
from deploy.recovery.repairing import repair
from deploy.server import once_compared
from domain.ids import payout_run_workflow_id, payout_workflow_id
from domain.messages import Ask
from domain.opening_hours import paris_month
from domain.payouts import PayoutRunRequest, PayoutRunResult
from domain.recovery import Difference, Highest, Kind
from domain.rulings import GainKind, GainRuling
from tests.recover.forgetting import forget_and_repair
from tests.recover.hour import SOON
from tests.recover.world import REASON, World, ends, look_that_temporal_has_forgotten
from tests.support.people import a_technician
from tests.support.postgres import Database
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options


@pytest.mark.parametrize(
    ("left", "money"),
    [
        (Difference(Kind.TRANSFER_UNKNOWN, "payout:2026-11:t:1", "tr_1"), True),
        (Difference(Kind.STEP_LOST, "payouts/2026-11/t", "claim 5"), True),
        (Difference(Kind.STEP_LOST, "payouts/2026-11/t", "record_transfer 11"), True),
        (Difference(Kind.STEP_LOST, "48291573", "acknowledge asked-1"), False),
        (Difference(Kind.NOTICE_LOST, "48291573", "booked"), False),
    ],
)
def test_what_is_not_taken_note_of_is_what_would_be_paid_again(left: Difference, money: bool) -> None:
    assert is_money_sent(left) is money


async def test_a_transfer_that_nothing_explains_is_not_accepted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.fund()
    account = world.database.rows(
        "SELECT account_reference FROM technicians WHERE id = %s", world.technician
    )[0][0]
    payout = f"payout:2026-11:{world.technician}:1"
    sent: Any = await world.payments.transfer(**transfer_of(payout, account))
    monkeypatch.setattr(reconciling, "stores_of", lambda _: world.stores())
    settings: Any = None
    outcome = await reconciling.reconcile(settings, REASON, accept_rest=True)
    assert (outcome.left, outcome.accepted) == (
        (Difference(Kind.TRANSFER_UNKNOWN, payout, sent.transfer),),
        False,
    )
    assert world.database.rows("SELECT count(*) FROM recovery_acts WHERE kind = 'reconciled'") == [(0,)]


def transfer_of(payout: str, account: str) -> dict[str, Any]:
    return {"payout": payout, "account": account, "amount_cents": 1000, "attempt": 1}


async def test_a_series_that_is_forgotten_is_given_to_nobody_else(database: Database) -> None:
    a_technician(database)
    engine = create_engine(database.url("omea_owner"))
    async with sessions(engine).begin() as session:
        await raise_counters(session, Highest(statements={1: 4, 7: 3}))
    await engine.dispose()
    newcomer = a_technician(database, name="Nina Blanc")
    assert database.rows("SELECT series FROM payees WHERE technician_id = %s", newcomer) == [(8,)]
    assert database.rows("SELECT last FROM statement_counters") == [(4,)]


async def test_a_dispute_while_the_card_is_tried_is_done_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump, charge = tmp_path / "old.dump", world.payments.charge
    async with world.worker():
        ticket = await world.a_ticket()
        await ticket.reach_review()
        world.dump(dump)

        async def disputed_meanwhile(**what: Any) -> Any:
            if what["invoice"].startswith("F"):
                await ticket.act("dispute", ticket.dissatisfied())
            return await charge(**what)

        monkeypatch.setattr(world.payments, "charge", disputed_meanwhile)
        await ticket.act("review", ticket.satisfied())
        await ticket.settle()
        monkeypatch.setattr(world.payments, "charge", charge)
        await ticket.act("take_over", Ask(ticket.as_back_office))
        await ticket.act("ruling", ticket.ruled("bill", GainRuling(1, GainKind.FULL)))
        # The money has come before the ruling.
        assert await ticket.handle.result() == "paid"
    found = await forget_and_repair(world, dump)
    assert "charge_invoice" in {one.detail.partition(" ")[0] for one in found if one.kind is Kind.STEP_LOST}


async def test_payouts_that_an_older_temporal_has_running_begin_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.wiring.GRACE", timedelta(0))
    asked, transfer = asyncio.Event(), world.payments.transfer

    async def stuck(**_: Any) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(world.payments, "transfer", stuck)
    month = paris_month(datetime.now(UTC))
    request = PayoutRunRequest(month=month, key="test:behind", actor_id="finance-1")
    client = world.environment.client
    async with world.worker():
        await world.fund()
        ticket = await world.a_ticket(SOON)
        await ticket.act("consent", ticket.consent_given())
        await ticket.act("start", ticket.right_code())
        await ticket.act("end", ticket.ask())
        await ticket.act("report", ticket.report_of(1))
        await ticket.act("review", ticket.satisfied())
        assert await ends(ticket) == "paid"
        run = await client.start_workflow(
            PayoutRunWorkflow.run, request, task_queue=world.task_queue, **start_options(request)
        )
        await asyncio.wait_for(asked.wait(), 20)
    look_that_temporal_has_forgotten(world)
    behind = [
        Difference(Kind.PAYOUT_BEHIND, payout_run_workflow_id(month)),
        Difference(Kind.PAYOUT_BEHIND, payout_workflow_id(month, world.technician)),
    ]
    async with world.stores() as stores:
        found = (await look(stores, datetime.now(UTC))).differences
        assert sorted(one for one in found if one.kind is Kind.PAYOUT_BEHIND) == behind
        repaired = await repair(stores, datetime.now(UTC), REASON)
        assert sorted(repaired) == sorted([*behind, Difference(Kind.OTHER_PROCESS_MISSING, run.id)])
        left = (await look(stores, datetime.now(UTC))).differences
        assert [one.kind for one in left] == [Kind.TEMPORAL_OLDER]
    monkeypatch.setattr(world.payments, "transfer", transfer)
    async with world.worker():
        result = await client.get_workflow_handle(run.id, result_type=PayoutRunResult).result()
        assert [one.technician_id for one in result.technicians] == [world.technician]
    assert [kind for kind, _ in world.moved()].count("transfer") == 1
    assert await world.untrue() == []


async def test_nothing_is_asked_of_temporal_before_the_stores_agree(world: World) -> None:
    look_that_temporal_has_forgotten(world)
    client = world.environment.client

    async def connected() -> Any:
        return client

    async with world.stores() as stores:
        ask = once_compared(connected, stores.database, world.task_queue)
        with pytest.raises(StoresDisagree):
            await ask()
        async with stores.database.begin() as session:
            await record_reconciled(session, datetime.now(UTC) + timedelta(minutes=1), REASON)
        assert await ask() is client
