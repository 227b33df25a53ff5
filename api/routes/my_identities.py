"""Who one is at others, to sign in by, and how to take it away."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.auth import AnyPerson
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.errors import Problem
from api.formats import Id
from api.shapes.sign_ins import Identities, IdentityView
from db.reads.identities import identities_of
from db.stores import identities

router = APIRouter(prefix="/v1/me/identities", tags=["signing in"])


@router.get("", summary="By whom else I can sign in", responses=problems(*SIGNED_IN))
async def read_my_identities(person: AnyPerson, given: Given) -> Identities:
    """The first linked first. One whose issuer is not offered any more is shown by that issuer's address."""
    names = {one.issuer.url: one.issuer.name for one in given.providers.values()}
    async with given.sessions() as session:
        found = await identities_of(session, person.id)
    return Identities(
        identities=[
            IdentityView(
                id=one.id,
                issuer=names.get(one.issuer, one.issuer),
                linked_at=one.linked_at,
                used_at=one.used_at,
            )
            for one in found
        ]
    )


@router.delete(
    "/{identity}",
    status_code=204,
    summary="Remove one of my identities",
    responses=problems(
        *SIGNED_IN, ApiCode.CROSS_SITE_REQUEST, ApiCode.INVALID_INPUT, ApiCode.IDENTITY_NOT_FOUND
    ),
)
async def remove_my_identity(person: AnyPerson, identity: Annotated[Id, Path()], given: Given) -> None:
    """It signs nobody in from now on; who is signed in stays so. Somebody else's does not exist."""
    async with given.sessions.begin() as session:
        if not await identities.remove(session, identity, person.id):
            raise Problem(ApiCode.IDENTITY_NOT_FOUND)
