"""What becomes of somebody who has shown the first factor, whichever it was: a link of their mailbox, or
another service that vouches for them. Who is of the team shows a second one first (`api/second_factor.py`).
"""

from dataclasses import dataclass

import pyotp
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from api import cookies
from api.dependencies import Dependencies
from db.reads.people import KnownPerson
from db.reads.second_factors import authenticator_of
from db.reads.sign_ins import signed_in_by_secret
from db.stores import second_factors, sign_ins
from domain.second_factors import PENDING_LASTS, SecondFactor, needs_second_factor
from domain.sign_ins import fingerprint, lifetime_of

LONGEST_DEVICE = 200


@dataclass(frozen=True)
class Opened:
    """A sign-in that has begun: whose it is, and the secret of its cookie."""

    person: KnownPerson
    secret: str


@dataclass(frozen=True)
class Pending:
    """One that waits for the second factor, in the browser that has this secret as a cookie."""

    secret: str


Begun = Opened | Pending


async def begin(session: AsyncSession, given: Dependencies, request: Request, person: KnownPerson) -> Begun:
    """For a person who has shown the first factor, in the transaction that uses it up. What is answered goes
    into the browser by `remember_begun`."""
    if needs_second_factor(person.role):
        return await ask_second_factor(session, given, person)
    return await open_sign_in(session, given, request, person)


async def ask_second_factor(
    session: AsyncSession, given: Dependencies, person: KnownPerson, *, anew: bool = False
) -> Pending:
    """Who has no authenticator yet is offered one, and so is who replaces theirs (`anew`)."""
    # Whoever enrols at the same time ends what waits: that must be either there or see what was enrolled.
    await second_factors.lock(session, person.id)
    secret, offer = cookies.new_secret(), None
    if anew or await authenticator_of(session, person.id) is None:
        sealed = given.seals.seal(pyotp.random_base32(), person.id)
        offer = (sealed.key_id, sealed.content)
    await second_factors.begin_pending(session, person.id, fingerprint(secret), given.clock(), offer)
    return Pending(secret)


async def open_sign_in(
    session: AsyncSession,
    given: Dependencies,
    request: Request,
    person: KnownPerson,
    factor: SecondFactor | None = None,
) -> Opened:
    """`factor` is how the second one was shown. Nobody of the team gets anywhere without."""
    secret, now = cookies.new_secret(), given.clock()
    await sign_ins.begin(session, person.id, fingerprint(secret), _device(request), now, factor)
    before = cookies.read(request, given, cookies.SIGN_IN)
    left = await signed_in_by_secret(session, fingerprint(before)) if before else None
    if left is not None:
        # This browser has one sign-in; nobody would ever end the one whose cookie is overwritten.
        await sign_ins.revoke(session, left.id, now)
    return Opened(person, secret)


def remember_begun(response: Response, given: Dependencies, begun: Begun) -> None:
    """What else was asked for in this browser is good for nothing any more."""
    match begun:
        case Opened(person, secret):
            cookies.put(response, given, cookies.SIGN_IN, secret, lifetime_of(person.role).at_most)
            cookies.remove(response, given, cookies.PENDING)
        case Pending(secret):
            cookies.put(response, given, cookies.PENDING, secret, PENDING_LASTS)
    cookies.remove(response, given, cookies.ASKING)


def _device(request: Request) -> str:
    said = request.headers.get("user-agent", "")[:LONGEST_DEVICE]
    return said if said.isprintable() else ""
