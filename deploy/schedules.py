"""What happens by the clock: each month's payouts, every quarter of an hour a look at all the money, each
night the purge, and each morning what technicians are told: of their money, and of papers that end."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from domain.payouts import RUN_DAY, RUN_HOUR
from workflows.control import wording as control
from workflows.control.earnings import EarningsToldWorkflow
from workflows.control.expiring_papers import ExpiringPapersWorkflow
from workflows.control.invariants import InvariantsWorkflow
from workflows.control.purge import PurgeWorkflow
from workflows.control.reconciliation import ReconciliationWorkflow
from workflows.payouts import wording
from workflows.payouts.scheduled import ScheduledPayoutsWorkflow

PAYOUTS = "payouts-monthly"
RECONCILIATION = "reconciliation"
INVARIANTS = "invariants"
PURGE = "purge"
EXPIRING_PAPERS = "expiring-papers"
EARNINGS = "earnings"

QUARTER = timedelta(minutes=15)
# After a stop the next reading reads all there is, and the next checks check it: none is made up for.
NOT_MADE_UP_FOR = timedelta(minutes=1)
# People are written to by day.
SAME_DAY = timedelta(hours=8)


def payouts_monthly(task_queue: str) -> Schedule:
    """Day 1 of each month, 3:00 in Paris: the clock never changes on a first of the month."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            ScheduledPayoutsWorkflow.run,
            id=PAYOUTS,
            task_queue=task_queue,
            static_summary=wording.SCHEDULED,
        ),
        spec=ScheduleSpec(
            calendars=[
                ScheduleCalendarSpec(day_of_month=[ScheduleRange(RUN_DAY)], hour=[ScheduleRange(RUN_HOUR)])
            ],
            time_zone_name="Europe/Paris",
        ),
        policy=SchedulePolicy(
            # Each start is for a month of its own, and the runs' ids keep one month from being run twice at
            # once. Skipping would lose a month after a long stop; queueing would make all technicians wait
            # for one transfer of the month before.
            overlap=ScheduleOverlapPolicy.ALLOW_ALL,
            # However long the stop, every month is paid when it ends.
            catchup_window=timedelta(days=365),
        ),
        state=ScheduleState(note=wording.SCHEDULE),
    )


def reconciliation(task_queue: str) -> Schedule:
    """On the quarters of an hour. One at a time: each reads on from where the last one came."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            ReconciliationWorkflow.run,
            id=RECONCILIATION,
            task_queue=task_queue,
            static_summary=control.RECONCILIATION,
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=QUARTER)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=NOT_MADE_UP_FOR),
        state=ScheduleState(note=control.RECONCILIATION_SCHEDULE),
    )


def invariants(task_queue: str) -> Schedule:
    """Five minutes after each reading, so that what it brought is there."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            InvariantsWorkflow.run,
            id=INVARIANTS,
            task_queue=task_queue,
            static_summary=control.INVARIANTS,
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=QUARTER, offset=timedelta(minutes=5))]),
        policy=SchedulePolicy(
            # One whose mail waits for its server must not keep the next ones from looking.
            overlap=ScheduleOverlapPolicy.ALLOW_ALL,
            catchup_window=NOT_MADE_UP_FOR,
        ),
        state=ScheduleState(note=control.INVARIANTS),
    )


def _daily(
    name: str,
    run: Callable[..., Awaitable[object]],
    summary: str,
    note: str,
    *,
    hour: int,
    minute: int = 0,
    catchup: timedelta,
) -> Callable[[str], Schedule]:
    """At that time of each day in Paris. One at a time: what one day leaves, the next one does. After a stop
    it is made up for within `catchup`."""

    def schedule(task_queue: str) -> Schedule:
        at = ScheduleCalendarSpec(hour=[ScheduleRange(hour)], minute=[ScheduleRange(minute)])
        return Schedule(
            action=ScheduleActionStartWorkflow(run, id=name, task_queue=task_queue, static_summary=summary),
            spec=ScheduleSpec(calendars=[at], time_zone_name="Europe/Paris"),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=catchup),
            state=ScheduleState(note=note),
        )

    return schedule


purge = _daily(
    PURGE,
    PurgeWorkflow.run,
    control.PURGE,
    control.PURGE_SCHEDULE,
    hour=4,
    minute=30,
    catchup=timedelta(days=1),
)
expiring_papers = _daily(
    EXPIRING_PAPERS,
    ExpiringPapersWorkflow.run,
    control.EXPIRING_PAPERS,
    control.EXPIRING_PAPERS_SCHEDULE,
    hour=9,
    catchup=SAME_DAY,
)
# When the month's run of the night is over.
earnings = _daily(
    EARNINGS,
    EarningsToldWorkflow.run,
    control.EARNINGS,
    control.EARNINGS_SCHEDULE,
    hour=8,
    minute=30,
    catchup=SAME_DAY,
)


SCHEDULES: dict[str, Callable[[str], Schedule]] = {
    PAYOUTS: payouts_monthly,
    RECONCILIATION: reconciliation,
    INVARIANTS: invariants,
    PURGE: purge,
    EXPIRING_PAPERS: expiring_papers,
    EARNINGS: earnings,
}


async def ensure(client: Client, task_queue: str) -> None:
    """Create the Schedules, or bring them up to date. A pause that somebody has set stays."""
    for name, schedule in SCHEDULES.items():
        await _ensure(client, name, schedule(task_queue))


async def _ensure(client: Client, name: str, wanted: Schedule) -> None:
    try:
        await client.create_schedule(name, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(
            lambda found: ScheduleUpdate(schedule=_keeping_state(wanted, found))
        )


def _keeping_state(wanted: Schedule, found: ScheduleUpdateInput) -> Schedule:
    return replace(wanted, state=found.description.schedule.state)
