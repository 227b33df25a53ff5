"""What a line of the log is about, known to all that is written meanwhile: interceptors of our clients and
workers say it, so that nobody has to at each line. Within workflows, `deploy.logs` asks Temporal itself."""

from typing import Any

from structlog.contextvars import bind_contextvars, get_contextvars
from temporalio import activity, client, worker, workflow
from temporalio.converter import DefaultPayloadConverter

from deploy.logs import ticket_of
from workflows.search_attributes import TICKET_NUMBER

HEADER = "ticket"
CONVERTER = DefaultPayloadConverter()


class LogContext(client.Interceptor, worker.Interceptor):
    """To be given to a client: its workers have it from there."""

    def intercept_client(self, next: client.OutboundInterceptor) -> client.OutboundInterceptor:  # noqa: A002
        return _Asking(next)

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002
    ) -> type[worker.WorkflowInboundInterceptor]:
        return _Workflows

    def intercept_activity(
        self,
        next: worker.ActivityInboundInterceptor,  # noqa: A002
    ) -> worker.ActivityInboundInterceptor:
        return _Activities(next)


class _Asking(client.OutboundInterceptor):
    """The first workflow that a request asks is what the rest of the request is about."""

    async def start_workflow(self, input: client.StartWorkflowInput) -> client.WorkflowHandle[Any, Any]:  # noqa: A002
        _about(input.id)
        return await super().start_workflow(input)

    async def signal_workflow(self, input: client.SignalWorkflowInput) -> None:  # noqa: A002
        _about(input.id)
        await super().signal_workflow(input)

    async def start_workflow_update(
        self,
        input: client.StartWorkflowUpdateInput,  # noqa: A002
    ) -> client.WorkflowUpdateHandle[Any]:
        _about(input.id)
        return await super().start_workflow_update(input)

    async def start_update_with_start_workflow(
        self,
        input: client.StartWorkflowUpdateWithStartInput,  # noqa: A002
    ) -> client.WorkflowUpdateHandle[Any]:
        _about(input.start_workflow_input.id)
        return await super().start_update_with_start_workflow(input)


def _about(workflow_id: str) -> None:
    if "request_id" in (known := get_contextvars()) and "workflow_id" not in known:
        bind_contextvars(workflow_id=workflow_id)


class _Workflows(worker.WorkflowInboundInterceptor):
    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        super().init(_Steps(outbound))


class _Steps(worker.WorkflowOutboundInterceptor):
    """The workflow of a refund knows its ticket, and its activities do not."""

    def start_activity(self, input: worker.StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        info = workflow.info()
        number = info.typed_search_attributes.get(TICKET_NUMBER)
        if number is not None and ticket_of(info.workflow_id) is None:
            input.headers = {**input.headers, HEADER: CONVERTER.to_payload(number)}
        return super().start_activity(input)


class _Activities(worker.ActivityInboundInterceptor):
    async def execute_activity(self, input: worker.ExecuteActivityInput) -> Any:  # noqa: A002
        info = activity.info()
        given = input.headers.get(HEADER)
        ticket = CONVERTER.from_payload(given, str) if given else ticket_of(info.workflow_id)
        # Until the end of its task, which is this activity's alone: how it failed is told after it.
        bind_contextvars(
            workflow_id=info.workflow_id, ticket=ticket, activity=info.activity_type, attempt=info.attempt
        )
        return await super().execute_activity(input)
