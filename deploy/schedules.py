"""What happens by the calendar: one Schedule, the payouts of the month before."""

from dataclasses import replace
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from workflows.payouts import wording
from workflows.payouts.scheduled import ScheduledPayoutsWorkflow

PAYOUTS = "payouts-monthly"


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
            calendars=[ScheduleCalendarSpec(day_of_month=[ScheduleRange(1)], hour=[ScheduleRange(3)])],
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
        state=ScheduleState(note="Virements mensuels aux techniciens"),
    )


async def ensure(client: Client, task_queue: str) -> None:
    """Create the Schedule, or bring it up to date. A pause that somebody has set stays."""
    wanted = payouts_monthly(task_queue)
    try:
        await client.create_schedule(PAYOUTS, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(PAYOUTS).update(
            lambda found: ScheduleUpdate(schedule=_keeping_state(wanted, found))
        )


def _keeping_state(wanted: Schedule, found: ScheduleUpdateInput) -> Schedule:
    return replace(wanted, state=found.description.schedule.state)
