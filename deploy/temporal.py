"""Our connection to Temporal, and the namespace as we need it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client, Interceptor
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode

from deploy.encryption import data_converter
from deploy.settings import Settings

# A closed ticket can be looked at for a month; after that, its journal in Postgres tells.
RETENTION = timedelta(days=30)
# A server that is being restarted is back within seconds; longer than this, somebody must look.
CONNECT_PATIENCE = timedelta(seconds=30)
# The server reads new namespaces and attributes into its caches every few seconds.
USABLE_PATIENCE = timedelta(seconds=30)
# At Temporal Cloud a namespace is changed in its console: whoever uses it may look, and not everywhere.
NOT_OURS = {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED}


class TemporalUnreachable(Exception):
    def __init__(self, address: str, patience: timedelta, cause: object) -> None:
        seconds = patience.total_seconds()
        super().__init__(f"Temporal ne répond pas à l'adresse {address} après {seconds:.0f} s : {cause}")


class NamespaceRefused(Exception):
    """The namespace cannot be made as we need it."""


async def connect(
    settings: Settings,
    *,
    runtime: Runtime | None = None,
    interceptors: Sequence[Interceptor] = (),
    patience: timedelta = CONNECT_PATIENCE,
) -> Client:
    """A client with our data converter. Raises TemporalUnreachable when nothing answers in time."""
    clock = asyncio.get_running_loop()
    deadline = clock.time() + patience.total_seconds()
    connection = settings.temporal_connection
    while True:
        try:
            return await Client.connect(
                connection["target_host"],
                namespace=connection["namespace"],
                api_key=connection.get("api_key"),
                tls=connection.get("tls"),
                rpc_metadata=connection.get("rpc_metadata", {}),
                data_converter=data_converter(settings.payload_keys, settings.active_payload_key),
                runtime=runtime,
                interceptors=interceptors,
                connect_timeout=timedelta(seconds=5),
            )
        except (RuntimeError, RPCError) as error:
            if clock.time() >= deadline:
                raise TemporalUnreachable(settings.temporal_address, patience, error) from error
            await asyncio.sleep(0.25)


async def prepare_namespace(client: Client, settings: Settings, search_attributes: Mapping[str, int]) -> None:
    """Creates what is missing and returns once it can be used. Twice in a row changes nothing.

    Where others keep the namespace, looks whether it is as we need it. Raises NamespaceRefused if not.
    """
    try:
        await _keep_histories(client, settings.temporal_namespace)
        await _add_search_attributes(client, settings.temporal_namespace, search_attributes)
        await _wait_until_usable(client, settings.temporal_namespace, list(search_attributes))
    except RPCError as error:
        if error.status not in {*NOT_OURS, RPCStatusCode.INVALID_ARGUMENT}:
            raise
        raise NamespaceRefused(
            f"l'espace {settings.temporal_namespace} ne se laisse pas préparer d'ici ({error.status.name}) : "
            f"y régler {RETENTION.days} jours de rétention et ces attributs : {', '.join(search_attributes)}"
        ) from error


async def _keep_histories(client: Client, namespace: str) -> None:
    service = client.workflow_service
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    try:
        found = await service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        request = RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=retention)
        try:
            await service.register_namespace(request)
        except RPCError as registering:
            # Two setups at once: the other one was faster.
            if registering.status is not RPCStatusCode.ALREADY_EXISTS:
                raise
        return
    # Raised, never lowered: keeping histories longer is the operator's right.
    if found.config.workflow_execution_retention_ttl.ToTimedelta() < RETENTION:
        config = NamespaceConfig(workflow_execution_retention_ttl=retention)
        await service.update_namespace(UpdateNamespaceRequest(namespace=namespace, config=config))


async def _add_search_attributes(client: Client, namespace: str, wanted: Mapping[str, int]) -> None:
    service = client.operator_service
    wanted_types = {name: IndexedValueType.ValueType(kind) for name, kind in wanted.items()}
    question = ListSearchAttributesRequest(namespace=namespace)
    for attempt in range(100):
        try:
            existing = (await service.list_search_attributes(question)).custom_attributes
            break
        except RPCError as error:
            if error.status in NOT_OURS:
                # Whether they are there shows when they are asked for, below.
                return
            # A namespace just registered is not known everywhere at once.
            if error.status is not RPCStatusCode.NOT_FOUND or attempt == 99:
                raise
            await asyncio.sleep(0.2)
    for name, kind in wanted_types.items():
        if name in existing and existing[name] != kind:
            raise NamespaceRefused(
                f"l'attribut de recherche {name} existe avec un autre type : "
                f"{IndexedValueType.Name(existing[name])} au lieu de {IndexedValueType.Name(kind)}"
            )
    missing = {name: kind for name, kind in wanted_types.items() if name not in existing}
    if missing:
        request = AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
        try:
            await service.add_search_attributes(request)
        except RPCError as error:
            if error.status is not RPCStatusCode.ALREADY_EXISTS:
                raise


async def _wait_until_usable(client: Client, namespace: str, attributes: list[str]) -> None:
    """A workflow started with an attribute that the server does not know yet would hang for ever."""
    clock = asyncio.get_running_loop()
    deadline = clock.time() + USABLE_PATIENCE.total_seconds()
    query = " OR ".join(f"{name} IS NOT NULL" for name in attributes)
    while True:
        try:
            await client.workflow_service.count_workflow_executions(
                CountWorkflowExecutionsRequest(namespace=namespace, query=query)
            )
        except RPCError as error:
            known = error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT}
            if not known or clock.time() > deadline:
                raise
            await asyncio.sleep(0.2)
        else:
            return
