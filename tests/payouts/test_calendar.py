"""The Schedule and finance's own hand: the right month is run, whenever it is asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import (
    Client,
    ScheduleBackfill,
    ScheduleDescription,
    ScheduleHandle,
    ScheduleOverlapPolicy,
    WorkflowExecutionStatus,
    WorkflowHandle,
)
from temporalio.testing import WorkflowEnvironment

from deploy import payouts, schedules
from domain.errors import Refused
from domain.payouts import PayoutRunRequest, PayoutRunResult, TechnicianPaid, scheduled_month
from tests.payouts.builders import a_gain, paris
from tests.payouts.conftest import Finance
from tests.support.temporal import replay

NIGHT = timedelta(minutes=30)


@pytest.fixture
async def schedule(finance: Finance) -> AsyncIterator[ScheduleHandle]:
    """As `omea setup` makes it, twice."""
    for _ in range(2):
        await schedules.ensure(finance.client, finance.task_queue)
    handle = finance.client.get_schedule_handle(schedules.PAYOUTS)
    yield handle
    for name in schedules.SCHEDULES:
        await finance.client.get_schedule_handle(name).delete()


async def described(
    schedule: ScheduleHandle, done: Callable[[ScheduleDescription], bool]
) -> ScheduleDescription:
    """The Schedule once it has done what it was told: it answers before."""
    async with asyncio.timeout(30):
        while not done(description := await schedule.describe()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return description


async def launchers(client: Client, schedule: ScheduleHandle, count: int) -> list[WorkflowHandle[Any, Any]]:
    """The workflows that the Schedule has started, once there are so many, oldest first."""
    async with asyncio.timeout(30):
        # The Schedule tells nobody what it starts.
        while len(actions := (await schedule.describe()).info.recent_actions) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    started: list[Any] = [action.action for action in actions]
    return [client.get_workflow_handle(one.workflow_id) for one in started]


async def launched(client: Client, schedule: ScheduleHandle, count: int) -> list[Any]:
    """The ids of the runs that they have launched; each history is replayed."""
    results = []
    for launcher in await launchers(client, schedule, count):
        results.append(await launcher.result())
        await replay(await launcher.fetch_history())
    return results


async def test_the_schedule_is_the_first_at_three_in_paris_summer_and_winter(
    schedule: ScheduleHandle,
) -> None:
    described = await schedule.describe()
    hours = {time.astimezone(UTC).hour for time in described.info.next_action_times}
    days = {(time + timedelta(hours=2)).day for time in described.info.next_action_times}
    assert (hours, days) == ({1, 2}, {1})
    assert described.schedule.policy == replace(
        described.schedule.policy,
        overlap=ScheduleOverlapPolicy.ALLOW_ALL,
        catchup_window=timedelta(days=365),
    )


async def test_setting_up_again_leaves_a_pause_alone(finance: Finance, schedule: ScheduleHandle) -> None:
    await schedule.pause(note="contrôle en cours")
    paused = await described(schedule, lambda now: now.schedule.state.paused)
    await schedules.ensure(finance.client, finance.task_queue)
    updated = await described(schedule, lambda now: now.info.last_updated_at != paused.info.last_updated_at)
    state = updated.schedule.state
    assert (state.paused, state.note) == (True, "contrôle en cours")


async def test_a_backfill_pays_each_month_its_own(finance: Finance, schedule: ScheduleHandle) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    october = a_gain(finance.database, technician, "2025-10-31 23:59")
    november = a_gain(finance.database, technician, "2025-11-01 00:00", slices=3)
    expected = ["payouts/2025-10", "payouts/2025-11"]
    for count, first in enumerate(("2025-11-01 03:00", "2025-12-01 03:00"), start=1):
        at = paris(first)
        await schedule.backfill(ScheduleBackfill(at - NIGHT, at + NIGHT, ScheduleOverlapPolicy.ALLOW_ALL))
        assert await launched(finance.client, schedule, count) == expected[:count]
        await finance.client.get_workflow_handle(expected[count - 1]).result()
    assert [total for _, _, total, _ in finance.statements()] == [october, november]
    assert [amount for _, amount in finance.transfers()] == [october, november]
    keys = [key for (key,) in finance.database.rows("SELECT key FROM payout_runs ORDER BY month")]
    assert keys == ["schedule:2025-11-01T02:00:00+00:00", "schedule:2025-12-01T02:00:00+00:00"]


async def test_a_trigger_pays_the_month_before_today(finance: Finance, schedule: ScheduleHandle) -> None:
    await schedule.trigger()
    month = scheduled_month(datetime.now(UTC))
    assert await launched(finance.client, schedule, 1) == [f"payouts/{month}"]
    result = await finance.client.get_workflow_handle(
        f"payouts/{month}", result_type=PayoutRunResult
    ).result()
    assert result == PayoutRunResult(str(month), 1, ())


async def test_a_run_already_open_is_waited_for_and_not_an_error(
    environment: WorkflowEnvironment, finance: Finance, schedule: ScheduleHandle
) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    a_gain(finance.database, technician, "2025-10-05 10:00")
    finance.payments.kills = 1_000
    by_hand = await finance.start("2025-10")
    await finance.payments.killed.wait()
    at = paris("2025-11-01 03:00")
    await schedule.backfill(ScheduleBackfill(at - NIGHT, at + NIGHT, ScheduleOverlapPolicy.ALLOW_ALL))
    [launcher] = await launchers(finance.client, schedule, 1)
    assert (await launcher.describe()).status is WorkflowExecutionStatus.RUNNING

    finance.payments.kills = 0
    await by_hand.result()
    late = a_gain(finance.database, technician, "2025-10-31 23:58", slices=1)
    await environment.fast_forward(launcher, timedelta(minutes=3))
    assert await launcher.result() == "payouts/2025-10"
    result = await finance.client.get_workflow_handle("payouts/2025-10", result_type=PayoutRunResult).result()
    assert result == PayoutRunResult("2025-10", 2, (TechnicianPaid(technician, late),))
    await replay(await launcher.fetch_history())


async def test_finance_runs_a_month_by_hand_and_again(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")

    async def by_hand(month: str) -> PayoutRunResult:
        return await payouts.run(finance.client, finance.api, finance.task_queue, month, "oubli")

    first = await by_hand("2025-10")
    assert first == PayoutRunResult("2025-10", 1, (TechnicianPaid(technician, owed),))
    assert await by_hand("2025-10") == PayoutRunResult("2025-10", 2, ())
    kept = finance.database.rows(
        "SELECT s.kind, s.body, s.author_id, r.actor_id FROM payout_runs r "
        "JOIN submissions s ON s.id = r.reason_id"
    )
    assert kept == [("payout_reason", {"reason": "oubli"}, None, "omea")] * 2


async def test_no_word_of_a_reason_reaches_temporal(finance: Finance) -> None:
    await payouts.run(finance.client, finance.api, finance.task_queue, "2025-10", "IBAN de Thomas corrigé")
    handle = finance.client.get_workflow_handle("payouts/2025-10")
    [reason] = finance.database.rows("SELECT reason_id::text FROM payout_runs")
    described, history = await handle.describe(), await handle.fetch_history()
    request = history.events[0].workflow_execution_started_event_attributes.input
    [read] = await finance.client.data_converter.decode(request.payloads, [PayoutRunRequest])
    assert (read.actor_id, read.reason_id) == ("omea", *reason)
    for shown in (str(read), await described.static_details() or "", await described.static_summary() or ""):
        assert "Thomas" not in shown


async def test_a_run_by_hand_comes_after_the_one_that_is_open_and_reports_its_own(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")
    finance.payments.kills = 1_000
    open_run = await finance.start("2025-10")
    await finance.payments.killed.wait()
    waiting = asyncio.Event()
    by_hand = asyncio.create_task(
        payouts.run(finance.client, finance.api, finance.task_queue, "2025-10", None, waiting=waiting.set)
    )
    await waiting.wait()
    late = a_gain(finance.database, technician, "2025-10-31 23:58", slices=1)
    finance.payments.kills = 0
    first = await open_run.result()
    assert (first.n, first.technicians) == (1, (TechnicianPaid(technician, owed),))
    assert await by_hand == PayoutRunResult("2025-10", 2, (TechnicianPaid(technician, late),))


async def test_a_run_by_hand_comes_after_one_that_was_terminated(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    a_gain(finance.database, technician, "2025-10-05 10:00")
    finance.payments.kills = 1_000
    open_run = await finance.start("2025-10")
    await finance.payments.killed.wait()
    waiting = asyncio.Event()
    by_hand = asyncio.create_task(
        payouts.run(finance.client, finance.api, finance.task_queue, "2025-10", None, waiting=waiting.set)
    )
    await waiting.wait()
    finance.payments.kills = 0
    await open_run.terminate()
    assert (await by_hand).n == 2


@pytest.mark.parametrize(("month", "code"), [("2999-01", "future_month"), ("octobre", "invalid_month")])
async def test_finance_is_told_of_a_month_that_cannot_be_run(finance: Finance, month: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        await payouts.run(finance.client, finance.api, finance.task_queue, month, "oubli")
    assert caught.value.code == code
    assert finance.database.rows("SELECT count(*) FROM submissions") == [(0,)]


async def test_an_open_month_is_run_up_to_now(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    now = datetime.now(UTC)
    earned = a_gain(finance.database, technician, now - timedelta(seconds=5))
    a_gain(finance.database, technician, now + timedelta(hours=1), slices=9)
    month = f"{now.astimezone(paris('2025-01-01 00:00').tzinfo):%Y-%m}"
    result = await finance.run(month)
    assert result.technicians == (TechnicianPaid(technician, earned),)
