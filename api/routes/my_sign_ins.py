"""Where one is signed in, and how to end it there."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.auth import AnyPerson, CurrentSignIn
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.errors import Problem
from api.formats import Id
from api.shapes.sign_ins import SignIns, SignInView
from api.sign_in_links import sign_browser_out
from db.reads.sign_ins import sign_ins_of
from db.stores import sign_ins
from domain.sign_ins import is_over, lifetime_of

router = APIRouter(prefix="/v1/me/sign-ins", tags=["signing in"])


@router.get("", summary="Where I am signed in", responses=problems(*SIGNED_IN))
async def read_my_sign_ins(person: AnyPerson, current: CurrentSignIn, given: Given) -> SignIns:
    """The last used first. Ended ones are not shown."""
    async with given.sessions() as session:
        found = await sign_ins_of(session, person.id)
    lasts, now = lifetime_of(person.role).at_most, given.clock()
    return SignIns(
        sign_ins=[
            SignInView(
                id=one.id,
                began_at=one.began_at,
                seen_at=one.seen_at,
                ends_at=one.began_at + lasts,
                device=one.device,
                current=one.id == current.id,
            )
            for one in found
            if not is_over(person.role, one.began_at, one.seen_at, now)
        ]
    )


@router.delete(
    "/{sign_in}",
    status_code=204,
    summary="End one of my sign-ins",
    responses=problems(
        *SIGNED_IN, ApiCode.CROSS_SITE_REQUEST, ApiCode.INVALID_INPUT, ApiCode.SIGN_IN_NOT_FOUND
    ),
)
async def end_my_sign_in(
    person: AnyPerson,
    current: CurrentSignIn,
    sign_in: Annotated[Id, Path()],
    given: Given,
    response: Response,
) -> None:
    """Its browser and its tokens are out at once. Somebody else's does not exist."""
    now = given.clock()
    async with given.sessions.begin() as session:
        mine = await sign_ins_of(session, person.id)
        if sign_in not in {one.id for one in mine}:
            raise Problem(ApiCode.SIGN_IN_NOT_FOUND)
        await sign_ins.revoke(session, sign_in, now)
    if sign_in == current.id:
        sign_browser_out(response, given)
