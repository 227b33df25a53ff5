"""Invoices and credit notes become documents beside the process, and then go to the client."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.issuing import DocumentActivities
from domain.billing_steps import MakeDocument
from domain.notices import Notice
from workflows import wording
from workflows.messenger import Messenger
from workflows.options import DOCUMENT


async def make_document(number: str, messenger: Messenger, tell_again: timedelta) -> None:
    """For as long as it takes; the back office is told after an hour of trying, and again when `tell_again`
    has passed since."""
    told: datetime | None = None
    while True:
        try:
            await workflow.execute_activity_method(
                DocumentActivities.make_document,
                MakeDocument(number, workflow.now()),
                summary=wording.DOCUMENT,
                **DOCUMENT,
            )
        except ActivityError:
            now = workflow.now()
            if told is None or now - told >= tell_again:
                told = now
                messenger.tell(Notice.DOCUMENT_LATE, f"{number}:{now.isoformat(timespec='seconds')}")
        else:
            return
