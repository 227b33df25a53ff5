"""The tickets' workflows that run, as Temporal's visibility lists them."""

from datetime import datetime, timedelta

from temporalio.client import Client

from domain.ids import TICKET_PREFIX, ticket_of_workflow

# Of one page of the list.
TIMEOUT = timedelta(seconds=20)


class TemporalTickets:
    """`task_queue` is ours: another deployment may share the namespace."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._query = (
            f"WorkflowId STARTS_WITH '{TICKET_PREFIX}' AND ExecutionStatus = 'Running' "
            f"AND TaskQueue = '{task_queue}'"
        )

    async def started(self) -> dict[str, datetime]:
        listed = self._client.list_workflows(self._query, page_size=1000, rpc_timeout=TIMEOUT)
        return {ticket_of_workflow(one.id): one.start_time async for one in listed}
