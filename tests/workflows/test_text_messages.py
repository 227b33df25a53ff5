"""SMS on the virtual clock: by day at once, at night in the morning, never beyond their use.

Each begins at the hour that it really is; to begin at another, the town is moved and not the clock.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from domain import text_messages
from domain.ids import text_message_workflow_id
from domain.notices import Notice, Notify
from domain.opening_hours import ALWAYS
from domain.text_messages import TextMessage, first_hour
from domain.tickets import Role
from tests.support.postgres import Database
from tests.support.sms import SentSms
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import replay
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office, open_office
from workflows.text_message.workflow import TextMessageWorkflow

MOBILE = "+33612345957"


@dataclass
class Texting:
    office: Office
    sms: SentSms
    ticket: PlayedTicket

    async def told(self, until: timedelta) -> WorkflowHandle[TextMessageWorkflow, str]:
        """Of another hour; of use for that long."""
        now, request = datetime.now(UTC), self.ticket.request
        notify = Notify(request.number, Notice.RESCHEDULED.value, now, request.deadlines, ALWAYS)
        message = TextMessage(f"{request.number}:rescheduled::client", notify, Role.CLIENT, now + until)
        return await self.office.environment.client.start_workflow(
            TextMessageWorkflow.run,
            message,
            id=text_message_workflow_id(message.key),
            task_queue=self.office.task_queue,
        )

    async def pass_time(self, handle: WorkflowHandle[TextMessageWorkflow, str], length: timedelta) -> None:
        await self.office.environment.fast_forward(handle, length)

    def received(self) -> list[str]:
        """Who was told of the other hour; the booking has its own SMS."""
        return [number for number, text in self.sms.messages if "déplacé" in text]


@pytest.fixture
async def texting(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> AsyncIterator[Texting]:
    sms = SentSms()
    async with open_office(environment, database, stripe, sms=sms) as office:
        ticket = await office.a_ticket(ahead=timedelta(days=30))
        await ticket.settle()
        # Only now, so that the SMS of the booking finds no number.
        database.execute(
            "INSERT INTO message_preferences VALUES (%s, true, true, %s, now())", office.client, MOBILE
        )
        yield Texting(office, sms, ticket)


def it_is(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """In Paris, for all that follows."""
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(text_messages, "PARIS", timezone(timedelta(hours=hours) - (now - midnight)))


async def test_an_sms_goes_at_the_first_hour_that_may_be(texting: Texting) -> None:
    now = datetime.now(UTC)
    handle = await texting.told(timedelta(days=2))
    await texting.pass_time(handle, first_hour(now) - now + timedelta(minutes=1))
    assert await handle.result() == "sent"
    assert texting.received() == [MOBILE]
    history = await handle.fetch_history()
    await replay(history)
    # Neither number nor words.
    payloads = [
        payload
        for event in history.events
        for payload in (
            *event.workflow_execution_started_event_attributes.input.payloads,
            *event.activity_task_scheduled_event_attributes.input.payloads,
            *event.activity_task_completed_event_attributes.result.payloads,
        )
    ]
    decoded = repr(await texting.office.environment.client.data_converter.decode(payloads))
    assert texting.ticket.number in decoded
    assert MOBILE[3:] not in decoded
    assert "appellera" not in decoded


async def test_at_night_it_waits_for_the_morning(texting: Texting, monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(monkeypatch, 22)
    handle = await texting.told(timedelta(days=2))
    await texting.pass_time(handle, timedelta(hours=9, minutes=58))
    assert texting.received() == []
    await texting.pass_time(handle, timedelta(minutes=4))
    assert await handle.result() == "sent"
    assert texting.received() == [MOBILE]


async def test_what_the_morning_would_be_too_late_for_is_left_out(
    texting: Texting, monkeypatch: pytest.MonkeyPatch
) -> None:
    it_is(monkeypatch, 22)
    handle = await texting.told(timedelta(hours=9))
    assert await handle.result() == "too_late"
    assert texting.received() == []


async def test_a_short_outage_is_outlasted_and_a_long_one_rings_nobody_at_night(
    texting: Texting, monkeypatch: pytest.MonkeyPatch
) -> None:
    it_is(monkeypatch, 20.8)
    texting.sms.failures = 100_000
    handle = await texting.told(timedelta(hours=11, minutes=20))
    await texting.pass_time(handle, timedelta(hours=12))
    assert await handle.result() == "too_late"
    assert texting.received() == []
    kinds = [event.event_type for event in (await handle.fetch_history()).events]
    # In the evening, until the night; and in the morning, until the appointment.
    assert kinds.count(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) == 2
    assert kinds.count(EventType.EVENT_TYPE_TIMER_STARTED) == 1


async def test_a_booking_is_told_by_sms_of_its_own(texting: Texting) -> None:
    """Begun beside the mail, before which the ticket does not settle."""
    for role in (Role.CLIENT, Role.TECHNICIAN):
        named = text_message_workflow_id(f"{texting.ticket.number}:booked::{role}")
        told = await texting.office.environment.client.get_workflow_handle(named).describe()
        assert told.workflow_type == "TextMessage"
