"""Accounts that the back office opens for clients on the phone."""

from dataclasses import replace

from fastapi import APIRouter

from api.accepted_texts import IN_FORCE
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Given, GivenWorkflows
from api.documentation import THROUGH_TEMPORAL, problems
from api.errors import Problem
from api.idempotency import IdempotencyKey, asking
from api.recording import recorded
from api.shapes.admissions import ClientAsked, ClientView
from db.reads.people import active_person, person_with_mail
from db.stores.accesses import record_once
from db.stores.admissions import accept_texts
from db.stores.people import add_person
from db.stores.requests import remember
from domain.accesses import Act
from domain.admissions import AdmissionLetter, AdmissionLetterRequest
from domain.tickets import Role

router = APIRouter(prefix="/v1/clients", tags=["back office"])


@router.post(
    "",
    status_code=201,
    summary="Open an account for a client",
    dependencies=[recorded(Act.CLIENT_ADDED)],
    responses=problems(*THROUGH_TEMPORAL, ApiCode.MAIL_TAKEN, ApiCode.UNKNOWN_CLIENT),
)
async def add_client(
    person: AnyBackOffice, body: ClientAsked, key: IdempotencyKey, given: Given, workflows: GivenWorkflows
) -> ClientView:
    """Who phones. They are told by a mail, which leads to the sign-in and to the texts. What was agreed to on
    the phone is recorded with who has heard it. A retry whose account was closed since is answered
    `unknown_client`."""
    asked = asking(person, key, "client", body)
    async with given.sessions.begin() as session:
        # Entered below, once there is an id to name.
        if (await remember(session, replace(asked, access=None))).is_new:
            client_id = await add_person(session, Role.CLIENT, body.name, body.mail)
            if client_id is None:
                raise Problem(ApiCode.MAIL_TAKEN)
            if body.accepts_terms:
                await accept_texts(session, client_id, IN_FORCE, given.clock(), person.id)
        else:
            client_id = await person_with_mail(session, body.mail)
        if asked.access is not None and client_id is not None:
            await record_once(session, replace(asked.access, subject=client_id))
        client = await active_person(session, client_id) if client_id else None
    if client is None or client.role is not Role.CLIENT:
        raise Problem(ApiCode.UNKNOWN_CLIENT)
    await workflows.send_admission_letter(AdmissionLetterRequest(AdmissionLetter.CLIENT_ADDED, client.id))
    return ClientView(id=client.id, name=client.name, mail=client.mail)
