"""From the webhook inbox to the workflows: each event becomes a signal, tried until it is delivered."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from db.engine import Sessions
from db.models.inbox import WebhookEvent
from db.stores import inbox
from domain import ids

log = logging.getLogger(__name__)

# A person may be waiting for the end of a payment; a look at an empty inbox costs one indexed query.
PAUSE_SECONDS = 0.25
AFTER_BREAKDOWN_SECONDS = 2
BATCH = 50
SIGNAL_TIMEOUT = timedelta(seconds=5)
LONGEST_POSTPONEMENT = timedelta(minutes=10)


def recipient(kind: str, subject: Mapping[str, str]) -> tuple[str, str] | None:
    """The workflow an event concerns and the signal it gets; None for one that tells us nothing."""
    match kind:
        case "payment_intent.succeeded" if "ticket" in subject:
            return ids.ticket_workflow_id(subject["ticket"]), "payment_news"
        case "checkout.session.completed" if "card_page" in subject:
            return ids.card_workflow_of_page(subject["card_page"]), "page_news"
        case _:
            return None


class WebhookDispatcher:
    def __init__(self, database: Sessions, client: Client) -> None:
        self._database = database
        self._client = client

    async def run(self) -> None:
        """Until cancelled. Events of an inbox that cannot be read stay in it."""
        while True:
            try:
                busy = await self.dispatch_due()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("the webhook inbox cannot be read: %s", type(error).__name__)
                await asyncio.sleep(AFTER_BREAKDOWN_SECONDS)
                continue
            if not busy:
                await asyncio.sleep(PAUSE_SECONDS)

    async def dispatch_due(self) -> int:
        """Deliver what is due, each event marked in the transaction that holds its row. Killed in between,
        it is delivered again: the signals are hints, and a repeated one is harmless."""
        async with self._database.begin() as session:
            events = await inbox.due_events(session, BATCH)
            for event in events:
                target = recipient(event.type, event.subject)
                if target is None:
                    await inbox.park(session, event.id)
                elif await self._signal(*target):
                    await inbox.mark_done(session, event.id)
                else:
                    await inbox.postpone(session, event.id, _postponement(event))
        return len(events)

    async def _signal(self, workflow_id: str, signal: str) -> bool:
        """False when Temporal could not take it now. A workflow that has ended needs no news any more."""
        try:
            await self._client.get_workflow_handle(workflow_id).signal(signal, rpc_timeout=SIGNAL_TIMEOUT)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                log.warning("a signal could not be delivered: %s", error.status.name)
                return False
        return True


def _postponement(event: WebhookEvent) -> timedelta:
    return min(LONGEST_POSTPONEMENT, timedelta(seconds=2 ** min(event.attempts, 10)))
