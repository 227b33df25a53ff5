"""What the back office and technicians themselves set: accounts, skills, weekly hours, leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.availability import Leave, WorkingStretch
from db.models.payees import Payee
from db.models.people import Person, Technician, TechnicianSkill
from db.reads.leaving import was_erased
from db.stores import holds
from db.stores.people import add_person
from domain.availability import WorkingHours, is_free, is_working
from domain.errors import Refusal, Refused
from domain.tickets import Role

EXCLUSION_VIOLATION = "23P01"


async def add(session: AsyncSession, name: str, mail: str) -> str | None:
    """The new technician's id, as yet without skills; None when the address is somebody's already."""
    technician_id = await add_person(session, Role.TECHNICIAN, name, mail)
    if technician_id is not None:
        await session.execute(insert(Technician).values(id=technician_id))
        await session.execute(insert(Payee).values(technician_id=technician_id))
    return technician_id


async def lock(session: AsyncSession, technician_id: str) -> bool:
    """Let nobody else change the technician's settings until the commit. False when there is none, or was
    erased."""
    query = select(Technician.id).where(Technician.id == technician_id).with_for_update(key_share=True)
    if await session.scalar(query) is None:
        return False
    return not await session.scalar(select(was_erased(technician_id)))


async def set_skills(session: AsyncSession, technician_id: str, levels: Mapping[str, int]) -> None:
    """These skills at these levels and no others; what stays as it was is not touched, so that nobody is told
    of a change that is none. The technician is locked."""
    own = TechnicianSkill.technician_id == technician_id
    known = {
        row.skill: row.level
        for row in await session.execute(select(TechnicianSkill.skill, TechnicianSkill.level).where(own))
    }
    await session.execute(
        delete(TechnicianSkill)
        .where(own, TechnicianSkill.skill.in_(known.keys() - levels.keys()))
        .execution_options(synchronize_session=False)
    )
    for skill, level in levels.items():
        if known.get(skill) != level:
            await session.execute(
                insert(TechnicianSkill)
                .values(technician_id=technician_id, skill=skill, level=level)
                .on_conflict_do_update(index_elements=["technician_id", "skill"], set_={"level": level})
            )


async def set_working_hours(session: AsyncSession, technician_id: str, hours: Sequence[WorkingHours]) -> None:
    """These hours, which make a week, and no others; none are the service's opening hours. What stays is not
    touched. Holds outside of them are given up. The technician is locked."""
    rows = await session.scalars(select(WorkingStretch).where(WorkingStretch.technician_id == technician_id))
    known: set[WorkingHours] = set()
    for row in rows:
        stretch = WorkingHours(row.weekday, row.opens, row.closes)
        if stretch in hours:
            known.add(stretch)
        else:
            await session.delete(row)
    await session.flush()
    session.add_all(
        WorkingStretch(technician_id=technician_id, weekday=one.weekday, opens=one.opens, closes=one.closes)
        for one in hours
        if one not in known
    )
    await session.flush()
    await holds.release(session, technician_id, lambda start, end: is_working(hours, start, end))


async def take_leave(
    session: AsyncSession, technician_id: str, start: datetime, end: datetime, recorded_by: str
) -> Leave:
    """Holds during it are given up. Raises `Refused(LEAVE_OVERLAPS)`."""
    leave = Leave(technician_id=technician_id, during=Range(start, end), recorded_by=recorded_by)
    try:
        async with session.begin_nested():
            session.add(leave)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != EXCLUSION_VIOLATION:
            raise
        raise Refused(Refusal.LEAVE_OVERLAPS) from None
    await holds.release(session, technician_id, lambda begin, finish: is_free([(start, end)], begin, finish))
    return leave


async def leave_taken(
    session: AsyncSession, technician_id: str, start: datetime, end: datetime
) -> Leave | None:
    """The technician's leave for exactly that time."""
    return await session.scalar(
        select(Leave).where(Leave.technician_id == technician_id, Leave.during == Range(start, end))
    )


async def give_up_leave(session: AsyncSession, technician_id: str, leave_id: str, now: datetime) -> bool:
    """False when the technician has no such leave. One that is over stays: raises `Refused(LEAVE_PAST)`."""
    leave = await session.scalar(
        select(Leave).where(Leave.id == leave_id, Leave.technician_id == technician_id)
    )
    if leave is None:
        return False
    if leave.during.upper is not None and leave.during.upper <= now:
        raise Refused(Refusal.LEAVE_PAST)
    await session.delete(leave)
    return True


async def vet(session: AsyncSession, technician_id: str, by: str, now: datetime) -> None:
    """From now on they are given clients. Vetted again, it is by whoever did so last. The technician is
    locked."""
    await session.execute(
        update(Technician)
        .where(Technician.id == technician_id)
        .values(vetted_at=now, vetted_by=by)
        .execution_options(synchronize_session=False)
    )


async def suspend(session: AsyncSession, technician_id: str, by: str, now: datetime) -> None:
    """Signed out at once, and given no ticket; holds are given up. Nothing changes for one whose account is
    closed already. The technician is locked."""
    if await _set_active(session, technician_id, False):
        await _set_suspension(session, technician_id, now, by)
        await holds.release(session, technician_id, lambda _start, _end: False)


async def reinstate(session: AsyncSession, technician_id: str) -> None:
    """The technician is locked."""
    if await _set_active(session, technician_id, True):
        await _set_suspension(session, technician_id, None, None)


async def _set_active(session: AsyncSession, technician_id: str, active: bool) -> bool:
    """False when nothing changed."""
    changed = await session.scalar(
        update(Person)
        .where(Person.id == technician_id, Person.active.is_not(active))
        .values(active=active)
        .returning(Person.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


async def _set_suspension(
    session: AsyncSession, technician_id: str, at: datetime | None, by: str | None
) -> None:
    await session.execute(
        update(Technician)
        .where(Technician.id == technician_id)
        .values(suspended_at=at, suspended_by=by)
        .execution_options(synchronize_session=False)
    )
