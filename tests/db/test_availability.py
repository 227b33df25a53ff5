"""What the database says about who can work, in the words of the rules."""

from datetime import UTC, datetime, time, timedelta

from db.engine import Sessions
from db.reads.availability import technician_can_keep
from db.reads.busy import busy
from db.reads.candidates import candidates
from domain.availability import Agenda, WorkingHours
from domain.matching import Candidate, choose
from tests.api.rows import a_ticket, insert
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database

# A Tuesday; 10:00 in Paris.
TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = TEN - HOUR


def works(database: Database, technician: str, opens: str, closes: str, weekday: int = 1) -> None:
    insert(database, "working_hours", technician_id=technician, weekday=weekday, opens=opens, closes=closes)


def on_leave(database: Database, technician: str, start: datetime, end: datetime) -> None:
    insert(
        database,
        "leaves",
        technician_id=technician,
        during=f"[{start.isoformat()},{end.isoformat()})",
        recorded_by=technician,
    )


async def test_candidates_are_everybody_active_with_what_speaks_for_and_against(
    database: Database, worker: Sessions
) -> None:
    plain, expert, away, resting, other, gone = (a_technician(database) for _ in range(6))
    database.execute("UPDATE technician_skills SET level = 3 WHERE technician_id = %s", expert)
    on_leave(database, away, TEN + HOUR / 2, TEN + 3 * HOUR)
    on_leave(database, plain, TEN - 5 * HOUR, TEN)
    works(database, resting, "08:00", "10:30")
    works(database, plain, "08:00", "10:30")
    works(database, plain, "10:30", "12:00")
    database.execute("UPDATE technician_skills SET skill = 'mail' WHERE technician_id = %s", other)
    database.execute("UPDATE people SET active = false WHERE id = %s", gone)
    async with worker() as session:
        found = await candidates(session, "internet", TEN, TEN + HOUR, NOW)
    expected = [
        Candidate(plain, 1, True, False, True, 0, None),
        Candidate(expert, 3, True, False, True, 0, None),
        Candidate(away, 1, True, True, True, 0, None),
        Candidate(resting, 1, False, False, True, 0, None),
        Candidate(other, None, True, False, True, 0, None),
    ]
    assert found == sorted(expected, key=lambda one: one.technician_id)
    assert choose(found, 2).reasons == {
        plain: "lacks_level",
        expert: "chosen",
        away: "lacks_level",
        resting: "lacks_level",
        other: "lacks_skill",
    }


async def test_the_agenda_of_the_able_has_leave_among_what_is_taken(
    database: Database, worker: Sessions
) -> None:
    client, plain, expert, gone = a_client(database), *(a_technician(database) for _ in range(3))
    database.execute("UPDATE technician_skills SET level = 2 WHERE technician_id = %s", expert)
    database.execute("UPDATE people SET active = false WHERE id = %s", gone)
    on_leave(database, expert, TEN, TEN + 2 * HOUR)
    on_leave(database, expert, TEN + 20 * HOUR, TEN + 21 * HOUR)
    works(database, expert, "14:00", "18:00")
    works(database, expert, "09:00", "12:00")
    insert(
        database,
        "bookings",
        technician_id=expert,
        during=f"[{(TEN + 3 * HOUR).isoformat()},{(TEN + 4 * HOUR).isoformat()})",
        state="held",
        skill="internet",
        hold_expires_at=TEN,
    )
    week = [WorkingHours(1, time(9), time(12)), WorkingHours(1, time(14), time(18))]
    taken = [(TEN + 3 * HOUR, TEN + 4 * HOUR), (TEN, TEN + 2 * HOUR)]
    async with worker() as session:
        everybody = await busy(session, "internet", NOW, TEN + 9 * HOUR, NOW, client)
        able = await busy(session, "internet", NOW, TEN + 9 * HOUR, NOW, client, 2)
    assert able == {expert: Agenda(taken, week)}
    assert everybody == {plain: Agenda([], ()), expert: Agenda(taken, week)}


async def test_a_technician_keeps_a_ticket_while_they_work_for_all_of_it(
    database: Database, worker: Sessions
) -> None:
    client, technician, other = a_client(database), a_technician(database), a_technician(database)
    mine = a_ticket(database, client, technician, start=TEN)
    nobodys = a_ticket(database, client, None, status="to_assign", start=TEN)

    async def kept(number: str = mine) -> bool:
        async with worker() as session:
            return await technician_can_keep(session, number)

    assert await kept()
    assert not await kept(nobodys)
    assert not await kept("99999999")
    on_leave(database, technician, TEN - HOUR, TEN)
    on_leave(database, technician, TEN + HOUR, TEN + 2 * HOUR)
    on_leave(database, other, TEN, TEN + HOUR)
    works(database, other, "12:00", "13:00")
    assert await kept()
    on_leave(database, technician, TEN + HOUR / 2, TEN + HOUR)
    assert not await kept()
    database.execute("DELETE FROM leaves")
    works(database, technician, "08:00", "10:59")
    assert not await kept()
    database.execute("UPDATE working_hours SET closes = '11:00' WHERE technician_id = %s", technician)
    assert await kept()
    database.execute("UPDATE people SET active = false WHERE id = %s", technician)
    assert not await kept()
