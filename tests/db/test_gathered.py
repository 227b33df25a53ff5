"""Rows of many tables in one statement are what they are one by one."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, inspect, true

from db.columns import Base
from db.engine import create_engine, sessions
from db.models.availability import Leave, WorkingStretch
from db.models.payees import Payee
from db.models.tickets import JournalEntry, Report, Ticket
from db.reads import gathered
from db.reads.gathered import Wanted, gather
from tests.api.rows import a_report, a_ticket, insert
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database

AT = datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)


def columns_of(row: Base) -> dict[str, Any]:
    return {one.key: getattr(row, one.key) for one in inspect(type(row)).column_attrs}


async def test_they_are_the_same_in_every_column(database: Database) -> None:
    client, technician = a_client(database), a_technician(database)
    for _ in range(2):
        number = a_ticket(database, client, technician, acknowledged_at=AT)
        a_report(database, number, technician, AT)
    said = {"ticket": number, "key": "k", "at": AT, "actor_id": client, "actor_role": "client"}
    insert(database, "journal", **said, act="x", before="scheduled", after="closed", details={"n": 1})
    database.execute("INSERT INTO working_hours VALUES (%s, 1, '09:30', '12:00')", technician)
    database.execute(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s)",
        *(technician, AT, AT + timedelta(days=2), technician),
    )
    engine = create_engine(database.url("omea_worker"))
    async with sessions(engine)() as session:
        found = await gather(
            session,
            Wanted(Ticket, true(), (Ticket.number.desc(),)),
            Wanted(Report, Report.ticket == number, (Report.session,), without=frozenset({"evidence"})),
            Wanted(JournalEntry, true(), (JournalEntry.id,)),
        )
        for ticket in found.of(Ticket):
            assert columns_of(ticket) == columns_of(await session.get_one(Ticket, ticket.number))
        assert found.of(Ticket)[0].number == number
        for entry in found.of(JournalEntry):
            assert columns_of(entry) == columns_of(await session.get_one(JournalEntry, entry.id))
        assert (len(found.of(Ticket)), len(found.of(JournalEntry))) == (2, 1)
        [report] = found.of(Report)
        assert (report.filed_at, report.credible) == (AT, True)
        assert columns_of(report)["evidence"] is None
        found = await gather(
            session,
            Wanted(Payee, true(), (Payee.technician_id,)),
            Wanted(Leave, true(), (Leave.id,)),
            Wanted(WorkingStretch, true(), (WorkingStretch.opens,)),
        )
        [payee], [leave], [stretch] = found.of(Payee), found.of(Leave), found.of(WorkingStretch)
        assert columns_of(payee) == columns_of(await session.get_one(Payee, payee.technician_id))
        assert columns_of(leave) == columns_of(await session.get_one(Leave, leave.id))
        assert (stretch.opens, stretch.closes) == (time(9, 30), time(12))
        # Bytes would come back as text.
        with pytest.raises(TypeError):
            gathered._reader(LargeBinary())
    await engine.dispose()
