"""From the webhook inbox to the workflows: each event becomes a signal, tried until it is delivered."""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client

from db.engine import Sessions
from db.models.webhooks import WebhookEvent
from db.stores import inbox
from deploy.signals import Begun, begin, deliver
from domain.chargebacks import ChargebackRequest
from domain.deadlines import Deadlines
from domain.ids import refunded_by
from domain.opening_hours import OpeningHours
from domain.payees import AccountRequest
from domain.provider_events import Begins, Recipient, Unaddressed, UnknownEvent, recipient
from domain.refunds import ExcessRequest
from domain.reversals import TransferRequest

log = logging.getLogger(__name__)

# A person may be waiting for the end of a payment; a look at an empty inbox costs one indexed query.
PAUSE_SECONDS = 0.25
AFTER_BREAKDOWN_SECONDS = 2
BATCH = 50
LONGEST_POSTPONEMENT = timedelta(minutes=10)


class WebhookDispatcher:
    """The deadlines and hours in force are for what a notice begins."""

    def __init__(
        self,
        database: Sessions,
        client: Client,
        task_queue: str,
        deadlines: Deadlines,
        hours: OpeningHours,
    ) -> None:
        self._database = database
        self._client = client
        self._task_queue = task_queue
        self._deadlines = deadlines
        self._hours = hours

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
        """How many events were dealt with. The first that cannot be delivered ends the batch: the others
        would wait for the same Temporal."""
        dealt_with = 0
        while dealt_with < BATCH and await self._dispatch_next():
            dealt_with += 1
        return dealt_with

    async def _dispatch_next(self) -> bool:
        """Deal with one event, marked in the transaction that holds its row: that of this event alone, so
        that no row stays locked longer than one signal takes. Killed in between, it is delivered again: the
        signals are hints, and a repeated one is harmless. False when nothing is due or could be delivered."""
        async with self._database.begin() as session:
            due = await inbox.due_events(session, 1)
            if not due:
                return False
            [event] = due
            try:
                target = recipient(event.type, event.subject)
            except (UnknownEvent, Unaddressed) as parked:
                log.warning("event %s (%s) is parked: %s", event.id, event.type, type(parked).__name__)
                await inbox.park(session, event.id)
                return True
            delivered = target is None or await self._deliver(target, event)
            if delivered:
                await inbox.mark_done(session, event.id)
            else:
                await inbox.postpone(session, event.id, _postponement(event))
            return delivered

    async def _deliver(self, target: Recipient, event: WebhookEvent) -> bool:
        in_force, subject = (self._deadlines, self._hours), event.subject
        request: Begun
        match target.begins:
            case None:
                return await deliver(self._client, target.workflow, target.signal)
            case Begins.CHARGEBACK:
                request = ChargebackRequest(subject["object"], subject["intent"], *in_force)
            case Begins.ACCOUNT:
                request = AccountRequest(subject["object"])
            case Begins.EXCESS:
                invoice, _ = refunded_by(subject["refund"])
                request = ExcessRequest(invoice, *in_force)
            case Begins.TRANSFER:
                request = TransferRequest(subject["payout"])
        return await begin(self._client, self._task_queue, request, target.signal)


def _postponement(event: WebhookEvent) -> timedelta:
    return min(LONGEST_POSTPONEMENT, timedelta(seconds=2 ** min(event.attempts, 10)))
