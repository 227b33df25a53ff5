"""The back office's technicians: who they are, what they can do, when they work, and whether they do."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.ext.asyncio import AsyncSession

from api import french
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import COMMAND, SIGNED_IN, problems
from api.errors import Problem
from api.formats import Id
from api.idempotency import IdempotencyKey, asking
from api.recording import recorded
from api.shapes.technicians import (
    LeaveAsked,
    LeaveView,
    SkillsAsked,
    TechnicianAsked,
    Technicians,
    TechnicianView,
    WorkingHoursAsked,
    technician_view,
)
from api.skill_levels import known_levels
from api.working_time import give_up_leave, replace_hours, take_leave
from db.reads.payees import standings
from db.reads.people import skills_of
from db.reads.technicians import all_technicians, technician_file, technician_of_mail
from db.stores import technicians
from db.stores.accesses import record_once
from db.stores.requests import remember
from domain.accesses import Act, Reading
from domain.errors import Refusal
from domain.opening_hours import PARIS
from domain.vetting import missing

router = APIRouter(prefix="/v1/technicians", tags=["back office"])

InPath = Annotated[Id, Path()]
SETTING = (*COMMAND, ApiCode.TECHNICIAN_NOT_FOUND)


@router.get(
    "",
    summary="The technicians",
    dependencies=[recorded(Reading.TECHNICIANS)],
    responses=problems(*SIGNED_IN),
)
async def read_technicians(_: AnyBackOffice, given: Given) -> Technicians:
    """By name: skills with levels, weekly hours, and the leave that is not over."""
    async with given.sessions() as session:
        found = await all_technicians(session, given.clock())
    today = given.clock().astimezone(PARIS).date()
    return Technicians(technicians=[technician_view(one, today) for one in found])


@router.post(
    "",
    status_code=201,
    summary="Add a technician",
    dependencies=[recorded(Act.TECHNICIAN_ENROLLED)],
    responses=problems(*SETTING, ApiCode.MAIL_TAKEN, Refusal.UNKNOWN_SKILL),
)
async def add_technician(
    person: AnyBackOffice, body: TechnicianAsked, key: IdempotencyKey, given: Given
) -> TechnicianView:
    """They are given clients once they were vetted; then whenever the service is open, until hours are
    set."""
    asked = asking(person, key, "technician", body)
    async with given.sessions.begin() as session:
        # Entered below, once there is an id to name.
        if (await remember(session, replace(asked, access=None))).is_new:
            levels = await known_levels(session, body.skills)
            technician_id = await technicians.add(session, body.name, body.mail)
            if technician_id is None:
                raise Problem(ApiCode.MAIL_TAKEN)
            await technicians.set_skills(session, technician_id, levels)
        else:
            technician_id = await technician_of_mail(session, body.mail)
        if asked.access is not None and technician_id is not None:
            await record_once(session, replace(asked.access, subject=technician_id))
    return await _answer(given, technician_id)


@router.put(
    "/{technician}/skills",
    summary="Set a technician's skills",
    dependencies=[recorded(Act.SKILLS_SET, "technician")],
    responses=problems(*SETTING, Refusal.UNKNOWN_SKILL),
)
async def set_skills(
    person: AnyBackOffice, technician: InPath, body: SkillsAsked, key: IdempotencyKey, given: Given
) -> TechnicianView:
    """All of them, in place of those before. Appointments already booked stay."""
    asked = asking(person, key, f"skills {technician}", body)
    async with given.sessions.begin() as session:
        await _lock(session, technician)
        if (await remember(session, asked)).is_new:
            await technicians.set_skills(session, technician, await known_levels(session, body.skills))
    return await _answer(given, technician)


@router.put(
    "/{technician}/working-hours",
    summary="Set a technician's weekly hours",
    dependencies=[recorded(Act.WORKING_HOURS_SET, "technician")],
    responses=problems(*SETTING, Refusal.WORKING_HOURS_ORDER, Refusal.WORKING_HOURS_OVERLAP),
)
async def set_working_hours(
    person: AnyBackOffice, technician: InPath, body: WorkingHoursAsked, key: IdempotencyKey, given: Given
) -> TechnicianView:
    """The whole week, in place of the one before. Appointments outside of it are given to somebody else."""
    await replace_hours(given, asking(person, key, f"working_hours {technician}", body), technician, body)
    return await _answer(given, technician)


@router.post(
    "/{technician}/leaves",
    status_code=201,
    summary="Record a technician's leave",
    dependencies=[recorded(Act.LEAVE_RECORDED, "technician")],
    responses=problems(
        *SETTING, ApiCode.LEAVE_NOT_FOUND, Refusal.LEAVE_ORDER, Refusal.LEAVE_PAST, Refusal.LEAVE_OVERLAPS
    ),
)
async def record_leave(
    person: AnyBackOffice, technician: InPath, body: LeaveAsked, key: IdempotencyKey, given: Given
) -> LeaveView:
    """Appointments during it are given to somebody else. A retry whose leave was given up since is answered
    `leave_not_found`."""
    return await take_leave(given, asking(person, key, f"leave {technician}", body), technician, body)


@router.delete(
    "/{technician}/leaves/{leave}",
    status_code=204,
    summary="Delete a technician's leave",
    dependencies=[recorded(Act.LEAVE_DELETED, "technician", "leave")],
    responses=problems(*COMMAND, ApiCode.LEAVE_NOT_FOUND, Refusal.LEAVE_PAST),
)
async def delete_leave(
    person: AnyBackOffice, technician: InPath, leave: InPath, key: IdempotencyKey, given: Given
) -> None:
    """Possible until it is over."""
    await give_up_leave(given, asking(person, key, f"give_up_leave {leave}", None), technician, leave)


@router.post(
    "/{technician}/vetting",
    summary="Vet a technician",
    dependencies=[recorded(Act.TECHNICIAN_VETTED, "technician")],
    responses=problems(*SETTING, ApiCode.VETTING_INCOMPLETE),
)
async def vet_technician(
    person: AnyBackOffice, technician: InPath, key: IdempotencyKey, given: Given
) -> TechnicianView:
    """Says that this person is who they say, can do what is set, and may be given clients from now on. Wants
    their identity as a business, the mandate they signed, papers that are good today, and a skill; `missing`
    names what is not there."""
    asked = asking(person, key, f"vetting {technician}", None)
    async with given.sessions.begin() as session:
        await _lock(session, technician)
        if (await remember(session, asked)).is_new:
            standing = (await standings(session, [technician]))[technician]
            has_skills = bool(await skills_of(session, technician))
            today = given.clock().astimezone(PARIS).date()
            if lacking := missing(standing, has_skills=has_skills, today=today):
                labels = [{"code": one.value, "label": french.UNVETTED[one]} for one in lacking]
                raise Problem(ApiCode.VETTING_INCOMPLETE, missing=labels)
            await technicians.vet(session, technician, person.id, given.clock())
    return await _answer(given, technician)


@router.post(
    "/{technician}/suspension",
    summary="Suspend a technician",
    dependencies=[recorded(Act.TECHNICIAN_SUSPENDED, "technician")],
    responses=problems(*SETTING),
)
async def suspend_technician(
    person: AnyBackOffice, technician: InPath, key: IdempotencyKey, given: Given
) -> TechnicianView:
    """Signed out at once and given no new request; the appointments to come are given to somebody else."""
    asked = asking(person, key, f"suspension {technician}", None)
    async with given.sessions.begin() as session:
        await _lock(session, technician)
        if (await remember(session, asked)).is_new:
            await technicians.suspend(session, technician, person.id, given.clock())
    return await _answer(given, technician)


@router.post(
    "/{technician}/reinstatement",
    summary="Reinstate a technician",
    dependencies=[recorded(Act.TECHNICIAN_REINSTATED, "technician")],
    responses=problems(*SETTING),
)
async def reinstate_technician(
    person: AnyBackOffice, technician: InPath, key: IdempotencyKey, given: Given
) -> TechnicianView:
    """Ends a suspension, or brings back somebody who had left."""
    asked = asking(person, key, f"reinstatement {technician}", None)
    async with given.sessions.begin() as session:
        await _lock(session, technician)
        if (await remember(session, asked)).is_new:
            await technicians.reinstate(session, technician)
    return await _answer(given, technician)


async def _lock(session: AsyncSession, technician_id: str) -> None:
    if not await technicians.lock(session, technician_id):
        raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)


async def _answer(given: Dependencies, technician_id: str | None) -> TechnicianView:
    """As they are now. Raises `Problem(TECHNICIAN_NOT_FOUND)`."""
    async with given.sessions() as session:
        found = await technician_file(session, technician_id, given.clock()) if technician_id else None
    if found is None:
        raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
    return technician_view(found, given.clock().astimezone(PARIS).date())
