"""What the log of remote control proves of a session, and what is kept of it: real Postgres."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.gateways.anydesk_session_log import AnyDeskSessionLog
from activities.gateways.session_log import (
    LoggedSession,
    SessionLog,
    SessionLogRefused,
    SessionLogUnavailable,
)
from activities.session_logs import SessionLogActivities
from db.engine import create_engine, sessions
from domain import ids
from domain.messages import Actor
from domain.session_log import ReadSessionLog, SessionLogRead
from domain.ticket_steps import Act
from domain.tickets import Role
from tests.support.anydesk_sandbox import (
    API_KEY,
    CLIENT,
    LICENCE,
    AnyDeskSandbox,
    a_session,
    running_anydesk,
)
from tests.support.people import a_client, a_submission, a_technician
from tests.support.postgres import Database

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = NOON + 30 * MINUTE
REPORTED = NOON + 50 * MINUTE
TICKET = ids.ticket_number(4829157)
ANYDESK_ID = str(CLIENT)


@dataclass
class ToldLog:
    """A log at the port's border: says what it is told to, and keeps what it was asked."""

    sessions: tuple[LoggedSession, ...] = ()
    breakdown: Exception | None = None
    asked: list[tuple[str, datetime, datetime]] = field(default_factory=list)

    async def logged(self, anydesk_id: str, start: datetime, end: datetime) -> tuple[LoggedSession, ...]:
        self.asked.append((anydesk_id, start, end))
        if self.breakdown is not None:
            raise self.breakdown
        return self.sessions


@dataclass
class Desk:
    """One ticket whose session was from noon to half past, and the activity as the worker runs it."""

    database: Database
    engine: AsyncEngine
    client: str
    technician: str

    def consents(self, anydesk_id: str = ANYDESK_ID, sequence: int = 0) -> None:
        given = a_submission(self.database, self.client, "anydesk_id", anydesk_id=anydesk_id)
        self.database.execute(
            "INSERT INTO consents (ticket, session, sequence, text_version, submission_id, given_at) "
            "VALUES (%s, 1, %s, '2026-11', %s, %s)",
            *(TICKET, sequence, given, NOON - MINUTE),
        )

    def meets(self, end: datetime | None = END) -> None:
        self.database.execute(
            "INSERT INTO sessions (ticket, number, technician_id, started_at, ended_at, ended_by) "
            "VALUES (%s, 1, %s, %s, %s, %s)",
            *(TICKET, self.technician, NOON, end, end and "technician"),
        )

    async def read(self, log: SessionLog | None, at: datetime = REPORTED) -> int | None:
        act = Act(TICKET, "report", at, Actor(self.technician, Role.TECHNICIAN))
        activities = SessionLogActivities(sessions(self.engine), log)
        message = ReadSessionLog(act, 1, MINUTE)
        answer: SessionLogRead = await ActivityEnvironment().run(activities.read_session_log, message)
        return answer.minutes

    def evidence(self) -> list[tuple[Any, ...]]:
        return self.database.rows("SELECT * FROM session_logs ORDER BY started_at")


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    client, technician = a_client(database), a_technician(database)
    request = a_submission(database, client, "request")
    database.execute(
        "INSERT INTO tickets (number, client_id, technician_id, skill, status, appointment_start, "
        "appointment_end, ceiling_minutes, tariff_version, request_id, opened_at) "
        "VALUES (%s, %s, %s, 'internet', 'to_report', %s, %s, 60, '2026-01', %s, %s)",
        *(TICKET, client, technician, NOON, NOON + 60 * MINUTE, request, NOON),
    )
    engine = create_engine(database.url("omea_worker"))
    yield Desk(database, engine, client, technician)
    await engine.dispose()


@pytest.fixture(scope="module")
def anydesk() -> Iterator[AnyDeskSandbox]:
    with running_anydesk() as sandbox:
        yield sandbox


def logged(reference: str, start: datetime, end: datetime) -> LoggedSession:
    return LoggedSession(reference, start, end, int((end - start).total_seconds()))


