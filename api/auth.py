"""Who asks: a bearer token names the person, the database says who they are today and what they may do."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.codes import ApiCode
from api.dependencies import Given
from api.errors import Problem
from db.reads.people import KnownPerson, active_person
from domain.messages import Actor
from domain.tickets import Role

ALGORITHM = "HS256"
AUDIENCE = "omeasupport-api"

bearer = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="Names the person; good for as long as it says."
)


def issue_token(key: bytes, person_id: str, now: datetime, lifetime: timedelta) -> str:
    """A bearer token for that person, good until `now + lifetime`. It says nothing of their role."""
    claims = {"sub": person_id, "aud": AUDIENCE, "exp": int((now + lifetime).timestamp())}
    return jwt.encode(claims, key, ALGORITHM)


def person_named(token: str, key: bytes, now: datetime) -> str:
    """The id of the person a token names. Raises `Problem` for a forged, foreign or expired token."""
    try:
        # The expiry is checked against our own clock, below.
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["sub", "aud", "exp"], "verify_exp": False},
        )
        person_id, expires = str(UUID(str(claims["sub"]))), int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
        raise Problem(ApiCode.SIGN_IN_INVALID) from None
    if expires <= now.timestamp():
        raise Problem(ApiCode.SIGN_IN_EXPIRED)
    return person_id


class Allowed:
    """The dependency by which a route names its roles; `roles` is read by the documentation and the tests."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    async def __call__(
        self,
        request: Request,
        given: Given,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    ) -> KnownPerson:
        if credentials is None:
            raise Problem(ApiCode.NOT_SIGNED_IN)
        person_id = person_named(credentials.credentials, given.token_key, given.clock())
        async with given.sessions() as session:
            person = await active_person(session, person_id)
        if person is None:
            raise Problem(ApiCode.SIGN_IN_INVALID)
        if person.role not in self.roles:
            raise Problem(ApiCode.ROLE_NOT_ALLOWED)
        request.state.person = person
        return person


def actor(person: KnownPerson, on_behalf_of: str | None = None) -> Actor:
    return Actor(person.id, person.role, on_behalf_of)


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
