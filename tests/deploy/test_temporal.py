from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from deploy import temporal
from deploy.sandbox.ports import free_port
from deploy.settings import Settings, read_settings
from deploy.stack import Stack
from deploy.temporal import NamespaceRefused, TemporalUnreachable, connect, prepare_namespace

WANTED: dict[str, int] = {
    "TicketNumber": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Appointment": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    "Disputed": IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
}


async def _state(client: Client) -> dict[str, Any]:
    namespace = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    attributes = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return {
        "id": namespace.namespace_info.id,
        "retention": namespace.config.workflow_execution_retention_ttl.ToTimedelta(),
        "attributes": {name: attributes.custom_attributes.get(name) for name in WANTED},
    }


@pytest.mark.parametrize("namespace", ["omea", "another"])
async def test_a_namespace_is_prepared_once_and_preparing_it_again_changes_nothing(
    outside: Stack, namespace: str
) -> None:
    settings = read_settings(outside.environment("owner") | {"TEMPORAL_NAMESPACE": namespace})
    client = await connect(settings)
    await prepare_namespace(client, settings, WANTED)
    once = await _state(client)
    await prepare_namespace(client, settings, WANTED)
    assert once == await _state(client)
    assert (once["retention"], once["attributes"]) == (timedelta(days=30), WANTED)
    # Usable at once: this start would otherwise be refused, or hang its workflow for ever.
    pair = SearchAttributePair(SearchAttributeKey.for_keyword("TicketNumber"), "48291573")
    await client.start_workflow(
        "anything", id="first", task_queue="nobody", search_attributes=TypedSearchAttributes([pair])
    )


async def test_an_attribute_of_another_type_is_refused_by_name(outside: Stack) -> None:
    settings = outside.settings("owner")
    client = await connect(settings)
    await prepare_namespace(client, settings, WANTED)
    with pytest.raises(NamespaceRefused, match="Disputed"):
        await prepare_namespace(client, settings, {"Disputed": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD})


class _KeptByOthers:
    """The part of Temporal that a key of Temporal Cloud may not use."""

    async def list_search_attributes(self, _: object) -> None:
        raise RPCError("not yours", RPCStatusCode.PERMISSION_DENIED, b"")


async def test_a_namespace_that_others_keep_is_looked_at_and_what_it_lacks_is_told(
    outside: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings(outside.environment("owner") | {"TEMPORAL_NAMESPACE": "of-others"})
    client = await connect(settings)
    await prepare_namespace(client, settings, WANTED)
    once = await _state(client)
    theirs: Any = SimpleNamespace(
        workflow_service=client.workflow_service, operator_service=_KeptByOthers(), namespace=client.namespace
    )
    await prepare_namespace(theirs, settings, WANTED)
    monkeypatch.setattr(temporal, "USABLE_PATIENCE", timedelta(seconds=0.5))
    with pytest.raises(NamespaceRefused, match=r"30 jours de rétention et ces attributs : Absent$"):
        await prepare_namespace(theirs, settings, {"Absent": IndexedValueType.INDEXED_VALUE_TYPE_BOOL})
    assert await _state(client) == once


async def test_a_server_that_does_not_answer_is_said_so_in_time(settings: Settings) -> None:
    nobody = settings.model_copy(update={"temporal_address": f"127.0.0.1:{free_port()}"})
    with pytest.raises(TemporalUnreachable, match="Temporal ne répond pas à l'adresse 127"):
        await connect(nobody, patience=timedelta(seconds=0.5))
