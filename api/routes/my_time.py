"""When a technician works, set by themselves."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.auth import AnyTechnician
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import COMMAND, SIGNED_IN, problems
from api.formats import Id
from api.idempotency import IdempotencyKey, asking
from api.shapes.technicians import LeaveAsked, Leaves, LeaveView, WorkingHoursAsked, WorkingHoursView
from api.working_time import give_up_leave, read_hours, read_leaves, replace_hours, take_leave
from domain.errors import Refusal

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("/working-hours", summary="My weekly hours", responses=problems(*SIGNED_IN))
async def read_my_hours(person: AnyTechnician, given: Given) -> WorkingHoursView:
    """Empty: whenever the service is open."""
    return await read_hours(given, person.id)


@router.put(
    "/working-hours",
    summary="Set my weekly hours",
    responses=problems(
        *COMMAND,
        ApiCode.TECHNICIAN_NOT_FOUND,
        Refusal.WORKING_HOURS_ORDER,
        Refusal.WORKING_HOURS_OVERLAP,
    ),
)
async def set_my_hours(
    person: AnyTechnician, body: WorkingHoursAsked, key: IdempotencyKey, given: Given
) -> WorkingHoursView:
    """The whole week, in place of the one before. Appointments outside of it are given to somebody else."""
    await replace_hours(given, asking(person, key, f"working_hours {person.id}", body), person.id, body)
    return await read_hours(given, person.id)


@router.get("/leaves", summary="My leave", responses=problems(*SIGNED_IN))
async def read_my_leaves(person: AnyTechnician, given: Given) -> Leaves:
    """What is not over, in order."""
    return Leaves(leaves=await read_leaves(given, person.id))


@router.post(
    "/leaves",
    status_code=201,
    summary="Take leave",
    responses=problems(
        *COMMAND,
        ApiCode.TECHNICIAN_NOT_FOUND,
        ApiCode.LEAVE_NOT_FOUND,
        Refusal.LEAVE_ORDER,
        Refusal.LEAVE_PAST,
        Refusal.LEAVE_OVERLAPS,
    ),
)
async def take_my_leave(
    person: AnyTechnician, body: LeaveAsked, key: IdempotencyKey, given: Given
) -> LeaveView:
    """Appointments during it are given to somebody else. A retry whose leave was given up since is answered
    `leave_not_found`."""
    return await take_leave(given, asking(person, key, f"leave {person.id}", body), person.id, body)


@router.delete(
    "/leaves/{leave}",
    status_code=204,
    summary="Give up leave",
    responses=problems(*COMMAND, ApiCode.LEAVE_NOT_FOUND, Refusal.LEAVE_PAST),
)
async def give_up_my_leave(
    person: AnyTechnician, leave: Annotated[Id, Path()], key: IdempotencyKey, given: Given
) -> None:
    """Possible until it is over."""
    await give_up_leave(given, asking(person, key, f"give_up_leave {leave}", None), person.id, leave)
