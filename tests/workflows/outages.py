"""What a ticket is played under: at some of its steps something it needs is unreachable for hours."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.testing import WorkflowEnvironment

from activities.gateways.smtp_mail import SmtpMail
from deploy.sandbox.postgres import socket_directory
from tests.support.long_ticket import Answered
from tests.support.postgres import Database
from tests.support.relay import Line, running_line
from tests.support.smtp_server import PostOffice, mail_server
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office, open_office

POSTGRES, STRIPE, SMTP = "postgres", "stripe", "smtp"
# Longer than a technician has to confirm, to call, or to start.
OUTAGE = timedelta(hours=2, minutes=10)
# Longer than most of what waits for its next try; a mail may wait for ten minutes.
PACE = timedelta(minutes=1)
PATIENCE_SECONDS = 30
SOCKET = ".s.PGSQL.5432"


@dataclass
class Weather:
    """`plan` maps a step to what is unreachable when it begins: one thing, or one after the other, the next
    before the last is back."""

    ticket: PlayedTicket
    lines: Mapping[str, Line]
    plan: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: list[tuple[str, object]] = field(default_factory=list)
    struck: list[tuple[str, str]] = field(default_factory=list)

    async def through(
        self, step: str, act: Callable[[], Awaitable[Answered]], passing: timedelta = timedelta(0)
    ) -> Answered:
        outages = self.plan.get(step, ())
        if outages:
            self.lines[outages[0]].cut()
        doing = asyncio.ensure_future(act())
        try:
            if passing:
                await self.ticket.pass_time(passing)
            if outages:
                await self._sit_out(step, outages)
            answer = await asyncio.wait_for(doing, PATIENCE_SECONDS)
        finally:
            doing.cancel()
        await self.ticket.settle_by(PACE)
        self.answers.append((step, answer))
        return answer

    async def _sit_out(self, step: str, outages: tuple[str, ...]) -> None:
        await self._hurt()
        for name, next_one in zip_longest(outages, outages[1:]):
            began = await self.ticket.now()
            await self.ticket.pass_time(OUTAGE)
            tries = await self._tries()
            assert tries > 10, f"{step} did without {name}: {tries} tries"
            assert await self.ticket.now() - began >= OUTAGE
            self.struck.append((step, name))
            if next_one is not None:
                self.lines[next_one].cut()
            await self.lines[name].mend()
        await self.ticket.settle_by(PACE)

    async def _hurt(self) -> None:
        """Until something has been tried in vain: time that passes before would pass without it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._tries() < 2:  # noqa: ASYNC110  # the server tells nobody
                await asyncio.sleep(0.02)

    async def _tries(self) -> int:
        """How often what is under way has been tried."""
        description = await self.ticket.handle.describe()
        return max((one.attempt for one in description.raw_description.pending_activities), default=0)


@dataclass(frozen=True)
class OpenOffice:
    office: Office
    lines: Mapping[str, Line]
    post_office: PostOffice


@asynccontextmanager
async def office_on_lines(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox, card: str = "pm_card_visa"
) -> AsyncIterator[OpenOffice]:
    """The real adapters, each on a line that can be cut. The card is saved."""
    port = int(stripe.url.rpartition(":")[2])
    with TemporaryDirectory(prefix="omea-line-") as directory:
        listening = socket_directory(database.data)
        async with (
            running_line(listening / SOCKET, Path(directory) / SOCKET) as to_postgres,
            running_line(port) as to_stripe,
            mail_server() as post_office,
            running_line(post_office.port) as to_mail,
            open_office(
                environment,
                database,
                StripeSandbox(f"http://127.0.0.1:{to_stripe.here}", stripe.data),
                mail=SmtpMail(f"smtp://127.0.0.1:{to_mail.here}"),
                worker_url=database.url("omea_worker").replace(str(listening), directory),
            ) as office,
        ):
            await office.save_card(card)
            yield OpenOffice(office, {POSTGRES: to_postgres, STRIPE: to_stripe, SMTP: to_mail}, post_office)
