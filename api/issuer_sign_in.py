"""Signing in by an issuer: sent there, and back with an answer that is believed if all of it is right."""

import hmac
import logging
from datetime import datetime

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from api import cookies
from api.auth import signed_in_by_cookie
from api.beginning import Begun, begin
from api.codes import ApiCode
from api.cross_site import refuse_other_sites
from api.dependencies import Dependencies
from api.errors import Problem
from api.oidc.attempts import ATTEMPT_LASTS, Attempt, InvalidAttempt, new_attempt, seal, unseal
from api.oidc.id_token import Identity
from api.oidc.issuers import AnswerRefused, Issuer, ProviderAway
from api.oidc.provider import Provider
from db.askers import Purpose, for_purpose
from db.reads.identities import identities_of, identity_of
from db.reads.people import KnownPerson, active_person, person_of_mail
from db.stores import identities
from domain.tickets import Role

log = logging.getLogger(__name__)


async def sent_to(given: Dependencies, request: Request, key: str) -> tuple[str, Attempt]:
    """Where to sign in, and what the browser must bring back. Raises `Problem(CROSS_SITE_REQUEST)`,
    `Problem(ISSUER_NOT_FOUND)` and `Problem(ISSUER_UNAVAILABLE)`."""
    refuse_other_sites(request, given.public_url)
    return await _sent(given, new_attempt(key))


async def sent_to_link(given: Dependencies, request: Request, key: str) -> tuple[str, Attempt]:
    """As `sent_to`, for somebody who is signed in by the browser's cookie and wants to add who they are
    there. Raises as that and as `signed_in_by_cookie`."""
    found = await signed_in_by_cookie(request, given)
    if found.person.role not in _provider(given, key).issuer.roles:
        raise Problem(ApiCode.ISSUER_NOT_FOUND)
    return await _sent(given, new_attempt(key, found.id))


def remember_attempt(response: Response, given: Dependencies, attempt: Attempt) -> None:
    sealed = seal(given.token_key, attempt, given.clock())
    cookies.put(response, given, cookies.AT_ISSUER, sealed, ATTEMPT_LASTS)


def forget_attempt(response: Response, given: Dependencies) -> None:
    cookies.remove(response, given, cookies.AT_ISSUER)


async def come_back(given: Dependencies, request: Request, key: str) -> Begun | None:
    """Let in whoever came back; None when an identity was added to who is signed in. Raises
    `Problem(ISSUER_ANSWER_REFUSED)`, `Problem(ISSUER_UNAVAILABLE)`, `Problem(IDENTITY_UNKNOWN)` and, when one
    is added, `Problem(IDENTITY_TAKEN)`."""
    provider = _provider(given, key)
    try:
        attempt, code = _answered(given, request, key)
        said_issuer = _only(request, "iss")
        found = await provider.identity(attempt, _back(given, key), code, said_issuer)
    except AnswerRefused as refused:
        # The reason is one of a few sentences of ours: nothing of what was brought.
        log.warning("answer of issuer %s refused: %s", key, refused)
        raise Problem(ApiCode.ISSUER_ANSWER_REFUSED) from None
    except ProviderAway as away:
        log.warning("issuer %s is away: %s", key, away)
        raise Problem(ApiCode.ISSUER_UNAVAILABLE) from None
    if attempt.sign_in is not None:
        await _link(given, request, attempt.sign_in, provider.issuer, found)
        return None
    async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session, session.begin():
        person = await _person(session, provider.issuer, found, given.clock())
        if person is None:
            raise Problem(ApiCode.IDENTITY_UNKNOWN)
        await identities.note_use(session, found.issuer, found.subject, given.clock())
        return await begin(session, given, request, person)


async def _sent(given: Dependencies, attempt: Attempt) -> tuple[str, Attempt]:
    provider = _provider(given, attempt.issuer)
    try:
        return await provider.page_for(attempt, _back(given, attempt.issuer)), attempt
    except ProviderAway as away:
        log.warning("issuer %s is away: %s", attempt.issuer, away)
        raise Problem(ApiCode.ISSUER_UNAVAILABLE) from None


def _provider(given: Dependencies, key: str) -> Provider:
    provider = given.providers.get(key)
    if provider is None:
        raise Problem(ApiCode.ISSUER_NOT_FOUND)
    return provider


def _back(given: Dependencies, key: str) -> str:
    """An address for each issuer: what another one answers does not arrive there (RFC 9700, 4.4)."""
    return f"{given.public_url}/v1/sign-in/with/{key}/back"


def _answered(given: Dependencies, request: Request, key: str) -> tuple[Attempt, str]:
    """What this browser was sent with, and the code that it brings. Raises `AnswerRefused`."""
    try:
        sealed = cookies.read(request, given, cookies.AT_ISSUER) or ""
        attempt = unseal(sealed, given.token_key, given.clock())
    except InvalidAttempt:
        raise AnswerRefused("this browser was not sent there, or too long ago") from None
    state, code = _only(request, "state"), _only(request, "code")
    if attempt.issuer != key:
        raise AnswerRefused("this browser was sent to another issuer")
    if state is None or not hmac.compare_digest(state.encode(), attempt.state.encode()):
        raise AnswerRefused("an answer to another asking")
    if code is None or "error" in request.query_params:
        raise AnswerRefused("the person was not let in there")
    return attempt, code


def _only(request: Request, name: str) -> str | None:
    """None when it is missing, twice there or longer than any is."""
    values = request.query_params.getlist(name)
    if len(values) > 1:
        raise AnswerRefused("an answer that says two things")
    return values[0] if values and 0 < len(values[0]) <= 4000 else None


async def _person(session: AsyncSession, issuer: Issuer, found: Identity, at: datetime) -> KnownPerson | None:
    """Whose it is; the first time, whoever has the address. Nobody is created."""
    known = await identity_of(session, found.issuer, found.subject)
    if known is not None and known.removed_at is not None:
        # Whoever removed it may have lost it to somebody else.
        return None
    if known is not None:
        return _admitted(issuer, await active_person(session, known.person_id))
    if not issuer.trusted_for_addresses or found.mail is None:
        return None
    person_id = await person_of_mail(session, found.mail)
    person = _admitted(issuer, await active_person(session, person_id) if person_id else None)
    if person is None:
        return None
    # An address may be given to somebody else there: an account that is known by one identity, or was, is not
    # opened to another.
    await identities.lock(session, person.id)
    if any(one.issuer == found.issuer for one in await identities_of(session, person.id)):
        return None
    owner = await identities.link(session, person.id, found.issuer, found.subject, at)
    return person if owner == person.id else None


def _admitted(issuer: Issuer, person: KnownPerson | None) -> KnownPerson | None:
    may = person is not None and person.role in issuer.roles and person.role is not Role.SYSTEM
    return person if may else None


async def _link(given: Dependencies, request: Request, sign_in: str, issuer: Issuer, found: Identity) -> None:
    """To who asked for it, in the browser where they are still signed in."""
    try:
        current = await signed_in_by_cookie(request, given)
    except Problem:
        raise Problem(ApiCode.ISSUER_ANSWER_REFUSED) from None
    if current.id != sign_in or _admitted(issuer, current.person) is None:
        raise Problem(ApiCode.ISSUER_ANSWER_REFUSED)
    async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session, session.begin():
        owner = await identities.link(session, current.person.id, found.issuer, found.subject, given.clock())
    if owner != current.person.id:
        raise Problem(ApiCode.IDENTITY_TAKEN)
