"""The log of remote control measures a session where there is one; our own stamps do where there is none."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.gateways.session_log import SessionLogUnavailable
from domain.session_log import LoggedSession
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.workflows.conftest import open_office


@dataclass
class Log:
    """What the keeper of the log would answer."""

    minutes: int | None
    asked: list[str] = field(default_factory=list)

    async def logged(self, anydesk_id: str, start: datetime, end: datetime) -> tuple[LoggedSession, ...]:
        self.asked.append(anydesk_id)
        if self.minutes is None:
            raise SessionLogUnavailable("away")
        began = start + timedelta(minutes=15)
        length = timedelta(minutes=self.minutes)
        return (LoggedSession("s-1", began, began + length, int(length.total_seconds())),)


@pytest.mark.parametrize(
    ("logged", "declared", "measured", "evidence", "status"),
    [
        # The stamps say 40 minutes, of which the screen was shared for 20.
        (20, 22, 20, "session_log", "in_review"),
        (20, 40, 20, "session_log", "suspended"),
        (None, 40, 40, "stamps", "in_review"),
    ],
)
async def test_the_report_is_measured_by_the_log(
    environment: WorkflowEnvironment,
    database: Database,
    stripe: StripeSandbox,
    logged: int | None,
    declared: int,
    measured: int,
    evidence: str,
    status: str,
) -> None:
    log = Log(logged)
    async with open_office(environment, database, stripe, session_log=log) as office:
        ticket = await office.a_ticket(session_log=True)
        await ticket.reach_session()
        await ticket.pass_time(timedelta(minutes=39, seconds=10))
        await ticket.act("end", ticket.ask())
        await ticket.pass_time(timedelta(minutes=3))
        assert (await ticket.act("report", ticket.report_of(declared))).status == status
        assert database.rows("SELECT measured_minutes, evidence FROM reports") == [(measured, evidence)]
        assert set(log.asked) == {"123456789"}
        kept = [("s-1", logged * 60)] if logged else []
        assert database.rows("SELECT reference, seconds FROM session_logs") == kept
