"""Showing the second factor, and enrolling it. The pages and the JSON routes both go this way."""

import math
import secrets
from dataclasses import dataclass
from datetime import datetime

import segno
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from api import cookies
from api.beginning import Opened, Pending, ask_second_factor, open_sign_in
from api.codes import ApiCode
from api.cross_site import refuse_unless_ours
from api.dependencies import Dependencies
from api.errors import Problem
from api.sealing import Sealed
from db.models.second_factors import PendingSignIn
from db.reads.people import KnownPerson, active_person
from db.reads.second_factors import authenticator_of, find_pending, refused_until
from db.stores import second_factors
from domain.second_factors import (
    RECOVERY_ALPHABET,
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    SecondFactor,
    accepted_step,
    enrolment_uri,
    in_groups,
    is_code,
    recovery_fingerprint,
)
from domain.sign_ins import fingerprint


@dataclass(frozen=True)
class Step:
    """What a browser that waits for the second factor has to do: enrol `offer`, a secret in base 32, or,
    where there is none, show a code."""

    pending: PendingSignIn
    person: KnownPerson
    offer: str | None

    @property
    def uri(self) -> str:
        return enrolment_uri(self.offer or "", self.person.mail)

    @property
    def drawing(self) -> str:
        """A QR code as SVG. It has a light ground of its own, and no style that the page's policy would
        refuse."""
        return str(segno.make(self.uri, micro=False).svg_inline(scale=5, light="#fff", omitsize=True))


@dataclass(frozen=True)
class Wrong:
    """Not accepted, and counted. With `until`, no other is looked at before then."""

    until: datetime | None = None


@dataclass(frozen=True)
class Enrolled:
    """`recovery_codes` are known here and now, and never again."""

    opened: Opened
    recovery_codes: list[str]


async def look(given: Dependencies, request: Request) -> Step:
    """Raises `Problem(SECOND_FACTOR_STEP_OVER)`."""
    async with given.sessions() as session:
        return await _step(session, given, request)


async def show(given: Dependencies, request: Request, typed: str) -> Opened:
    """Sign the person in whose browser waits for a code. Raises `Problem` as `look` and `refusal` do, and
    that of a request that comes from another site."""
    refuse_unless_ours(request, given.public_url)
    async with given.sessions.begin() as session:
        step = await _locked_step(session, given, request)
        if step.offer is not None:
            raise Problem(ApiCode.SECOND_FACTOR_STEP_OVER)
        shown = await try_code(session, given, step.person.id, typed)
        if isinstance(shown, SecondFactor):
            await second_factors.use_pending(session, step.pending.id, given.clock())
            return await open_sign_in(session, given, request, step.person, shown)
    # Only now: a refusal must not undo that it was counted.
    raise refusal(given, shown)


async def enrol(given: Dependencies, request: Request, typed: str) -> Enrolled:
    """Make what was offered the person's authenticator, by a code of it, and sign them in here alone. Raises
    as `show` does; there is nothing to guess, so that nothing is counted."""
    refuse_unless_ours(request, given.public_url)
    now = given.clock()
    async with given.sessions.begin() as session:
        step = await _locked_step(session, given, request)
        if step.offer is None:
            raise Problem(ApiCode.SECOND_FACTOR_STEP_OVER)
        accepted = accepted_step(step.offer, typed, now, None)
        if accepted is None:
            raise Problem(ApiCode.SECOND_FACTOR_WRONG)
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        hashes = [recovery_fingerprint(step.person.id, code) for code in codes]
        sealed = given.seals.seal(step.offer, step.person.id)
        await second_factors.enrol(
            session, step.person.id, (sealed.key_id, sealed.content), accepted, hashes, now
        )
        opened = await open_sign_in(session, given, request, step.person, SecondFactor.TOTP)
    return Enrolled(opened, [in_groups(code, "-") for code in codes])


async def offer_another(given: Dependencies, person: KnownPerson, typed: str) -> Pending:
    """For somebody who is signed in and shows what they have: until the new one is enrolled, the old one
    counts. Raises `Problem` as `refusal` does."""
    async with given.sessions.begin() as session:
        shown = await try_code(session, given, person.id, typed)
        if isinstance(shown, SecondFactor):
            return await ask_second_factor(session, given, person, anew=True)
    raise refusal(given, shown)


async def try_code(
    session: AsyncSession, given: Dependencies, person_id: str, typed: str
) -> SecondFactor | Wrong:
    """A code of the authenticator or one for recovery, used up if it is right; counted, in a transaction that
    is to be committed, if it is not."""
    await second_factors.lock(session, person_id)
    now = given.clock()
    until = await refused_until(session, person_id, now)
    if until is not None:
        return Wrong(until)
    known = await authenticator_of(session, person_id)
    if known is not None and is_code(typed):
        secret = given.seals.open(Sealed(known.key_id, known.sealed), person_id)
        step = accepted_step(secret, typed, now, known.last_step)
        if step is not None:
            await second_factors.note_step(session, person_id, step)
            return SecondFactor.TOTP
    elif await second_factors.use_recovery_code(
        session, person_id, recovery_fingerprint(person_id, typed), now
    ):
        return SecondFactor.RECOVERY_CODE
    await second_factors.count_wrong_code(session, person_id, now)
    return Wrong()


def refusal(given: Dependencies, wrong: Wrong) -> Problem:
    """The same for a code that is wrong, too old or used: `SECOND_FACTOR_WRONG`, or `TOO_MANY_CODES`."""
    if wrong.until is None:
        return Problem(ApiCode.SECOND_FACTOR_WRONG)
    wait = max(1, math.ceil((wrong.until - given.clock()).total_seconds()))
    return Problem(ApiCode.TOO_MANY_CODES, {"Retry-After": str(wait)})


async def _locked_step(session: AsyncSession, given: Dependencies, request: Request) -> Step:
    """As it is once nobody else is at it."""
    step = await _step(session, given, request)
    await second_factors.lock(session, step.person.id)
    return await _step(session, given, request)


async def _step(session: AsyncSession, given: Dependencies, request: Request) -> Step:
    secret = cookies.read(request, given, cookies.PENDING)
    pending = await find_pending(session, fingerprint(secret), given.clock()) if secret else None
    person = await active_person(session, pending.person_id) if pending else None
    if pending is None or person is None:
        raise Problem(ApiCode.SECOND_FACTOR_STEP_OVER)
    offer = None
    if pending.offer_key_id is not None and pending.offer_sealed is not None:
        offer = given.seals.open(Sealed(pending.offer_key_id, pending.offer_sealed), person.id)
    return Step(pending, person, offer)


def _recovery_code() -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
