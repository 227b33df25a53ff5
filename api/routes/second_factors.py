"""One's own second factor, and the reset of a colleague's."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.auth import AnyBackOffice, BackOfficeOrFinance
from api.beginning import remember_begun
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import KEYED, SIGNED_IN, problems
from api.errors import Problem
from api.formats import Id
from api.idempotency import IdempotencyKey, asking
from api.recording import recorded
from api.second_factor import offer_another
from api.shapes.second_factors import EnrolmentPage, SecondFactorView, TypedCode
from db.reads.people import active_person
from db.reads.second_factors import authenticator_of, recovery_codes_left
from db.stores import second_factors
from db.stores.requests import remember
from domain.accesses import Act
from domain.second_factors import needs_second_factor

router = APIRouter(prefix="/v1", tags=["signing in"])


@router.get("/me/second-factor", summary="My second factor", responses=problems(*SIGNED_IN))
async def read_my_second_factor(person: BackOfficeOrFinance, given: Given) -> SecondFactorView:
    """Never its secret: that was shown once."""
    async with given.sessions() as session:
        known = await authenticator_of(session, person.id)
        left = await recovery_codes_left(session, person.id)
    return SecondFactorView(enrolled_at=known.confirmed_at if known else None, recovery_codes_left=left)


@router.post(
    "/me/second-factor/replacement",
    summary="Replace my second factor",
    responses=problems(
        *SIGNED_IN,
        ApiCode.CROSS_SITE_REQUEST,
        ApiCode.MALFORMED_JSON,
        ApiCode.BODY_TOO_LARGE,
        ApiCode.INVALID_INPUT,
        ApiCode.SECOND_FACTOR_WRONG,
        ApiCode.TOO_MANY_CODES,
    ),
)
async def replace_my_second_factor(
    typed: TypedCode, person: BackOfficeOrFinance, given: Given, response: Response
) -> EnrolmentPage:
    """For a code of the one that is there. Sets the cookie with which the page enrols another; until that is
    done the old one counts, and then it ends, with all sign-ins but the one of that page."""
    remember_begun(response, given, await offer_another(given, person, typed.code))
    return EnrolmentPage(page=f"{given.public_url}/v1/sign-in/second-factor")


@router.post(
    "/colleagues/{colleague}/second-factor/reset",
    status_code=204,
    summary="Reset a colleague's second factor",
    tags=["back office"],
    dependencies=[recorded(Act.SECOND_FACTOR_RESET, "colleague")],
    responses=problems(
        *SIGNED_IN,
        ApiCode.CROSS_SITE_REQUEST,
        *KEYED,
        ApiCode.INVALID_INPUT,
        ApiCode.COLLEAGUE_NOT_FOUND,
        ApiCode.OWN_SECOND_FACTOR,
    ),
)
async def reset_second_factor(
    person: AnyBackOffice, colleague: Annotated[Id, Path()], key: IdempotencyKey, given: Given
) -> None:
    """Of somebody who has lost both telephone and recovery codes, and was recognised. Ends all their sign-ins
    at once; the next one enrols anew. One's own is replaced, never reset."""
    if colleague == person.id:
        raise Problem(ApiCode.OWN_SECOND_FACTOR)
    async with given.sessions.begin() as session:
        found = await active_person(session, colleague)
        if found is None or not needs_second_factor(found.role):
            raise Problem(ApiCode.COLLEAGUE_NOT_FOUND)
        if (await remember(session, asking(person, key, f"second_factor_reset {colleague}", None))).is_new:
            await second_factors.lock(session, colleague)
            await second_factors.remove(session, colleague, given.clock())
