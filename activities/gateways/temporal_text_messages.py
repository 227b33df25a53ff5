"""A workflow for each message by SMS, begun by the activity that sends the mail: a ticket's own history
does not depend on whether SMS are sent at all."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.wording import texts
from domain.ids import text_message_workflow_id
from domain.text_messages import TextMessage

TIMEOUT = timedelta(seconds=5)


class TemporalTextMessages:
    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    async def begin(self, message: TextMessage) -> None:
        """Have it sent, now or once the night is over. Begun again, it is the same one."""
        try:
            await self._client.start_workflow(
                "TextMessage",
                message,
                id=text_message_workflow_id(message.key),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=texts.SUMMARY,
                static_details=texts.DETAILS,
                rpc_timeout=TIMEOUT,
            )
        except WorkflowAlreadyStartedError:
            return
