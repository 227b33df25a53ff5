"""Technicians who apply, and what the back office answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.accepted_texts import check_privacy_in_force
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.cross_site import refuse_other_sites
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.documentation import COMMAND, SIGNED_IN, THROUGH_TEMPORAL, problems
from api.errors import Problem
from api.formats import Id
from api.idempotency import IdempotencyKey, asking
from api.pagination import Cursor, Limit, cursor_of, place_of
from api.processes import Workflows
from api.recording import recorded
from api.routes.sign_in import BODY
from api.shapes.applications import (
    AcceptanceAsked,
    ApplicationAsked,
    ApplicationReceived,
    Applications,
    ApplicationView,
    RefusalAsked,
    application_view,
)
from api.sign_in_links import network_mark, too_many
from api.skill_levels import known_levels
from db.askers import Purpose, for_purpose
from db.models.admissions import Application
from db.reads import admissions
from db.stores import applications, technicians
from db.stores.asking_limits import TooManyLinks
from db.stores.requests import remember
from domain.accesses import Act, Reading
from domain.admissions import AdmissionLetter, AdmissionLetterRequest
from domain.errors import Refusal
from domain.sign_ins import mark

router = APIRouter(prefix="/v1/applications", tags=["technicians"])

InPath = Annotated[Id, Path()]
DECISION = (*THROUGH_TEMPORAL, ApiCode.APPLICATION_NOT_FOUND, ApiCode.APPLICATION_DECIDED)


@router.post(
    "",
    status_code=202,
    summary="Apply as a technician",
    responses=problems(
        *BODY,
        ApiCode.CROSS_SITE_REQUEST,
        ApiCode.TOO_MANY_SIGN_UPS,
        ApiCode.CONSENT_TEXT_OUTDATED,
        Refusal.UNKNOWN_SKILL,
        ApiCode.NO_WORKER,
        ApiCode.TEMPORAL_UNAVAILABLE,
    ),
)
async def apply(
    body: ApplicationAsked, given: Given, workflows: GivenWorkflows, request: Request
) -> ApplicationReceived:
    """A mail says that it has come. The answer is the same whether anybody has that address. Too many for an
    address, or from a network address, are refused for up to an hour."""
    refuse_other_sites(request, given.public_url)
    check_privacy_in_force(body.privacy)
    at = given.clock()
    try:
        async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session, session.begin():
            applied = applications.Applied(
                name=body.name,
                mail=body.mail,
                skills=await known_levels(session, body.skills),
                text=body.text,
                privacy=body.privacy,
                mail_mark=mark(given.token_key, "mail", body.mail),
                network_mark=network_mark(given, request),
                at=at,
            )
            application_id = await applications.apply(session, applied)
    except TooManyLinks as full:
        raise too_many(full, at, ApiCode.TOO_MANY_SIGN_UPS) from None
    try:
        await _tell(workflows, AdmissionLetter.APPLICATION_RECEIVED, application_id)
    except Problem:
        # Whoever is told to try again must be able to.
        async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session, session.begin():
            await applications.withdraw(session, application_id)
        raise
    return ApplicationReceived(received=True)


@router.get(
    "",
    summary="The applications",
    dependencies=[recorded(Reading.APPLICATIONS)],
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT),
)
async def read_applications(
    _: AnyBackOffice,
    given: Given,
    open_only: Annotated[bool, Query(alias="open", description="Only those without an answer.")] = True,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Applications:
    """The oldest first. They go a year after their answer, or after they came if there is none."""
    after = place_of(cursor, lambda text: str(UUID(text)))
    async with given.sessions() as session:
        found = await admissions.applications(session, open_only=open_only, after=after, limit=limit + 1)
    page, more = found[:limit], len(found) > limit
    return Applications(
        applications=[application_view(one) for one in page],
        next=cursor_of(page[-1].asked_at, page[-1].id) if more else None,
    )


@router.post(
    "/{application}/acceptance",
    summary="Accept an application",
    dependencies=[recorded(Act.APPLICATION_ACCEPTED, "application")],
    responses=problems(*DECISION, ApiCode.MAIL_TAKEN, Refusal.UNKNOWN_SKILL),
)
async def accept(
    person: AnyBackOffice,
    application: InPath,
    body: AcceptanceAsked,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
) -> ApplicationView:
    """Makes the technician, with these skills. They complete their file, and are given clients once they were
    vetted (`POST /v1/technicians/{technician}/vetting`)."""
    asked = asking(person, key, f"acceptance {application}", body)
    async with given.sessions.begin() as session:
        found = await _locked(session, application)
        if (await remember(session, asked)).is_new:
            _refuse_decided(found)
            levels = await known_levels(session, body.skills)
            technician_id = await technicians.add(session, found.name, found.mail)
            if technician_id is None:
                raise Problem(ApiCode.MAIL_TAKEN)
            await technicians.set_skills(session, technician_id, levels)
            applications.accept(found, technician_id, person.id, given.clock())
    await _tell(workflows, AdmissionLetter.APPLICATION_ACCEPTED, application)
    return await _answer(given, application)


@router.post(
    "/{application}/refusal",
    summary="Refuse an application",
    dependencies=[recorded(Act.APPLICATION_REFUSED, "application")],
    responses=problems(*DECISION),
)
async def refuse(
    person: AnyBackOffice,
    application: InPath,
    body: RefusalAsked,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
) -> ApplicationView:
    """The person is told, with the reason."""
    asked = asking(person, key, f"refusal {application}", body)
    async with given.sessions.begin() as session:
        found = await _locked(session, application)
        if (await remember(session, asked)).is_new:
            _refuse_decided(found)
            applications.refuse(found, body.reason, person.id, given.clock())
    await _tell(workflows, AdmissionLetter.APPLICATION_REFUSED, application)
    return await _answer(given, application)


@router.delete(
    "/{application}",
    status_code=204,
    summary="Delete an application",
    dependencies=[recorded(Act.APPLICATION_DELETED, "application")],
    responses=problems(*COMMAND, ApiCode.APPLICATION_NOT_FOUND),
)
async def delete(person: AnyBackOffice, application: InPath, key: IdempotencyKey, given: Given) -> None:
    """For who asks for it, answered or not. A technician whom it has made stays."""
    asked = asking(person, key, f"delete_application {application}", None)
    async with given.sessions.begin() as session:
        if (await remember(session, asked)).is_new:
            await _locked(session, application)
            await applications.withdraw(session, application)


async def _tell(workflows: Workflows, kind: AdmissionLetter, application_id: str) -> None:
    await workflows.send_admission_letter(AdmissionLetterRequest(kind, application_id))


async def _locked(session: AsyncSession, application_id: str) -> Application:
    found = await applications.locked(session, application_id)
    if found is None:
        raise Problem(ApiCode.APPLICATION_NOT_FOUND)
    return found


def _refuse_decided(found: Application) -> None:
    if found.decided_at is not None:
        raise Problem(ApiCode.APPLICATION_DECIDED)


async def _answer(given: Dependencies, application_id: str) -> ApplicationView:
    async with given.sessions() as session:
        found = await admissions.find_application(session, application_id)
    if found is None:
        raise Problem(ApiCode.APPLICATION_NOT_FOUND)
    return application_view(found)
