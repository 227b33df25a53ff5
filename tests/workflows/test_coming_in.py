"""The mails about coming in: sent once, while they are of use, and nobody's address at Temporal."""

from datetime import UTC, datetime

from temporalio.testing import WorkflowEnvironment

from api.processes import Workflows
from api.temporal import Temporal
from domain.admissions import AdmissionLetter, AdmissionLetterRequest
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import replay
from tests.workflows.conftest import open_office
from tests.workflows.test_signing_in import SlowMail
from workflows.admission.starting import start_options
from workflows.admission.workflow import AdmissionLetterWorkflow


async def test_a_sign_up_is_mailed_though_the_mail_server_is_away_at_first(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    mail = SlowMail(failures=1)
    async with open_office(environment, database, stripe, mail=mail) as office:
        [(sign_up,)] = database.rows(
            "INSERT INTO sign_ups (name, mail, terms, privacy, mail_mark, network_mark, browser_hash, "
            "asked_at) VALUES ('Zoé Blanc', 'zoe@example.fr', '', '', '', '', '', %s) RETURNING id::text",
            datetime.now(UTC),
        )
        request = AdmissionLetterRequest(AdmissionLetter.SIGN_UP, sign_up)
        for expected in (1, 1, 1):
            handle = await environment.client.start_workflow(
                AdmissionLetterWorkflow.run,
                request,
                task_queue=office.task_queue,
                **start_options(request),
            )
            await handle.result()
            history = await handle.fetch_history()
            await replay(history)
            assert [message.to for message in mail.messages] == ["zoe@example.fr"] * expected
            payloads = [
                payload
                for one in history.events
                for payload in (
                    *one.workflow_execution_started_event_attributes.input.payloads,
                    *one.activity_task_scheduled_event_attributes.input.payloads,
                    *one.activity_task_completed_event_attributes.result.payloads,
                )
            ]
            ids_only = {"kind": "sign_up", "id": sign_up}
            assert await environment.client.data_converter.decode(payloads) == [ids_only, ids_only, None]
            # Used by now, or gone: there is nobody to be told.
            database.execute("UPDATE sign_ups SET used_at = now()")
        assert database.rows("SELECT key, kind, recipient_id, sent_at IS NULL FROM notifications") == [
            (f"sign_up:{sign_up}", "sign_up", None, False)
        ]


async def test_a_letter_that_failed_is_begun_anew_by_the_same_request(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    mail = SlowMail(failures=1)
    async with open_office(environment, database, stripe, mail=mail) as office:
        [(sign_up,)] = database.rows(
            "INSERT INTO sign_ups (name, mail, terms, privacy, mail_mark, network_mark, browser_hash, "
            "asked_at) VALUES ('Zoé Blanc', 'zoe@example.fr', '', '', '', '', '', %s) RETURNING id::text",
            datetime.now(UTC),
        )
        request = AdmissionLetterRequest(AdmissionLetter.SIGN_UP, sign_up)
        handle = environment.client.get_workflow_handle(start_options(request)["id"])
        workflows = Workflows(Temporal(environment.client), office.task_queue, "https://omeasupport.test")
        await workflows.send_admission_letter(request)
        # As when its time is over.
        await handle.terminate()
        for _ in range(2):
            await workflows.send_admission_letter(request)
            await handle.result()
            assert [message.to for message in mail.messages] == ["zoe@example.fr"]
