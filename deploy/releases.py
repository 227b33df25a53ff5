"""Which build of ours is given the work. Each worker says of which build it is; Temporal hands what happens
on our queue to the current one, and leaves what is pinned to the one where it began. `workflows/CHANGING.md`
says what follows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.enums.v1 import RoutingConfigUpdateState, TaskQueueType, WorkerDeploymentVersionStatus
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import VersioningOverride, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkerDeploymentRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

from domain.ids import transfers_queue

# Starting a container takes seconds, getting it a machine minutes.
WORKER_PATIENCE = timedelta(minutes=5)
# A worker's question for tasks waits up to a minute at the server.
SEEN_WITHIN = timedelta(seconds=75)
NOT_YET = frozenset({RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION})
STATUS = "WORKER_DEPLOYMENT_VERSION_STATUS_"


class ReleaseRefused(Exception):
    """Nothing was changed."""


@dataclass(frozen=True)
class Build:
    """One that Temporal knows of. `state` is Temporal's word: CREATED, INACTIVE, RAMPING, CURRENT, DRAINING
    or DRAINED. `pinned` counts the processes that only its workers can carry on."""

    id: str
    state: str
    since: datetime
    has_workers: bool
    pinned: int

    @property
    def drained(self) -> bool:
        """Its workers may be stopped."""
        return self.state == "DRAINED"


def deployment(task_queue: str, build_id: str) -> WorkerDeploymentConfig:
    """What a worker says of itself. Workflows that do not say otherwise go on with the current build: every
    change must be one that they survive, which the recorded histories show."""
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(task_queue, build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


async def make_current(
    client: Client, task_queue: str, build_id: str, *, patience: timedelta = WORKER_PATIENCE
) -> None:
    """From now on this build is given the work; before, wait until it has workers on both of our queues.
    Raises ReleaseRefused when it has none in time."""
    await _await_workers(client, task_queue, build_id, patience)
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=task_queue, build_id=build_id, identity=client.identity
    )
    await _once_known(lambda: client.workflow_service.set_worker_deployment_current_version(request))
    found = await _described(client, task_queue)
    if found is not None and found.routing_config.ramping_deployment_version.build_id:
        # Another build would go on being given its share.
        await ramp(client, task_queue, "", 0)
    await _until_told(client, task_queue)


async def begin_with(client: Client, task_queue: str, build_id: str) -> None:
    """As `make_current`, before any worker is there: what comes waits for the first one."""
    await client.workflow_service.set_worker_deployment_current_version(
        SetWorkerDeploymentCurrentVersionRequest(
            namespace=client.namespace,
            deployment_name=task_queue,
            build_id=build_id,
            identity=client.identity,
            allow_no_pollers=True,
            ignore_missing_task_queues=True,
        )
    )


async def ramp(
    client: Client,
    task_queue: str,
    build_id: str,
    percent: float,
    *,
    patience: timedelta = WORKER_PATIENCE,
) -> None:
    """Give this build that share of the workflows, always the same ones; 0 takes it back. Raises
    ReleaseRefused when it has no workers in time."""
    if percent > 0:
        await _await_workers(client, task_queue, build_id, patience)
    request = SetWorkerDeploymentRampingVersionRequest(
        namespace=client.namespace,
        deployment_name=task_queue,
        build_id=build_id if percent > 0 else "",
        percentage=percent,
        identity=client.identity,
    )
    await _once_known(lambda: client.workflow_service.set_worker_deployment_ramping_version(request))
    await _until_told(client, task_queue)


async def builds(client: Client, task_queue: str) -> list[Build]:
    """Those that Temporal knows of, the newest first. None when no build was ever released. Temporal
    remembers up to a hundred, nearly all of them drained: of these it has counted itself what is pinned."""
    found = await _described(client, task_queue)
    if found is None:
        return []
    polling = await _builds_at(client, task_queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
    known = []
    for one in sorted(found.version_summaries, key=lambda one: -one.create_time.ToNanoseconds()):
        build_id = one.deployment_version.build_id
        state = WorkerDeploymentVersionStatus.Name(one.status).removeprefix(STATUS)
        build = Build(build_id, state, one.create_time.ToDatetime(UTC), build_id in polling, pinned=0)
        if not build.drained:
            pinned = await client.count_workflows(_pinned_to(task_queue, build_id))
            build = replace(build, pinned=pinned.count)
        known.append(build)
    return known


async def adopt(client: Client, task_queue: str, build_id: str) -> list[str]:
    """The current build takes over what is pinned to this one, whose workers will not come back. Answers the
    workflows' ids."""
    moved = []
    async for running in client.list_workflows(_pinned_to(task_queue, build_id)):
        await client.workflow_service.update_workflow_execution_options(
            UpdateWorkflowExecutionOptionsRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=running.id, run_id=running.run_id),
                workflow_execution_options=WorkflowExecutionOptions(
                    versioning_override=VersioningOverride(auto_upgrade=True)
                ),
                update_mask=FieldMask(paths=["versioning_override"]),
            )
        )
        moved.append(running.id)
    return moved


def _pinned_to(task_queue: str, build_id: str) -> str:
    return (
        f"TemporalWorkerDeploymentVersion = '{task_queue}:{build_id}' "
        "AND TemporalWorkflowVersioningBehavior = 'Pinned' AND ExecutionStatus = 'Running'"
    )


async def _await_workers(client: Client, task_queue: str, build_id: str, patience: timedelta) -> None:
    clock = asyncio.get_running_loop()
    deadline = clock.time() + patience.total_seconds()
    queues = (
        (task_queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
        (transfers_queue(task_queue), TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    )
    for queue, kind in queues:
        while build_id not in await _builds_at(client, queue, kind):
            if clock.time() > deadline:
                seconds = patience.total_seconds()
                raise ReleaseRefused(
                    f"la version {build_id} n'a pas de worker sur {queue} après {seconds:.0f} s"
                )
            await asyncio.sleep(0.2)


async def _builds_at(client: Client, queue: str, kind: TaskQueueType.ValueType) -> set[str]:
    """Of which builds workers asked for tasks lately."""
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
        )
    )
    since = datetime.now(UTC) - SEEN_WITHIN
    return {
        poller.deployment_options.build_id
        for poller in answer.pollers
        if poller.last_access_time.ToDatetime(UTC) > since
    }


async def _once_known(change: Callable[[], Awaitable[object]]) -> None:
    """A worker's first question makes its build and its queues known, a moment later."""
    for attempt in range(50):
        try:
            await change()
            return
        except RPCError as error:
            if error.status not in NOT_YET:
                raise
            if attempt == 49:
                raise ReleaseRefused(f"Temporal refuse : {error.message}") from error
            await asyncio.sleep(0.2)


async def _until_told(client: Client, task_queue: str) -> None:
    """The server tells its queues one after another, and sometimes says for minutes that it does. Not waited
    for longer: what the build before is given meanwhile, it does."""
    for _ in range(100):
        found = await _described(client, task_queue)
        state = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS
        if found is None or found.routing_config_update_state != state:
            return
        await asyncio.sleep(0.1)


async def _described(client: Client, task_queue: str) -> WorkerDeploymentInfo | None:
    try:
        answer = await client.workflow_service.describe_worker_deployment(
            DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=task_queue)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return answer.worker_deployment_info
