"""One's account: who one is, where one is signed in and by whom else, one's data, and leaving."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.accepted_texts import IN_FORCE
from api.auth import AnyClient, AnyPerson, ClientOrTechnician, CurrentSignIn
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.account_words import DONE, device
from api.desks.forms import BLANK, Filled, SentForm, settled
from api.desks.sections import ACCOUNT
from api.desks.showing import desk_page, done
from api.erasures import Erasures, read_erasure
from api.errors import Problem
from api.formats import Id
from api.routes import erasures as erasure_routes
from api.routes import my_consents, my_identities, my_sign_ins
from api.shapes.admissions import AcceptTexts, NameAsked
from db.reads.erasures import latest_erasure
from db.reads.people import KnownPerson
from db.reads.sign_ins import SignedIn
from domain.admissions import AcceptedText
from domain.erasures import REFLECTION, WHO_LEAVES
from domain.second_factors import needs_second_factor
from domain.tickets import Role

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/compte", tags=["pages"], include_in_schema=False)

PATH = "/compte"


@router.get("", summary="My account")
async def show(request: Request, person: AnyPerson, current: CurrentSignIn, given: Given) -> HTMLResponse:
    return await _account_page(request, person, current, given)


@router.post("/nom", summary="Change my name, from the page")
async def rename(
    request: Request, person: AnyClient, current: CurrentSignIn, given: Given, form: SentForm
) -> Response:
    return await settled(
        form,
        lambda: my_consents.change_name(person, form.body(NameAsked), form.key, given),
        done(PATH, "nom"),
        lambda again: _account_page(request, person, current, given, again),
    )


@router.post("/textes", summary="Accept the texts in force, from the page")
async def accept(
    request: Request, person: AnyClient, current: CurrentSignIn, given: Given, form: SentForm
) -> Response:
    return await settled(
        form,
        lambda: my_consents.accept(person, form.body(AcceptTexts), form.key, given),
        done(PATH, "textes"),
        lambda again: _account_page(request, person, current, given, again),
    )


@router.post("/connexions/{sign_in}", summary="End one of my sign-ins, from the page")
async def end_sign_in(
    person: AnyPerson, current: CurrentSignIn, sign_in: Annotated[Id, Path()], given: Given
) -> Response:
    leads = done(PATH, "deconnecte")
    await my_sign_ins.end_my_sign_in(person, current, sign_in, given, leads)
    return leads


@router.post("/identites/{identity}", summary="Remove one of my identities, from the page")
async def remove_identity(person: AnyPerson, identity: Annotated[Id, Path()], given: Given) -> Response:
    await my_identities.remove_my_identity(person, identity, given)
    return done(PATH, "dissocie")


@router.get("/depart", summary="The page to leave")
async def show_leaving(request: Request, person: ClientOrTechnician, given: Given) -> HTMLResponse:
    return await _leaving_page(request, person, given)


@router.post("/depart", summary="Have my account erased, from the page")
async def leave(
    request: Request, person: ClientOrTechnician, given: Given, workflows: GivenWorkflows, form: SentForm
) -> Response:
    asked = Erasures(given, workflows, form.key)
    return await settled(
        form,
        lambda: erasure_routes.ask_for_my_erasure(person, asked),
        done(f"{PATH}/depart", "depart"),
        lambda again: _leaving_page(request, person, given, again),
    )


@router.post("/depart/retrait", summary="Stay after all, from the page")
async def stay(
    request: Request, person: ClientOrTechnician, given: Given, workflows: GivenWorkflows, form: SentForm
) -> Response:
    asked = Erasures(given, workflows, form.key)
    return await settled(
        form,
        lambda: erasure_routes.withdraw_my_erasure(person, asked),
        done(PATH, "reste"),
        lambda again: _leaving_page(request, person, given, again),
    )


async def _account_page(
    request: Request,
    person: KnownPerson,
    current: SignedIn,
    given: Dependencies,
    form: Filled | None = None,
) -> HTMLResponse:
    signed_in = await my_sign_ins.read_my_sign_ins(person, current, given)
    identities = await my_identities.read_my_identities(person, given)
    is_client = person.role is Role.CLIENT
    consents = await my_consents.read_consents(person, given) if is_client else None
    leaving = None
    if person.role in WHO_LEAVES:
        async with given.sessions() as session:
            leaving = await latest_erasure(session, person.id)
    linked = {one.issuer for one in identities.identities}
    return desk_page(
        request,
        person,
        "desk/account.html.j2",
        ACCOUNT,
        form=form or BLANK.anew(name=person.name),
        said=DONE,
        sign_ins=[(one, device(one.device)) for one in signed_in.sign_ins],
        identities=identities.identities,
        issuers=[
            one.issuer
            for one in given.providers.values()
            if person.role in one.issuer.roles and one.issuer.name not in linked
        ],
        consents=consents,
        in_force={text.value: IN_FORCE[text] for text in AcceptedText},
        leaving=leaving if leaving is not None and leaving.withdrawn_at is None else None,
        may_leave=person.role in WHO_LEAVES,
        has_second_factor=needs_second_factor(person.role),
        sends_sms=given.sends_sms,
        now=given.clock(),
    )


async def _leaving_page(
    request: Request, person: KnownPerson, given: Dependencies, form: Filled | None = None
) -> HTMLResponse:
    try:
        leaving = await read_erasure(given, person.id)
    except Problem as problem:
        if problem.code is not ApiCode.ERASURE_NOT_FOUND:
            raise
        leaving = None
    return desk_page(
        request,
        person,
        "desk/leaving.html.j2",
        ACCOUNT,
        form=form,
        said=DONE,
        leaving=leaving if leaving is not None and leaving.withdrawn_at is None else None,
        reflection=REFLECTION,
        is_client=person.role is Role.CLIENT,
        now=given.clock(),
    )
