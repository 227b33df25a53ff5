"""What the team does of a technician: skills, papers, vetting, leave, the bank, suspending."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.dependencies import Dependencies, Given
from api.desks.back_office import people_skills
from api.desks.back_office.people_acts import Acting, on_technician
from api.desks.back_office.people_file import path_of
from api.desks.back_office.people_words import DONE
from api.desks.forms import BLANK, Filled, SentForm, settled
from api.desks.sections import PEOPLE
from api.desks.showing import desk_page, done
from api.desks.technician.availability import LeaveDays, leave_of
from api.payees import shown
from api.recording import recorded
from api.routes import payees, technicians
from api.routes.technicians import InPath
from api.shapes.payees import IdentityAsked, PapersAsked
from api.shapes.technicians import SkillsAsked
from db.reads.people import KnownPerson
from domain.accesses import Act, Reading

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix=f"{PEOPLE.path}/{{technician}}", tags=["pages"], include_in_schema=False)


Does = Annotated[Acting, Depends(on_technician)]


@router.post(
    "/competences",
    summary="Set a technician’s skills, from the page",
    dependencies=[recorded(Act.SKILLS_SET, "technician")],
)
async def set_skills(person: AnyBackOffice, does: Does) -> Response:
    async def setting() -> None:
        body = SkillsAsked.model_validate(people_skills.said(does.form), strict=False)
        await technicians.set_skills(person, does.whom, body, does.form.key, does.given)

    return await does(setting, "competences", lambda trouble: people_skills.renamed(trouble, does.form))


@router.post(
    "/agrement",
    summary="Vet a technician, from the page",
    dependencies=[recorded(Act.TECHNICIAN_VETTED, "technician")],
)
async def vet(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: technicians.vet_technician(person, does.whom, does.form.key, does.given), "agrement"
    )


@router.post(
    "/attestation",
    summary="Record a technician’s papers, from the page",
    dependencies=[recorded(Act.PAPERS_RECORDED, "technician")],
)
async def set_papers(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: payees.set_papers(person, does.whom, does.form.body(PapersAsked), does.form.key, does.given),
        "attestation",
    )


@router.post(
    "/conges",
    summary="Record a technician’s leave, from the page",
    dependencies=[recorded(Act.LEAVE_RECORDED, "technician")],
)
async def record_leave(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: technicians.record_leave(
            person, does.whom, leave_of(does.form.body(LeaveDays)), does.form.key, does.given
        ),
        "conges",
    )


@router.post(
    "/conges/{leave}",
    summary="Delete a technician’s leave, from the page",
    dependencies=[recorded(Act.LEAVE_DELETED, "technician", "leave")],
)
async def delete_leave(person: AnyBackOffice, leave: InPath, does: Does) -> Response:
    return await does(
        lambda: technicians.delete_leave(person, does.whom, leave, does.form.key, does.given), "annules"
    )


@router.post(
    "/banque/confirmer",
    summary="Confirm a technician’s change of bank, from the page",
    dependencies=[recorded(Act.BANK_CONFIRMED, "technician")],
)
async def confirm_bank(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: payees.confirm(person, does.whom, does.form.key, does.given), "banque-confirmee"
    )


@router.post(
    "/banque/refuser",
    summary="Refuse a technician’s change of bank, from the page",
    dependencies=[recorded(Act.BANK_REFUSED, "technician")],
)
async def refuse_bank(person: AnyBackOffice, does: Does) -> Response:
    return await does(lambda: payees.refuse(person, does.whom, does.form.key, does.given), "banque-refusee")


@router.post(
    "/suspendre",
    summary="Suspend a technician, from the page",
    dependencies=[recorded(Act.TECHNICIAN_SUSPENDED, "technician")],
)
async def suspend(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: technicians.suspend_technician(person, does.whom, does.form.key, does.given), "suspendu"
    )


@router.post(
    "/retablir",
    summary="Reinstate a technician, from the page",
    dependencies=[recorded(Act.TECHNICIAN_REINSTATED, "technician")],
)
async def reinstate(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: technicians.reinstate_technician(person, does.whom, does.form.key, does.given),
        "retabli",
    )


@router.get(
    "/identite",
    summary="The page to set a technician’s identity as a business",
    dependencies=[recorded(Reading.PAYEE, "technician")],
)
async def show_identity(
    request: Request, person: AnyBackOffice, technician: InPath, given: Given
) -> HTMLResponse:
    return await _identity_page(request, person, given, technician)


@router.post(
    "/identite",
    summary="Set a technician’s identity as a business, from the page",
    dependencies=[recorded(Act.IDENTITY_SET, "technician")],
)
async def set_identity(
    request: Request, person: AnyBackOffice, technician: InPath, given: Given, form: SentForm
) -> Response:
    return await settled(
        form,
        lambda: payees.set_identity(person, technician, form.body(IdentityAsked), form.key, given),
        done(path_of(technician), "identite"),
        lambda again: _identity_page(request, person, given, technician, again),
    )


async def _identity_page(
    request: Request, person: KnownPerson, given: Dependencies, technician: str, form: Filled | None = None
) -> HTMLResponse:
    """A tax number is not shown again: left empty, it stays as it is."""
    payee = await shown(given, technician)
    known = payee.model_dump(include=set(IdentityAsked.model_fields) - {"tax_number", "is_company"})
    kind = None if payee.is_company is None else str(payee.is_company).lower()
    return desk_page(
        request,
        person,
        "desk/back_office/people_identity.html.j2",
        PEOPLE,
        form=form or BLANK.anew(**known, is_company=kind),
        said=DONE,
        payee=payee,
        own=path_of(technician),
    )
