"""What a client agreed to for their account, and their own name."""

from fastapi import APIRouter

from api import french
from api.accepted_texts import IN_FORCE, check_in_force
from api.auth import AnyClient
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import COMMAND, SIGNED_IN, problems
from api.idempotency import IdempotencyKey, asking
from api.shapes.admissions import (
    AcceptedTextView,
    AcceptTexts,
    ClientView,
    MyConsents,
    NameAsked,
)
from api.shapes.common import Labelled
from db.reads.admissions import accepted_texts_of
from db.reads.people import KnownPerson, active_person
from db.stores.admissions import accept_texts
from db.stores.people import rename_client
from db.stores.requests import remember
from domain.admissions import AcceptedText

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("/consents", summary="What I agreed to", responses=problems(*SIGNED_IN))
async def read_consents(person: AnyClient, given: Given) -> MyConsents:
    """For the account; what was agreed to for one request is in its file."""
    return await _shown(given, person)


@router.post(
    "/consents",
    status_code=201,
    summary="Accept the texts in force",
    responses=problems(*COMMAND, ApiCode.CONSENT_TEXT_OUTDATED),
)
async def accept(person: AnyClient, body: AcceptTexts, key: IdempotencyKey, given: Given) -> MyConsents:
    """Needed before the next request when the terms have changed. Accepted again, the first time stays."""
    check_in_force(body.terms, body.privacy)
    async with given.sessions.begin() as session:
        if (await remember(session, asking(person, key, "consents", body))).is_new:
            versions = {AcceptedText.TERMS: body.terms, AcceptedText.PRIVACY: body.privacy}
            await accept_texts(session, person.id, versions, given.clock())
    return await _shown(given, person)


@router.put("", summary="Change my name", responses=problems(*COMMAND))
async def change_name(person: AnyClient, body: NameAsked, key: IdempotencyKey, given: Given) -> ClientView:
    """For mails and documents to come; those before stay as they are."""
    async with given.sessions.begin() as session:
        if (await remember(session, asking(person, key, "name", body))).is_new:
            await rename_client(session, person.id, body.name)
        now = await active_person(session, person.id) or person
    return ClientView(id=now.id, name=now.name, mail=now.mail)


async def _shown(given: Dependencies, person: KnownPerson) -> MyConsents:
    async with given.sessions() as session:
        found = await accepted_texts_of(session, person.id)
    terms = (AcceptedText.TERMS, IN_FORCE[AcceptedText.TERMS])
    return MyConsents(
        up_to_date=terms in {(one.text, one.version) for one in found},
        consents=[
            AcceptedTextView(
                text=Labelled(code=one.text, label=french.TEXTS[one.text]),
                version=one.version,
                accepted_at=one.accepted_at,
                by_phone=one.recorded_by != person.id,
            )
            for one in found
        ],
    )
