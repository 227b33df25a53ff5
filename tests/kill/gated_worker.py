"""A worker for one workflow, the product's own, that asks before each thing it is about to say.

Moments: `task` (it was given the workflow's history and will answer what comes next), `{activity} begun`,
`{activity} done` (committed, and not reported), and `mail accepted` (by the server, and not recorded). It
goes on when it is told to, or is killed there.
"""

import asyncio
import multiprocessing
import os
import socket
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from activities.gateways.mail import Message
from activities.gateways.stripe_chargebacks import StripeChargebacks
from activities.gateways.stripe_payments import StripePayments
from db.engine import create_engine, sessions
from deploy.encryption import data_converter
from deploy.wiring import Collaborators, create_worker
from tests.support.company import A_COMPANY
from tests.support.keys import TOKEN_KEY
from tests.support.stripe_sandbox import API_KEY
from tests.support.temporal import KEY

# How Temporal learns that a worker has died in the middle of a step: the step takes too long.
LONGEST_STEP = timedelta(seconds=1.5)
# Longer than one who decides whether to kill takes, whatever else the machine does.
PATIENCE_SECONDS = 30
GO_ON = b"!"


@dataclass(frozen=True)
class Place:
    """Where the worker works. `gate` is the socket on which it asks, `mailbox` the file of its mails' ids.
    With `remembering`, it keeps the workflow in memory: then it asks about its first task only."""

    address: str
    namespace: str
    task_queue: str
    database_url: str
    stripe_url: str
    gate: Path
    mailbox: Path
    remembering: bool


class Mailbox:
    """A line for each mail taken charge of: its Message-ID."""

    def __init__(self, file: Path, gate: "Gate") -> None:
        self._file = file
        self._gate = gate

    async def send(self, message: Message) -> None:
        with self._file.open("a") as lines:
            lines.write(f"{message.message_id}\n")
        await asyncio.to_thread(self._gate.ask, "mail accepted")


class Gate:
    def __init__(self, address: Path) -> None:
        self._address = address

    def ask(self, moment: str) -> None:
        """Comes back when the worker may go on; without an answer there is nobody to work for."""
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(PATIENCE_SECONDS)
            try:
                asking.connect(str(self._address))
                asking.sendall(f"{os.getpid()} {moment}\n".encode())
                answer = asking.recv(1)
            except OSError:
                answer = b""
        if answer != GO_ON:
            os._exit(1)


class GatedActivities(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, gate: Gate) -> None:
        super().__init__(following)
        self._gate = gate

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002  # the SDK's name
        name = activity.info().activity_type
        await asyncio.to_thread(self._gate.ask, f"{name} begun")
        answer = await self.next.execute_activity(input)
        await asyncio.to_thread(self._gate.ask, f"{name} done")
        return answer


class ShorterSteps(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:  # noqa: A002
        input.start_to_close_timeout = LONGEST_STEP
        return self.next.start_activity(input)


def gated_workflow(gate: Gate) -> type[WorkflowInboundInterceptor]:
    class GatedWorkflow(WorkflowInboundInterceptor):
        """Made anew for each task, unless the worker keeps the workflow in memory."""

        def init(self, outbound: WorkflowOutboundInterceptor) -> None:
            gate.ask("task")
            super().init(ShorterSteps(outbound))

    return GatedWorkflow


class Gated(Interceptor):
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return GatedActivities(next, self._gate)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002
    ) -> type[WorkflowInboundInterceptor]:
        return gated_workflow(self._gate)


async def work(place: Place) -> None:
    client = await Client.connect(
        place.address, namespace=place.namespace, data_converter=data_converter(KEY, "test")
    )
    gate = Gate(place.gate)
    given = Collaborators(
        database=sessions(create_engine(place.database_url)),
        payments=(payments := StripePayments(API_KEY, place.stripe_url)),
        chargebacks=StripeChargebacks(payments.connection),
        mail=Mailbox(place.mailbox, gate),
        sender="OmeaSupport <contact@example.fr>",
        back_office="equipe@example.fr",
        public_url="http://localhost",
        link_key=TOKEN_KEY,
        company=A_COMPANY,
    )
    gated = [Gated(gate)]
    cached = 1 if place.remembering else 0
    async with create_worker(
        client, place.task_queue, given, interceptors=gated, max_cached_workflows=cached
    ):
        await asyncio.Event().wait()


def _leave_with_the_tests() -> None:
    """A worker that nobody is left to kill must not stay."""
    tests = multiprocessing.parent_process()
    if tests is not None:
        tests.join()
    os._exit(1)


def main(place: Place) -> None:
    threading.Thread(target=_leave_with_the_tests, daemon=True).start()
    asyncio.run(work(place))
