"""One person: who they are, what is set about them, their requests, and leaving."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api import french
from api.accepted_texts import IN_FORCE
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.desks.back_office import people_skills
from api.desks.back_office.people_words import DONE, FIELDS, badges_of, noon, papers, week
from api.desks.forms import BLANK, Filled
from api.desks.sections import PEOPLE
from api.desks.showing import desk_page
from api.desks.technician.availability import shown_days
from api.desks.technician.words import STAGES
from api.errors import Problem
from api.pagination import Cursor, cursor_of, place_of
from api.recording import recorded
from api.routes.technicians import InPath
from api.shapes.erasures import erasure_view
from api.shapes.payees import payee_view
from api.shapes.technicians import leave_view
from api.visibility import summary
from db.reads.erasures import outstanding
from db.reads.people import KnownPerson
from db.reads.person_files import PersonFile, TechnicianPart, person_file
from db.reads.tickets import newest_tickets
from domain.accesses import Reading
from domain.erasures import REFLECTION, WHO_LEAVES
from domain.opening_hours import PARIS
from domain.payees import MANDATE, AccountStage, holds
from domain.tickets import Role

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

ON_A_PAGE = 15


@router.get("/personnes/{person}", summary="One person", dependencies=[recorded(Reading.PERSON, "person")])
async def show(
    request: Request, member: AnyBackOffice, person: InPath, given: Given, suite: Cursor = None
) -> HTMLResponse:
    return await person_page(request, member, given, person, suite=suite)


def path_of(person_id: str) -> str:
    return f"{PEOPLE.path}/{person_id}"


async def person_page(
    request: Request,
    member: KnownPerson,
    given: Dependencies,
    person_id: str,
    form: Filled | None = None,
    suite: str | None = None,
) -> HTMLResponse:
    """With the form that was refused, what was wrong. Raises `Problem(PERSON_NOT_FOUND)`."""
    after, now = place_of(suite), given.clock()
    async with given.sessions() as session:
        file = await person_file(session, person_id, now)
        if file is None or file.person.role is Role.SYSTEM:
            raise Problem(ApiCode.PERSON_NOT_FOUND)
        who, erasure = file.person, file.erasure
        known, rows = KnownPerson(who.id, who.role, who.name, who.mail), []
        if who.role in WHO_LEAVES:
            rows = await newest_tickets(session, known, after=after, limit=ON_A_PAGE + 1)
        is_open = erasure is not None and erasure.withdrawn_at is None and erasure.erased_at is None
        waits_for = await outstanding(session, who.id, now) if is_open else ()
    shown = rows[:ON_A_PAGE]
    last = shown[-1].ticket if len(rows) > ON_A_PAGE else None
    return desk_page(
        request,
        member,
        "desk/back_office/people_file.html.j2",
        PEOPLE,
        form=_filled(file, form),
        said=DONE,
        file=file,
        who=who,
        own=path_of(who.id),
        role=french.ROLES[who.role],
        badges=badges_of(file, now.astimezone(PARIS).date()),
        is_oneself=who.id == member.id,
        may_leave=who.role in WHO_LEAVES,
        leaving=erasure_view(erasure, waits_for, now)
        if erasure is not None and erasure.withdrawn_at is None
        else None,
        reflection=REFLECTION,
        texts=[(french.TEXTS[one.text], one, IN_FORCE[one.text] == one.version) for one in file.texts],
        tickets=[summary(row) for row in shown],
        next=cursor_of(last.opened_at, last.number) if last is not None else None,
        is_first=suite is None,
        labels=FIELDS | people_skills.labels(file.skills),
        now=now,
        **(_technician(file.technician, given) if file.technician is not None else {}),
    )


def _filled(file: PersonFile, form: Filled | None) -> Filled:
    """Every form of the page as it is set; the one that was refused as it was typed."""
    part = file.technician
    until = part.payee.vigilance_until if part else None
    shown = form or BLANK.anew()
    known = BLANK.anew(role=file.person.role.value, vigilance_until=until).values
    levels = part.levels if part else {}
    return replace(shown, values={**known, **people_skills.over(levels, shown)})


def _technician(part: TechnicianPart, given: Dependencies) -> dict[str, Any]:
    today = given.clock().astimezone(PARIS).date()
    payee = payee_view(part.payee, holds(part.standing, 0, today))
    leaves = [leave_view(one) for one in part.leaves]
    return {
        "payee": payee,
        "choices": people_skills.CHOICES,
        "missing": [french.UNVETTED[one] for one in part.missing(today)],
        "papers": papers(payee.vigilance_until, today),
        "papers_until": noon(payee.vigilance_until) if payee.vigilance_until else None,
        "mandate_missing": payee.mandate != MANDATE,
        "stage": STAGES[AccountStage(payee.account.code)] if payee.account else None,
        "week": week(part.hours),
        "leaves": [(one, *shown_days(one)) for one in leaves],
    }
