"""Who asks: a bearer token or a cookie names a sign-in, the database says whose it is, who they are today and
what they may do."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from api import cookies
from api.codes import ApiCode
from api.cross_site import refuse_unless_ours
from api.dependencies import Dependencies, Given
from api.errors import Problem
from db.askers import Asker, Purpose, for_purpose, known
from db.reads.people import KnownPerson
from db.reads.sign_ins import SignedIn, signed_in_by_id, signed_in_by_secret
from domain.messages import Actor
from domain.sign_ins import fingerprint, is_over
from domain.signed_tokens import read_token, sign_token
from domain.tickets import Role

AUDIENCE = "omeasupport-api"
# Sent by our script when it brings an open page up to date.
LIVE_HEADER = "x-omea-live"

bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    description="Names a sign-in; good for a quarter of an hour, and no longer than its sign-in.",
)


def issue_token(key: bytes, sign_in_id: str, now: datetime, lifetime: timedelta) -> str:
    """A bearer token of that sign-in, good until `now + lifetime`. It says nothing of the person."""
    return sign_token(key, AUDIENCE, now + lifetime, sub=sign_in_id)


def sign_in_named(token: str, key: bytes, now: datetime) -> str:
    """The id of the sign-in a token names. Raises `Problem` for a forged, foreign or expired token."""
    try:
        said = read_token(token, key, AUDIENCE, "sub")
        sign_in_id = str(UUID(said.claims["sub"]))
    except ValueError:
        raise Problem(ApiCode.SIGN_IN_INVALID) from None
    if said.is_over(now):
        raise Problem(ApiCode.SIGN_IN_EXPIRED)
    return sign_in_id


async def signed_in(
    request: Request,
    given: Given,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
) -> SignedIn:
    """By its token, or else by the cookie. Raises `Problem`."""
    if credentials is None:
        return await signed_in_by_cookie(request, given)
    sign_in_id = sign_in_named(credentials.credentials, given.token_key, given.clock())
    return await _still(given, lambda session: signed_in_by_id(session, sign_in_id, given.clock()))


async def signed_in_by_cookie(request: Request, given: Dependencies) -> SignedIn:
    """What changes something must come from our own pages. Raises `Problem`."""
    secret = cookies.read(request, given, cookies.SIGN_IN)
    if secret is None:
        raise Problem(ApiCode.NOT_SIGNED_IN)
    refuse_unless_ours(request, given.public_url)
    used_at = None if asks_by_itself(request) else given.clock()
    find = partial(signed_in_by_secret, secret_hash=fingerprint(secret), used_at=used_at)
    return await _still(given, find)


def asks_by_itself(request: Request) -> bool:
    """Whether a page that is open asks, and nobody sits before it perhaps: that is no use of a sign-in."""
    return LIVE_HEADER in request.headers or request.headers.get("accept") == "text/event-stream"


async def _still(given: Dependencies, find: Callable[[AsyncSession], Awaitable[SignedIn | None]]) -> SignedIn:
    """Looked up each time: one that was revoked is out at once. From here on, this person asks. What `find`
    writes of a sign-in that is refused is undone."""
    async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session, session.begin():
        found = await find(session)
        if found is None:
            raise Problem(ApiCode.SIGN_IN_INVALID)
        refused = why_refused(found, given.clock())
        if refused is not None:
            raise Problem(refused)
    known(Asker(found.person.id, found.person.role.value))
    return found


def why_refused(found: SignedIn, now: datetime) -> ApiCode | None:
    """None for a sign-in that is good."""
    if is_over(found.person.role, found.began_at, found.seen_at, now):
        return ApiCode.SIGN_IN_EXPIRED
    return ApiCode.SECOND_FACTOR_MISSING if found.lacks_second_factor else None


CurrentSignIn = Annotated[SignedIn, Depends(signed_in)]


class Allowed:
    """The dependency by which a route names its roles; `roles` is read by the documentation and the tests."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    async def __call__(self, request: Request, found: CurrentSignIn) -> KnownPerson:
        if found.person.role not in self.roles:
            raise Problem(ApiCode.ROLE_NOT_ALLOWED)
        request.state.person = found.person
        return found.person


def actor(person: KnownPerson, on_behalf_of: str | None = None) -> Actor:
    return Actor(person.id, person.role, on_behalf_of)


# The groups of roles that routes name; how they go with the rest, `domain/authorisation.py` says.
PEOPLE = (Role.CLIENT, Role.TECHNICIAN, Role.BACK_OFFICE, Role.FINANCE)

AnyPerson = Annotated[KnownPerson, Depends(Allowed(*PEOPLE))]
AnyClient = Annotated[KnownPerson, Depends(Allowed(Role.CLIENT))]
AnyTechnician = Annotated[KnownPerson, Depends(Allowed(Role.TECHNICIAN))]
AnyFinance = Annotated[KnownPerson, Depends(Allowed(Role.FINANCE))]
Writer = Annotated[KnownPerson, Depends(Allowed(Role.CLIENT, Role.TECHNICIAN, Role.BACK_OFFICE))]
ClientOrBackOffice = Annotated[KnownPerson, Depends(Allowed(Role.CLIENT, Role.BACK_OFFICE))]
ClientOrTeam = Annotated[KnownPerson, Depends(Allowed(Role.CLIENT, Role.BACK_OFFICE, Role.FINANCE))]
AnyBackOffice = Annotated[KnownPerson, Depends(Allowed(Role.BACK_OFFICE))]
ClientOrTechnician = Annotated[KnownPerson, Depends(Allowed(Role.CLIENT, Role.TECHNICIAN))]
TechnicianOrFinance = Annotated[KnownPerson, Depends(Allowed(Role.TECHNICIAN, Role.FINANCE))]
BackOfficeOrFinance = Annotated[KnownPerson, Depends(Allowed(Role.BACK_OFFICE, Role.FINANCE))]
