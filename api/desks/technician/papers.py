"""A technician's file: skills, papers, the mandate, what they are paid on, and all that is missing."""

from datetime import datetime, time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from starlette.responses import Response

from api.auth import AnyTechnician
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.forms import BLANK, Filled, SentForm, settled, tried
from api.desks.sections import PAPERS
from api.desks.showing import desk_page, done
from api.desks.technician.words import (
    HOLDS,
    LEVELS,
    PAPERS_DONE,
    PAPERS_END_SOON,
    PAPERS_GOOD,
    PAPERS_OVER,
    STAGES,
)
from api.mandate_text import TEXTS
from api.pages import see
from api.payees import shown
from api.routes import my_payee
from api.shapes.payees import AccountPage, BankAsked, MandateSigned, PayeeView
from db.models.people import Skill, Technician, TechnicianSkill
from db.reads.gathered import Wanted, gather
from db.reads.people import KnownPerson
from domain.opening_hours import PARIS
from domain.payees import MANDATE, VIGILANCE_FROM_CENTS, AccountStage, Hold, Rail
from domain.vetting import expire_soon

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix=PAPERS.path, tags=["pages"], include_in_schema=False)

# Whose account at the provider is in one of these is to go to its page.
TO_DO = {AccountStage.TO_OPEN, AccountStage.TO_COMPLETE}


@router.get("", summary="My file")
async def show(request: Request, person: AnyTechnician, given: Given) -> HTMLResponse:
    return await _papers_page(request, person, given)


@router.get("/mandat", summary="The page to sign the mandate")
async def show_mandate(request: Request, person: AnyTechnician, given: Given) -> HTMLResponse:
    return await _mandate_page(request, person, given)


@router.post("/mandat", summary="Sign the mandate, from the page")
async def sign(request: Request, person: AnyTechnician, given: Given, form: SentForm) -> Response:
    return await settled(
        form,
        lambda: my_payee.sign(person, form.body(MandateSigned), form.key, given),
        done(PAPERS.path, "mandat"),
        lambda again: _mandate_page(request, person, given, again),
    )


@router.get("/banque", summary="The page to be paid on another account")
async def show_bank(request: Request, person: AnyTechnician, given: Given) -> HTMLResponse:
    return await _bank_page(request, person, given)


@router.post("/banque", summary="Ask for another bank account, from the page")
async def ask_for_bank(request: Request, person: AnyTechnician, given: Given, form: SentForm) -> Response:
    """An IBAN typed with the other way of being paid is not meant."""
    sent = form if form.value("rail") == Rail.SEPA else form.without("iban")
    return await settled(
        form,
        lambda: my_payee.ask_my_bank(person, sent.body(BankAsked), form.key, given),
        done(PAPERS.path, "banque"),
        lambda again: _bank_page(request, person, given, _beside_iban(again)),
    )


@router.post("/compte", summary="Open the provider's page, from ours")
async def open_account(
    request: Request, person: AnyTechnician, given: Given, workflows: GivenWorkflows, form: SentForm
) -> Response:
    """Leads there at once: its address is shown nowhere."""
    pages: list[AccountPage] = []

    async def opening() -> None:
        pages.append(await my_payee.open_account_page(person, form.key, given, workflows))

    trouble = await tried(opening)
    if trouble is not None:
        return await _papers_page(request, person, given, form.again(trouble))
    return see(pages[0].url)


def _beside_iban(form: Filled) -> Filled:
    """What is wrong with the two together is said beside the account number."""
    errors = {name or "iban": wrong for name, wrong in form.errors.items()}
    return Filled(form.values, errors, form.sentence, form.status, form.key, form.code)


async def _papers_page(
    request: Request, person: KnownPerson, given: Dependencies, form: Filled | None = None
) -> HTMLResponse:
    payee, now = await shown(given, person.id), given.clock()
    known = select(TechnicianSkill.skill).where(TechnicianSkill.technician_id == person.id)
    async with given.sessions() as session:
        found = await gather(
            session,
            Wanted(Technician, Technician.id == person.id, (Technician.id,)),
            Wanted(TechnicianSkill, TechnicianSkill.technician_id == person.id, (TechnicianSkill.skill,)),
            Wanted(Skill, Skill.code.in_(known), (Skill.label,)),
        )
    levels = {one.skill: one.level for one in found.of(TechnicianSkill)}
    technician = found.last(Technician)
    until, today = payee.vigilance_until, now.astimezone(PARIS).date()
    return _page(
        request,
        person,
        "papers",
        payee,
        form,
        skills=[(one.label, LEVELS[levels[one.code]]) for one in found.of(Skill)],
        vetted_at=technician.vetted_at if technician else None,
        holds=[(one, HOLDS[one.code]) for one in payee.holds],
        papers=_papers(is_over=until is not None and until < today, ends_soon=expire_soon(until, today)),
        vigilance_from_cents=VIGILANCE_FROM_CENTS,
        vigilance_until=datetime.combine(until, time(12), PARIS) if until is not None else None,
        mandate_missing=payee.mandate != MANDATE,
        identity_missing=Hold.IDENTITY_MISSING in {one.code for one in payee.holds},
        stage=STAGES[AccountStage(payee.account.code)] if payee.account else None,
        account_to_do=payee.account is not None and payee.account.code in TO_DO,
        by_transfer=payee.bank.rail.code == Rail.SEPA,
    )


def _papers(*, is_over: bool, ends_soon: bool) -> tuple[str, str]:
    if is_over:
        return PAPERS_OVER
    return PAPERS_END_SOON if ends_soon else PAPERS_GOOD


async def _mandate_page(
    request: Request, person: KnownPerson, given: Dependencies, form: Filled | None = None
) -> HTMLResponse:
    payee = await shown(given, person.id)
    is_signed = payee.mandate == MANDATE
    text = TEXTS[MANDATE]
    return _page(request, person, "mandate", payee, form, text=text, version=MANDATE, is_signed=is_signed)


async def _bank_page(
    request: Request, person: KnownPerson, given: Dependencies, form: Filled | None = None
) -> HTMLResponse:
    payee = await shown(given, person.id)
    return _page(request, person, "bank", payee, form or BLANK.anew(rail=Rail.SEPA.value))


def _page(
    request: Request,
    person: KnownPerson,
    template: str,
    payee: PayeeView,
    form: Filled | None,
    **words: Any,
) -> HTMLResponse:
    name = f"desk/technician/{template}.html.j2"
    return desk_page(request, person, name, PAPERS, form=form, said=PAPERS_DONE, payee=payee, **words)
