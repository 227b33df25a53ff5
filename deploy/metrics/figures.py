"""The figures, each with its name, out of Postgres and Temporal. No label is anybody's."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from prometheus_client.core import GaugeMetricFamily
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from db.engine import Sessions
from db.models.payouts import PayoutStatus
from db.reads.figures import (
    checked_figures,
    open_tickets,
    payout_figures,
    pending_events,
    unfinished_runs,
)
from db.reads.queue import QueueRow, waiting_tickets
from deploy import releases
from domain.deadlines import Deadlines
from domain.ids import transfers_queue
from domain.invariants import Invariant
from domain.opening_hours import OpeningHours, paris_month
from domain.payouts import parse_month
from domain.tickets import Status
from domain.waiting import Urgency, Waiting, look_by, urgency

# More are not counted: long before, nobody asks how many there are.
MOST_WAITING = 1_000
WORKFLOW, ACTIVITY = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
RPC_TIMEOUT = timedelta(seconds=3)

Family = GaugeMetricFamily


def gauge(name: str, meaning: str, values: Iterable[tuple[Sequence[str], float]], *labels: str) -> Family:
    family = Family(name, meaning, labels=labels)
    for names, value in values:
        family.add_metric(names, value)
    return family


async def from_postgres(
    database: Sessions, now: datetime, deadlines: Deadlines, hours: OpeningHours
) -> list[Family]:
    month = parse_month(paris_month(now))
    # What is older and not paid breaks an invariant.
    months = [str(one) for one in (month.previous().previous(), month.previous(), month)]
    async with database() as session:
        tickets = await open_tickets(session)
        waiting = await waiting_tickets(session, now, deadlines, after=None, limit=MOST_WAITING)
        paid = {
            (one.month, one.status.value): (one.count, one.cents)
            for one in await payout_figures(session, months[0])
        }
        runs = await unfinished_runs(session)
        checked = await checked_figures(session)
        pending = await pending_events(session)
    late = [one for one in waiting if _is_late(one, now, deadlines, hours)]
    places = [(month, status.value) for month in months for status in PayoutStatus]
    age = (now - pending.since).total_seconds() if pending.since else 0.0
    families = [
        gauge(
            "omea_tickets",
            "Open tickets by status.",
            (((status.value,), tickets.get(status, 0)) for status in Status if status is not Status.CLOSED),
            "status",
        ),
        gauge(
            "omea_tickets_waiting", "Tickets that wait for the back office.", _by_reason(waiting), "reason"
        ),
        gauge(
            "omea_tickets_late",
            "Those of them that nobody has looked at in time.",
            _by_reason(late),
            "reason",
        ),
        gauge(
            "omea_payouts",
            "Technicians' transfers of the last three months.",
            ((place, paid.get(place, (0, 0))[0]) for place in places),
            *("month", "status"),
        ),
        gauge(
            "omea_payouts_cents",
            "What they come to, in cents.",
            ((place, paid.get(place, (0, 0))[1]) for place in places),
            *("month", "status"),
        ),
        gauge("omea_payout_runs_unfinished", "Runs of a month that are under way.", [((), runs)]),
        gauge(
            "omea_webhooks_pending", "Stripe's events that no workflow has heard of.", [((), pending.count)]
        ),
        gauge("omea_webhooks_pending_age_seconds", "How long the oldest of them has waited.", [((), age)]),
    ]
    if checked is not None:
        found = checked.violations
        families += [
            gauge(
                "omea_invariant_violations",
                "Rows that broke an invariant when it was last checked.",
                (((name.value,), found[name.value]) for name in Invariant if name.value in found),
                "invariant",
            ),
            gauge(
                "omea_invariants_checked_timestamp_seconds",
                "When that was.",
                [((), checked.at.timestamp())],
            ),
        ]
    return families


def _is_late(one: QueueRow, now: datetime, deadlines: Deadlines, hours: OpeningHours) -> bool:
    taken_over = one.row.ticket.taken_over_at
    by = look_by(one.waiting, one.since, deadlines, hours, taken_over_at=taken_over, answer_by=one.answer_by)
    return urgency(by, now) is Urgency.LATE


def _by_reason(rows: Sequence[QueueRow]) -> Iterator[tuple[tuple[str], int]]:
    counted = Counter(one.waiting for one in rows)
    return (((reason.value,), counted[reason]) for reason in Waiting)


async def from_temporal(client: Client, task_queue: str) -> list[Family]:
    """Of the workers' queue and that of the transfers, as Temporal has them: tasks nobody has taken yet; and
    of the builds that may have work, for what only one of them can do waits for its workers alone."""
    backlogs, ages, pollers = [], [], []
    transfers = transfers_queue(task_queue)
    queues = ((task_queue, "workflow", WORKFLOW), (task_queue, "activity", ACTIVITY))
    for queue, kind, number in (*queues, (transfers, "activity", ACTIVITY)):
        found = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=client.namespace,
                task_queue=TaskQueue(name=queue),
                task_queue_type=number,
                report_stats=True,
            ),
            timeout=RPC_TIMEOUT,
        )
        place = (queue, kind)
        backlogs.append((place, found.stats.approximate_backlog_count))
        ages.append((place, found.stats.approximate_backlog_age.ToTimedelta().total_seconds()))
        # The server still names for minutes those that are gone.
        since = datetime.now(UTC) - releases.SEEN_WITHIN
        pollers.append(
            (place, sum(poller.last_access_time.ToDatetime(UTC) > since for poller in found.pollers))
        )
    known = [one for one in await releases.builds(client, task_queue) if not one.drained]
    builds = [((one.id, one.state.lower()), one) for one in known]
    labels, of_build = ("queue", "kind"), ("build", "state")
    return [
        gauge("omea_task_queue_backlog", "Tasks that no worker has taken yet.", backlogs, *labels),
        gauge("omea_task_queue_backlog_age_seconds", "How long the oldest has waited.", ages, *labels),
        gauge("omea_task_queue_pollers", "Who asked for tasks of the queue lately.", pollers, *labels),
        gauge(
            "omea_build_pinned",
            "Processes under way that only workers of that build carry on.",
            ((place, one.pinned) for place, one in builds),
            *of_build,
        ),
        gauge(
            "omea_build_has_workers",
            "Whether a worker of that build asked for tasks lately.",
            ((place, one.has_workers) for place, one in builds),
            *of_build,
        ),
    ]
