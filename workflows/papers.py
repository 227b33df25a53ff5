"""Invoices and credit notes become documents beside the process, and then go to the client."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.issuing import DocumentActivities
from domain.billing_steps import MakeDocument
from domain.notices import Notice
from workflows import wording
from workflows.messenger import Messenger
from workflows.options import DOCUMENT


async def make_document(number: str, messenger: Messenger) -> None:
    """For as long as it takes; the back office is told after an hour of trying, then once a day."""
    while True:
        try:
            await workflow.execute_activity_method(
                DocumentActivities.make_document,
                MakeDocument(number, workflow.now()),
                summary=wording.DOCUMENT,
                **DOCUMENT,
            )
        except ActivityError:
            messenger.tell(Notice.DOCUMENT_LATE, f"{number}:{workflow.now().date().isoformat()}")
        else:
            return
