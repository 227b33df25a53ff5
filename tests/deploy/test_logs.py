"""Our processes log what they do, a JSON object a line that says what it is about; libraries that quote
addresses in full are heard only to warn."""

import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from temporalio import activity, workflow
from temporalio.client import Interceptor, OutboundInterceptor, SignalWorkflowInput
from temporalio.common import RetryPolicy, SearchAttributePair, TypedSearchAttributes
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from deploy.log_context import LogContext
from deploy.settings import process_environment
from deploy.signals import deliver
from deploy.wiring import workflow_runner
from domain.ids import ticket_number, ticket_workflow_id
from tests.support.log_lines import lines_of, written_log
from tests.support.temporal import client_with, running_environment
from workflows.search_attributes import TICKET_NUMBER

TICKET = ticket_number(4_829_157)
log = logging.getLogger("ours")


def run(script: str, told: Mapping[str, str] | None = None) -> tuple[int, list[dict[str, Any]]]:
    command = [sys.executable, "-c", script]
    environment = process_environment() | dict(told or {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, lines_of(done.stderr)


NOWHERE = {"workflow_id": None, "ticket": None}

CHATTY = """
import logging
from deploy import logs
logs.configure()
for name in ("deploy.worker", "httpx", "stripe", "factur-x"):
    logging.getLogger(name).info("%s tells of /v1/checkout/sessions/cs_test_1", name)
    logging.getLogger(name).warning("%s warns", name, extra={"status": 3, "color_message": "Zélie"})
"""


def test_what_libraries_tell_of_every_request_is_not_written() -> None:
    told = "deploy.worker tells of /v1/checkout/sessions/cs_test_1"
    assert run(CHATTY) == (
        0,
        [
            {"event": told, "level": "info", "logger": "deploy.worker", **NOWHERE},
            *(
                {"event": f"{name} warns", "level": "warning", "logger": name, "status": 3, **NOWHERE}
                for name in ("deploy.worker", "httpx", "stripe", "factur-x")
            ),
        ],
    )


NAMED = """
from structlog.contextvars import bind_contextvars
from deploy.commands.common import settings_of
from pathlib import Path
import logging
settings_of(Path("nowhere"))
logging.getLogger("ours").warning("of a workflow", extra={"workflow_id": "ticket/48291573"})
bind_contextvars(ticket="48291573")
logging.getLogger("ours").warning("of a ticket")
"""


def test_the_command_line_logs_alike_and_who_is_named_by_one_is_named_by_both(
    sandbox_environment: dict[str, str],
) -> None:
    place = {"workflow_id": f"ticket/{TICKET}", "ticket": TICKET}
    status, lines = run(NAMED.replace("48291573", TICKET), sandbox_environment)
    told = [
        {"event": f"of a {what}", "level": "warning", "logger": "ours", **place}
        for what in ("workflow", "ticket")
    ]
    assert (status, lines) == (0, told)


def test_a_process_that_must_not_start_or_ends_by_an_error_says_so_in_a_line() -> None:
    start = "from deploy import logs\nlogs.configure()\n"
    refused = start + "from deploy.settings import read_codec_server_settings\nread_codec_server_settings({})"
    status, [line] = run(refused)
    assert (status, line["level"], "exception" in line) == (1, "critical", False)
    assert line["event"].startswith("démarrage refusé, réglages à corriger :\n  CODEC_API_URL : manque\n")
    status, [line] = run(start + "secret = 4071\nraise ValueError('broken')")
    assert (status, line["event"]) == (1, "ended by ValueError")
    assert line["exception"].endswith("ValueError: broken")
    assert "4071" not in line["exception"]


@activity.defn
async def tells() -> None:
    log.warning("in the activity")
    if activity.info().attempt == 1:
        raise ApplicationError("once more", type="Again")


@workflow.defn
class Telling:
    def __init__(self) -> None:
        self.hinted = False

    @workflow.run
    async def run(self) -> None:
        log.warning("in the workflow")
        await workflow.wait_condition(lambda: self.hinted)
        again = RetryPolicy(initial_interval=timedelta(milliseconds=1))
        await workflow.execute_activity(
            tells, start_to_close_timeout=timedelta(seconds=5), retry_policy=again
        )

    @workflow.signal
    async def hint(self) -> None:
        log.warning("in the handler")
        self.hinted = True


@pytest.fixture(scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with running_environment() as running:
        yield running


class Away(OutboundInterceptor):
    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002
        raise RPCError("", RPCStatusCode.UNAVAILABLE, b"")


class IsAway(Interceptor):
    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002
        return Away(next)


@pytest.mark.parametrize("workflow_id", [ticket_workflow_id(TICKET), "refund/F2026-000001/1"])
async def test_every_line_says_which_workflow_and_which_ticket(
    environment: WorkflowEnvironment, workflow_id: str
) -> None:
    client, away = (client_with(environment.client, one) for one in (LogContext(), IsAway()))
    known = TypedSearchAttributes([SearchAttributePair(TICKET_NUMBER, TICKET)])
    with written_log() as written:
        async with Worker(
            client,
            task_queue=workflow_id,
            workflows=[Telling],
            activities=[tells],
            workflow_runner=workflow_runner(),
        ):
            handle = await client.start_workflow(
                Telling.run, id=workflow_id, task_queue=workflow_id, search_attributes=known
            )
            assert not await deliver(away, workflow_id, "hint")
            assert await deliver(client, workflow_id, "hint")
            await handle.result()
    about_work = ("ours", "deploy.signals", "temporalio.activity")
    lines = [line for line in lines_of(written.getvalue()) if line["logger"] in about_work]
    assert {(line["workflow_id"], line["ticket"]) for line in lines[1:]} == {(workflow_id, TICKET)}
    told = [(line["event"], line.get("activity"), line.get("attempt")) for line in lines]
    # Whether the signal is there before the workflow begins is chance.
    assert [told[0], *sorted(told[1:3]), *told[3:]] == [
        ("a signal could not be delivered: UNAVAILABLE", None, None),
        ("in the handler", None, None),
        ("in the workflow", None, None),
        ("in the activity", "tells", 1),
        ("Completing activity as failed", "tells", 1),
        ("in the activity", "tells", 2),
    ]
    # Which ticket a refund is of, those who signal it do not know.
    first = (lines[0]["workflow_id"], lines[0]["ticket"])
    assert first == (workflow_id, TICKET if workflow_id.startswith("ticket/") else None)
