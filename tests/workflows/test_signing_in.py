"""The mail with a link: sent once, to whom it is for, while the link is good, and only then."""

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from activities.gateways.mail import MailRefused, MailUnavailable, Message
from domain.sign_ins import SignInRequest
from tests.support.mail import SentMail
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import replay
from tests.workflows.conftest import Office, open_office
from workflows.sign_in.starting import start_options
from workflows.sign_in.workflow import SignInLinkWorkflow


class SlowMail(SentMail):
    """Away for the first times, and then there."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.left = failures

    async def send(self, message: Message) -> None:
        if self.left:
            self.left -= 1
            raise MailUnavailable("421")
        await super().send(message)


class RefusingMail(SentMail):
    async def send(self, message: Message) -> MailRefused:  # type: ignore[override]
        return MailRefused(550)


def a_link(database: Database, person: str | None) -> str:
    [(link,)] = database.rows(
        "INSERT INTO sign_in_links (person_id, mail_mark, network_mark, browser_hash, asked_at) "
        "VALUES (%s, '', '', '', %s) RETURNING id::text",
        *(person, datetime.now(UTC)),
    )
    return str(link)


async def begun(office: Office, link: str) -> WorkflowHandle[SignInLinkWorkflow, None]:
    request = SignInRequest(link)
    return await office.environment.client.start_workflow(
        SignInLinkWorkflow.run, request, task_queue=office.task_queue, **start_options(request)
    )


async def test_a_link_is_mailed_though_the_mail_server_is_away_at_first(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    mail = SlowMail(failures=2)
    async with open_office(environment, database, stripe, mail=mail) as office:
        link = a_link(database, office.client)
        handle = await begun(office, link)
        await handle.result()
        await replay(await handle.fetch_history())
        assert [message.subject for message in mail.messages] == ["Votre lien de connexion"]
        assert database.rows("SELECT key, kind, recipient_id::text, sent_at IS NULL FROM notifications") == [
            (f"sign_in:{link}", "sign_in", office.client, False)
        ]
        # Begun again, as after a lost answer, nothing is sent twice.
        await (await begun(office, link)).result()
        assert len(mail.messages) == 1


async def test_nobody_is_written_to_for_a_link_that_is_of_use_to_nobody(office: Office) -> None:
    database = office.database
    unknown, used, closed = (
        a_link(database, None),
        a_link(database, office.technician),
        a_link(database, office.client),
    )
    database.execute("UPDATE sign_in_links SET used_at = now() WHERE id = %s", used)
    database.execute("UPDATE people SET active = false WHERE id = %s", office.client)
    for link in (unknown, used, closed, "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12"):
        await (await begun(office, link)).result()
    assert office.mail.messages == []
    assert database.rows("SELECT count(*) FROM notifications") == [(0,)]


async def test_nothing_that_names_or_admits_anybody_is_in_the_history(office: Office) -> None:
    link = a_link(office.database, office.client)
    handle = await begun(office, link)
    await handle.result()
    history = await handle.fetch_history()
    [started] = [
        event.workflow_execution_started_event_attributes
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
    ]
    assert handle.id == f"sign-in/{link}"
    assert started.workflow_execution_timeout.ToTimedelta() == timedelta(minutes=15)
    converter = office.environment.client.data_converter
    payloads = [*started.input.payloads]
    for event in history.events:
        scheduled = event.activity_task_scheduled_event_attributes
        payloads += scheduled.input.payloads
        payloads += event.activity_task_completed_event_attributes.result.payloads
    assert await converter.decode(payloads) == [{"link_id": link}, {"link_id": link}, None]


async def test_an_address_refused_for_good_is_not_tried_again(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    async with open_office(environment, database, stripe, mail=RefusingMail()) as office:
        handle = await begun(office, a_link(database, office.client))
        with pytest.raises(WorkflowFailureError):
            await handle.result()
        history = await handle.fetch_history()
        scheduled = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        failed_once = EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED
        kinds = [event.event_type for event in history.events]
        assert (kinds.count(scheduled), kinds.count(failed_once)) == (1, 1)
