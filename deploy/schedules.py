"""What happens by the clock: each month's payouts, every quarter of an hour a look at all the money, each
night the purge, and each morning what technicians are told: of their money, and of papers that end."""

from collections.abc import Callable
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


def purge(task_queue: str) -> Schedule:
    """Each night at 4:30 in Paris. What one night leaves, the next one takes."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            PurgeWorkflow.run,
            id=PURGE,
            task_queue=task_queue,
            static_summary=control.PURGE,
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(4)], minute=[ScheduleRange(30)])],
            time_zone_name="Europe/Paris",
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(days=1)),
        state=ScheduleState(note=control.PURGE_SCHEDULE),
    )


def expiring_papers(task_queue: str) -> Schedule:
    """Each morning at 9:00 in Paris. What one day did not tell, the next one does."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            ExpiringPapersWorkflow.run,
            id=EXPIRING_PAPERS,
            task_queue=task_queue,
            static_summary=control.EXPIRING_PAPERS,
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(9)])], time_zone_name="Europe/Paris"
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(hours=8)),
        state=ScheduleState(note=control.EXPIRING_PAPERS_SCHEDULE),
    )


def earnings(task_queue: str) -> Schedule:
    """Each morning at 8:30 in Paris, when the month's run of the night is over. What one day did not tell,
    the next one does."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            EarningsToldWorkflow.run,
            id=EARNINGS,
            task_queue=task_queue,
            static_summary=control.EARNINGS,
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(8)], minute=[ScheduleRange(30)])],
            time_zone_name="Europe/Paris",
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(hours=8)),
        state=ScheduleState(note=control.EARNINGS_SCHEDULE),
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
