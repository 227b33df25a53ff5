"""Refunds, from the pages of a case file: ruled, sent again, or settled by hand."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api import french
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.desks.back_office import case_words
from api.desks.back_office.case_acts import back, shown
from api.desks.back_office.case_file import READS, case_page
from api.desks.back_office.case_reading import read_case
from api.desks.back_office.rulings import gains_of
from api.desks.forms import BLANK, Filled, FormActs, SentForm, settled
from api.errors import Problem
from api.recording import recorded
from api.refund_cases import Refunds
from api.routes import refunds
from api.routes.refunds import CaseInPath
from api.shapes.acts import RefundRuling, RefundSettled
from api.ticket_reading import NumberInPath
from db.reads.people import KnownPerson
from domain.accesses import Act
from domain.refunds import RefundKind
from domain.rulings import GainKind

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/dossiers", tags=["pages"], include_in_schema=False)


@router.get("/{number}/remboursements/{case}", summary="The page to rule on a refund", dependencies=READS)
async def show(
    request: Request, person: AnyBackOffice, number: NumberInPath, case: CaseInPath, given: Given
) -> HTMLResponse:
    return await _page(request, person, given, number, case, "refund_ruling", None)


@router.post(
    "/{number}/remboursements/{case}",
    summary="Rule on a refund, from the page",
    dependencies=[recorded(Act.REFUND_RULED, "number", "case")],
)
async def rule(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    case: CaseInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    said = form if form.value("kind") == RefundKind.PARTIAL else form.without("minutes")
    # What earns nothing is not said of a refund.
    gains = [one for one in gains_of(form) if one["kind"] != GainKind.NONE]
    of_case = Refunds(given, acts.workflows, form.key)
    return await settled(
        form,
        lambda: refunds.rule_refund(person, number, case, said.body(RefundRuling, gains=gains), of_case),
        back(number, "remboursement"),
        lambda again: _page(request, person, given, number, case, "refund_ruling", again),
    )


@router.post(
    "/{number}/remboursements/{case}/relance",
    summary="Send a refund again, from the page",
    dependencies=[recorded(Act.REFUND_RETRIED, "number", "case")],
)
async def retry(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    case: CaseInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    of_case = Refunds(given, acts.workflows, form.key)
    return await settled(
        form,
        lambda: refunds.retry_refund(person, number, case, of_case),
        back(number, "relancee"),
        lambda again: case_page(request, person, given, number, again),
    )


@router.get(
    "/{number}/remboursements/{case}/reglement",
    summary="The page to record a refund made by transfer",
    dependencies=READS,
)
async def show_settlement(
    request: Request, person: AnyBackOffice, number: NumberInPath, case: CaseInPath, given: Given
) -> HTMLResponse:
    return await _page(request, person, given, number, case, "refund_settled", None)


@router.post(
    "/{number}/remboursements/{case}/reglement",
    summary="Record a refund made by transfer, from the page",
    dependencies=[recorded(Act.REFUND_SETTLED, "number", "case")],
)
async def settle(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    case: CaseInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    of_case = Refunds(given, acts.workflows, form.key)
    return await settled(
        form,
        lambda: refunds.settle_refund(person, number, case, form.body(RefundSettled), of_case),
        back(number, "reglee"),
        lambda again: _page(request, person, given, number, case, "refund_settled", again),
    )


async def _page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    case: int,
    template: str,
    form: Filled | None,
) -> HTMLResponse:
    """Raises `Problem(REFUND_NOT_FOUND)`."""
    found = await read_case(given, person, number)
    refund = next((one for one in found.refunds if one.number == case), None)
    if refund is None:
        raise Problem(ApiCode.REFUND_NOT_FOUND)
    first = {f"gains.{place}.kind": GainKind.FULL.value for place, _ in enumerate(found.view.sessions)}
    return shown(
        request,
        person,
        given,
        found,
        template,
        form or BLANK.anew(**first),
        refund=refund,
        kinds=[(kind.value, *case_words.REFUNDS[kind]) for kind in RefundKind],
        gain_kinds=[(kind.value, french.GAIN_RULINGS[kind]) for kind in GainKind],
    )
