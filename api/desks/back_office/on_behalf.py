"""What the back office does for the client on the phone: by the client's own routes, journalled as
for them."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.consent_text import CURRENT_VERSION, TEXTS
from api.dependencies import Dependencies, Given
from api.desks.back_office import case_words
from api.desks.back_office.case_acts import back, check_possible, shown
from api.desks.back_office.case_file import READS, case_page
from api.desks.back_office.case_reading import read_case
from api.desks.forms import BLANK, Filled, FormActs, SentForm, Trouble, settled, tried
from api.routes import client_acts, payments, withdrawal
from api.shapes.acts import Consent, Extend, Review, Withdraw
from api.ticket_reading import NumberInPath
from db.reads.people import KnownPerson
from domain import french
from domain.duration import CEILING_STEP_MINUTES, LONGEST_CEILING_MINUTES
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/dossiers", tags=["pages"], include_in_schema=False)

CONSENT: dict[str, Any] = {"text": TEXTS[CURRENT_VERSION], "version": CURRENT_VERSION}


@router.get("/{number}/retractation", summary="The page to withdraw", dependencies=READS)
async def show_withdrawal(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _withdrawal_page(request, person, given, number)


@router.post("/{number}/retractation", summary="Withdraw, from the page", dependencies=READS)
async def withdraw(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: withdrawal.withdraw(person, number, form.body(Withdraw), acts),
        back(number, "retractee"),
        lambda again: _withdrawal_page(request, person, given, number, again),
    )


async def _withdrawal_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    case = await read_case(given, person, number)
    check_possible(case, Command.WITHDRAW)
    statement = withdrawal.statement_of(case.ticket, case.view.skill.label)
    return shown(request, person, given, case, "withdrawal", form, statement=statement)


@router.get("/{number}/accord", summary="The page to record a consent", dependencies=READS)
async def show_consent(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _page(request, person, given, number, Command.CONSENT, "consent", **CONSENT)


@router.post("/{number}/accord", summary="Record a consent, from the page", dependencies=READS)
async def consent(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: client_acts.consent(person, number, form.body(Consent), acts),
        back(number, "accord"),
        lambda again: _page(request, person, given, number, Command.CONSENT, "consent", again, **CONSENT),
    )


@router.get("/{number}/prolonger", summary="The page to accept more time", dependencies=READS)
async def show_extend(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _extend_page(request, person, given, number)


@router.post("/{number}/prolonger", summary="Accept more time, from the page", dependencies=READS)
async def extend(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: client_acts.extend(person, number, form.body(Extend), acts),
        back(number, "prolongee"),
        lambda again: _extend_page(request, person, given, number, again),
    )


async def _extend_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    case = await read_case(given, person, number)
    if form is None:
        check_possible(case, Command.EXTEND)
    first = case.view.ceiling_minutes + CEILING_STEP_MINUTES
    ceilings = range(first, LONGEST_CEILING_MINUTES + 1, CEILING_STEP_MINUTES)
    filled = form or BLANK.anew(ceiling_minutes=first)
    return shown(
        request,
        person,
        given,
        case,
        "extend",
        filled,
        ceilings=[(minutes, french.minutes(minutes)) for minutes in ceilings],
    )


@router.get("/{number}/avis", summary="The page to record an opinion", dependencies=READS)
async def show_review(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _page(request, person, given, number, Command.REVIEW, "review")


@router.post("/{number}/avis", summary="Record an opinion, from the page", dependencies=READS)
async def review(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    satisfied = form.value("satisfied") == "true"
    return await settled(
        form,
        lambda: client_acts.review(person, number, form.body(Review, satisfied=satisfied), acts),
        back(number, "avis"),
        lambda again: _page(request, person, given, number, Command.REVIEW, "review", again),
    )


@router.post("/{number}/arret", summary="Stop the session, from the case file", dependencies=READS)
async def stop(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: client_acts.stop(person, number, acts),
        back(number, "arretee"),
        lambda again: case_page(request, person, given, number, again),
    )


@router.post("/{number}/payer", summary="Charge the card, from the page", dependencies=READS)
async def pay(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    answers: list[payments.PaymentTried] = []

    async def paying() -> None:
        answers.append(await payments.pay(person, number, acts))

    trouble = await tried(paying)
    if trouble is None and answers[0].refusal is not None:
        trouble = Trouble(HTTPStatus.CONFLICT, case_words.not_taken(answers[0].refusal.label))
    if trouble is not None:
        return await case_page(request, person, given, number, form.again(trouble))
    return back(number, "payee")


async def _page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    command: Command,
    template: str,
    form: Filled | None = None,
    **words: Any,
) -> HTMLResponse:
    """The form, unless it could only be refused. Raises `Refused` then."""
    case = await read_case(given, person, number)
    if form is None:
        check_possible(case, command)
    return shown(request, person, given, case, template, form, **words)