async def test_anydesks_log_measures_the_session_and_is_kept_as_it_came(
    desk: Desk, anydesk: AnyDeskSandbox
) -> None:
    desk.consents()
    desk.meets()
    first = (NOON - 20 * MINUTE, NOON + 10 * MINUTE)  # its first 5 minutes come too early to count
    second = (NOON + 11 * MINUTE, END - timedelta(seconds=30))
    anydesk.add(a_session(7001, *first), a_session(7002, *second), a_session(7003, REPORTED, None))
    log = AnyDeskSessionLog(anydesk.url, LICENCE, API_KEY)
    try:
        assert await desk.read(log) == 44  # 25 minutes, and 18 and a half
    finally:
        await log.close()
    assert desk.evidence() == [
        (TICKET, 1, "7001", *first, 1800, REPORTED),
        (TICKET, 1, "7002", *second, 1110, REPORTED),
    ]
    assert ANYDESK_ID not in str(desk.evidence())


async def test_a_second_reading_changes_nothing_but_adds_what_is_new(desk: Desk) -> None:
    desk.consents()
    desk.meets()
    log = ToldLog((logged("a", NOON, NOON + 10 * MINUTE),))
    assert [await desk.read(log), await desk.read(log, REPORTED + MINUTE)] == [10, 10]
    kept = [(TICKET, 1, "a", NOON, NOON + 10 * MINUTE, 600, REPORTED)]
    assert desk.evidence() == kept

    log.sessions = (logged("a", NOON, END), logged("b", END - 5 * MINUTE, END))
    assert await desk.read(log, REPORTED + 2 * MINUTE) == 15
    added = (TICKET, 1, "b", END - 5 * MINUTE, END, 300, REPORTED + 2 * MINUTE)
    assert desk.evidence() == [*kept, added]

    log.sessions = ()
    assert await desk.read(log) == 15
    assert desk.evidence() == [*kept, added]


@pytest.mark.parametrize(("end", "until"), [(END, END + 15 * MINUTE), (END + 3 * MINUTE, None), (None, None)])
async def test_the_log_is_asked_about_the_last_consents_id_and_the_time_around_the_stamps(
    desk: Desk, end: datetime | None, until: datetime | None
) -> None:
    desk.consents("111111111")
    desk.consents(sequence=1)
    desk.meets(end)
    log, now = ToldLog(), END + 16 * MINUTE
    assert await desk.read(log, now) is None
    assert log.asked == [(ANYDESK_ID, NOON - 15 * MINUTE, until or now)]


async def test_what_lies_outside_the_session_is_kept_and_proves_nothing(desk: Desk) -> None:
    desk.consents()
    desk.meets()
    log = ToldLog((logged("later", REPORTED - MINUTE, REPORTED),))
    assert await desk.read(log) is None
    assert desk.evidence() == [(TICKET, 1, "later", REPORTED - MINUTE, REPORTED, 60, REPORTED)]


async def test_without_a_log_nothing_is_read(desk: Desk) -> None:
    desk.consents()
    desk.meets()
    assert (await desk.read(None), desk.evidence()) == (None, [])


@pytest.mark.parametrize("lacking", ["consent", "session", "anydesk_id"])
async def test_what_cannot_be_looked_up_is_not_asked(desk: Desk, lacking: str) -> None:
    if lacking != "consent":
        desk.consents()
    if lacking == "anydesk_id":
        # An erased submission keeps its row and loses what was in it.
        desk.database.execute("UPDATE submissions SET body = '{}' WHERE kind = 'anydesk_id'")
    if lacking != "session":
        desk.meets()
    log = ToldLog((logged("a", NOON, END),))
    assert (await desk.read(log), log.asked, desk.evidence()) == (None, [], [])


async def test_a_breakdown_is_tried_again_and_a_refusal_is_not(desk: Desk) -> None:
    desk.consents()
    desk.meets()
    with pytest.raises(SessionLogUnavailable):
        await desk.read(ToldLog(breakdown=SessionLogUnavailable("no answer")))
    with pytest.raises(ApplicationError) as raised:
        await desk.read(ToldLog(breakdown=SessionLogRefused("answered 401")))
    assert (raised.value.type, raised.value.non_retryable, raised.value.message) == (
        "session_log_refused",
        True,
        "answered 401",
    )
    assert desk.evidence() == []
