"""The team: who is of it, in which role, and whose account is closed."""

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
from api.shapes.colleagues import ColleagueAsked, Colleagues, ColleagueView, RoleAsked
from api.shapes.common import Labelled
from db.models.people import Person
from db.reads.people import KnownPerson, colleague_with_id, colleagues, person_with_mail
from db.stores import colleagues as team
from db.stores.accesses import record_once
from db.stores.people import add_person
from db.stores.requests import remember
from domain.accesses import Act, Reading
from domain.tickets import Role

router = APIRouter(prefix="/v1/colleagues", tags=["back office"])

InPath = Annotated[Id, Path()]
CHANGE = (*COMMAND, ApiCode.COLLEAGUE_NOT_FOUND, ApiCode.OWN_ACCOUNT, ApiCode.LAST_OF_BACK_OFFICE)


@router.get(
    "", summary="The team", dependencies=[recorded(Reading.COLLEAGUES)], responses=problems(*SIGNED_IN)
)
async def read_colleagues(_: AnyBackOffice, given: Given) -> Colleagues:
    """By name, closed accounts included."""
    async with given.sessions() as session:
        found = await colleagues(session)
    return Colleagues(colleagues=[_view(one) for one in found])


@router.post(
    "",
    status_code=201,
    summary="Add a colleague",
    dependencies=[recorded(Act.COLLEAGUE_ADDED)],
    responses=problems(*COMMAND, ApiCode.MAIL_TAKEN, ApiCode.COLLEAGUE_NOT_FOUND),
)
async def add_colleague(
    person: AnyBackOffice, body: ColleagueAsked, key: IdempotencyKey, given: Given
) -> ColleagueView:
    """They sign in by a link to that address, at once."""
    asked = asking(person, key, "colleague", body)
    async with given.sessions.begin() as session:
        # Entered below, once there is an id to name.
        if (await remember(session, replace(asked, access=None))).is_new:
            colleague_id = await add_person(session, Role(body.role), body.name, body.mail)
            if colleague_id is None:
                raise Problem(ApiCode.MAIL_TAKEN)
        else:
            colleague_id = await person_with_mail(session, body.mail)
        if asked.access is not None and colleague_id is not None:
            await record_once(session, replace(asked.access, subject=colleague_id))
    return await _answer(given, colleague_id)


@router.put(
    "/{colleague}/role",
    summary="Change a colleague's role",
    dependencies=[recorded(Act.COLLEAGUE_ROLE_SET, "colleague")],
    responses=problems(*CHANGE),
)
async def set_role(
    person: AnyBackOffice, colleague: InPath, body: RoleAsked, key: IdempotencyKey, given: Given
) -> ColleagueView:
    """Counts at their next request. Never one's own, and never so that nobody of the back office is left."""
    asked = asking(person, key, f"colleague_role {colleague}", body)
    try:
        async with given.sessions.begin() as session:
            await _lock(session, person, colleague)
            if (await remember(session, asked)).is_new:
                await team.set_role(session, colleague, Role(body.role))
    except team.LastOfBackOffice:
        raise Problem(ApiCode.LAST_OF_BACK_OFFICE) from None
    return await _answer(given, colleague)


@router.post(
    "/{colleague}/closure",
    summary="Close a colleague's account",
    dependencies=[recorded(Act.COLLEAGUE_CLOSED, "colleague")],
    responses=problems(*CHANGE),
)
async def close_account(
    person: AnyBackOffice, colleague: InPath, key: IdempotencyKey, given: Given
) -> ColleagueView:
    """Signed out everywhere at once. Never one's own, and never so that nobody of the back office is left."""
    asked = asking(person, key, f"colleague_closure {colleague}", None)
    try:
        async with given.sessions.begin() as session:
            await _lock(session, person, colleague)
            if (await remember(session, asked)).is_new:
                await team.close(session, colleague)
    except team.LastOfBackOffice:
        raise Problem(ApiCode.LAST_OF_BACK_OFFICE) from None
    return await _answer(given, colleague)


@router.post(
    "/{colleague}/reopening",
    summary="Reopen a colleague's account",
    dependencies=[recorded(Act.COLLEAGUE_REOPENED, "colleague")],
    responses=problems(*CHANGE),
)
async def reopen_account(
    person: AnyBackOffice, colleague: InPath, key: IdempotencyKey, given: Given
) -> ColleagueView:
    """Of somebody who is back, or whose account was closed by mistake: with the role and the second factor
    that they had. They sign in anew."""
    asked = asking(person, key, f"colleague_reopening {colleague}", None)
    async with given.sessions.begin() as session:
        await _lock(session, person, colleague)
        if (await remember(session, asked)).is_new:
            await team.reopen(session, colleague)
    return await _answer(given, colleague)


async def _lock(session: AsyncSession, person: KnownPerson, colleague_id: str) -> None:
    if colleague_id == person.id:
        raise Problem(ApiCode.OWN_ACCOUNT)
    if not await team.lock(session, colleague_id):
        raise Problem(ApiCode.COLLEAGUE_NOT_FOUND)


async def _answer(given: Dependencies, colleague_id: str | None) -> ColleagueView:
    """As they are now. Raises `Problem(COLLEAGUE_NOT_FOUND)`."""
    async with given.sessions() as session:
        found = await colleague_with_id(session, colleague_id) if colleague_id else None
    if found is None:
        raise Problem(ApiCode.COLLEAGUE_NOT_FOUND)
    return _view(found)


def _view(found: Person) -> ColleagueView:
    role = Labelled(code=found.role, label=french.ROLES[found.role])
    return ColleagueView(id=found.id, name=found.name, mail=found.mail, role=role, active=found.active)
