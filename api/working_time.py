"""A technician's weekly hours and leave, set by themselves or by the back office."""

from api.codes import ApiCode
from api.dependencies import Dependencies
from api.errors import Problem
from api.shapes.technicians import (
    LeaveAsked,
    LeaveView,
    WorkingHoursAsked,
    WorkingHoursView,
    leave_view,
    stretches,
)
from db.reads.availability import leaves_of, working_hours_of
from db.stores import technicians
from db.stores.requests import Asking, remember
from domain.availability import check_leave, check_working_hours


async def read_hours(given: Dependencies, technician_id: str) -> WorkingHoursView:
    async with given.sessions() as session:
        hours = await working_hours_of(session, [technician_id])
    return WorkingHoursView(working_hours=stretches(hours.get(technician_id, [])))


async def replace_hours(
    given: Dependencies, asked: Asking, technician_id: str, body: WorkingHoursAsked
) -> None:
    """Sent again, it does not undo what was set since. Raises `Refused` for hours that make no week, and
    `Problem(TECHNICIAN_NOT_FOUND)`."""
    hours = body.week()
    check_working_hours(hours)
    async with given.sessions.begin() as session:
        if not await technicians.lock(session, technician_id):
            raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
        if (await remember(session, asked)).is_new:
            await technicians.set_working_hours(session, technician_id, hours)


async def read_leaves(given: Dependencies, technician_id: str) -> list[LeaveView]:
    async with given.sessions() as session:
        return [leave_view(leave) for leave in await leaves_of(session, technician_id, given.clock())]


async def take_leave(given: Dependencies, asked: Asking, technician_id: str, body: LeaveAsked) -> LeaveView:
    """Sent again, it finds the leave that was taken. Raises `Refused`, `Problem(TECHNICIAN_NOT_FOUND)`, and
    `Problem(LEAVE_NOT_FOUND)` for a retry whose leave was given up since."""
    async with given.sessions.begin() as session:
        if not await technicians.lock(session, technician_id):
            raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
        if (await remember(session, asked)).is_new:
            check_leave(body.start, body.end, given.clock())
            leave = await technicians.take_leave(session, technician_id, body.start, body.end, asked.actor_id)
            return leave_view(leave)
        taken = await technicians.leave_taken(session, technician_id, body.start, body.end)
        if taken is None:
            raise Problem(ApiCode.LEAVE_NOT_FOUND)
        return leave_view(taken)


async def give_up_leave(given: Dependencies, asked: Asking, technician_id: str, leave_id: str) -> None:
    """Raises `Refused(LEAVE_PAST)` and `Problem(LEAVE_NOT_FOUND)`."""
    async with given.sessions.begin() as session:
        if not (await remember(session, asked)).is_new:
            return
        if not await technicians.give_up_leave(session, technician_id, leave_id, given.clock()):
            raise Problem(ApiCode.LEAVE_NOT_FOUND)
