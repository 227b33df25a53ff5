"""Mails that a mail server refused for good: whoever they were for is to be told by telephone."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import ConfigDict

from api import french
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import COMMAND, SIGNED_IN, problems
from api.errors import Problem
from api.formats import Body, Instant
from api.idempotency import IdempotencyKey, asking
from api.recording import recorded
from api.routes.technicians import InPath
from api.shapes.common import Labelled, Moment, Named, Shape
from db.models.people import Person
from db.reads.refused_mails import Untold, untold_people
from db.stores.mail_notes import note_refused
from db.stores.requests import remember
from domain.accesses import Act, Reading
from domain.catalogue import CATALOGUE
from domain.waiting import look_by_ours, urgency

router = APIRouter(prefix="/v1", tags=["back office"])


class RefusedMail(Shape):
    """`kind.label` completes « Nous vous écrivons… ». `ticket` is null for what is not about one."""

    kind: Labelled
    ticket: str | None
    refused_at: Moment


class UntoldPerson(Shape):
    """`mails` did not reach `person`, the oldest first. `until` is when the last of them was refused,
    `look_by` until when somebody should have told them."""

    person: Named
    role: Labelled
    mails: list[RefusedMail]
    since: Moment
    until: Moment
    look_by: Moment
    urgency: Labelled


class RefusedMails(Shape):
    people: list[UntoldPerson]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "people": [
                        {
                            "person": {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11", "name": "Claire Petit"},
                            "role": {"code": "client", "label": "client"},
                            "mails": [
                                {
                                    "kind": {"code": "booked", "label": "quand un rendez-vous est confirmé"},
                                    "ticket": "00000420",
                                    "refused_at": "2026-11-23T16:12:10+01:00",
                                }
                            ],
                            "since": "2026-11-23T16:12:10+01:00",
                            "until": "2026-11-23T16:12:10+01:00",
                            "look_by": "2026-11-24T09:12:10+01:00",
                            "urgency": {"code": "in_time", "label": "dans les temps"},
                        }
                    ]
                }
            ]
        }
    )


class MailsNoted(Body):
    """`until` is when the last mail was refused that one has been shown: a later one still waits."""

    until: Instant

    model_config = ConfigDict(json_schema_extra={"examples": [{"until": "2026-11-23T16:12:10+01:00"}]})


@router.get(
    "/refused-mails",
    summary="Who was not reached by mail",
    dependencies=[recorded(Reading.QUEUE)],
    responses=problems(*SIGNED_IN),
)
async def read_refused_mails(_: AnyBackOffice, given: Given) -> RefusedMails:
    """Until somebody has noted it. Who waits longest first; of very many, the 500 oldest mails."""
    async with given.sessions() as session:
        found = await untold_people(session)
    now = given.clock()
    return RefusedMails(people=[_shown(one, given, now) for one in found])


@router.post(
    "/people/{person}/refused-mails/noted",
    status_code=204,
    summary="Note that somebody was not reached by mail",
    dependencies=[recorded(Act.REFUSED_MAIL_NOTED, "person")],
    responses=problems(*COMMAND, ApiCode.PERSON_NOT_FOUND),
)
async def note_refused_mails(
    member: AnyBackOffice, person: InPath, body: MailsNoted, key: IdempotencyKey, given: Given
) -> None:
    """Takes them out of the queue: they were told otherwise, or there is nothing to tell. Who noted it, and
    when, is kept with each mail."""
    async with given.sessions.begin() as session:
        if await session.get(Person, person) is None:
            raise Problem(ApiCode.PERSON_NOT_FOUND)
        if (await remember(session, asking(member, key, f"mails_noted {person}", body))).is_new:
            await note_refused(session, person, body.until, member.id)


def _shown(one: Untold, given: Dependencies, now: datetime) -> UntoldPerson:
    by = look_by_ours(one.since, given.deadlines, given.hours)
    pressing = urgency(by, now)
    return UntoldPerson(
        person=Named(id=one.person.id, name=one.person.name),
        role=Labelled(code=one.person.role, label=french.ROLES[one.person.role]),
        mails=[
            RefusedMail(
                kind=Labelled(
                    code=mail.kind,
                    label=CATALOGUE[mail.kind].when if mail.kind in CATALOGUE else french.OTHER_MAIL,
                ),
                ticket=mail.ticket,
                refused_at=mail.refused_at,
            )
            for mail in one.mails
        ],
        since=one.since,
        until=one.until,
        look_by=by,
        urgency=Labelled(code=pressing, label=french.URGENCIES[pressing]),
    )
