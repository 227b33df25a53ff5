"""Signing up: a link for a stranger's address, and the account that its page's button opens. The JSON route
and the pages both go this way.

The link is bound to no browser: people ask at the computer that does not work and open the mail on the
telephone. It shows whose account it would open, signs nobody in who has not asked in that same browser, and
what the texts say is accepted by its button, by whoever reads that mail.
"""

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from api import cookies
from api.accepted_texts import check_in_force
from api.auth import why_refused
from api.beginning import Begun, begin
from api.codes import ApiCode
from api.cross_site import refuse_other_sites
from api.dependencies import Dependencies
from api.errors import Problem
from api.processes import Workflows
from api.sign_in_links import (
    network_mark,
    remember_browser,
    secret_of_browser,
    too_many,
)
from db.askers import Purpose, for_purpose
from db.models.admissions import SignUp
from db.reads.admissions import find_sign_up
from db.reads.people import active_person
from db.reads.sign_ins import signed_in_by_secret
from db.stores import admissions
from db.stores.admissions import SignUpAsked
from db.stores.asking_limits import TooManyLinks
from db.stores.people import add_person
from domain.admissions import (
    SIGN_UP_LASTS,
    AcceptedText,
    AdmissionLetter,
    AdmissionLetterRequest,
    read_link,
)
from domain.sign_ins import fingerprint, mark
from domain.signed_links import InvalidLink
from domain.tickets import Role


@dataclass(frozen=True)
class Stranger:
    """What somebody says who wants an account; the versions are of the texts that they were shown."""

    name: str
    mail: str
    terms: str
    privacy: str


async def ask(given: Dependencies, workflows: Workflows, request: Request, said: Stranger) -> str:
    """Have a link mailed to that address; the secret for the browser that asked.

    The same is done, and the same is answered, whether anybody has that address or not: only the mail says.
    Raises `Problem`.
    """
    refuse_other_sites(request, given.public_url)
    check_in_force(said.terms, said.privacy)
    at, browser = given.clock(), secret_of_browser(given, request, cookies.SIGNING_UP)
    asked = SignUpAsked(
        name=said.name,
        mail=said.mail,
        terms=said.terms,
        privacy=said.privacy,
        mail_mark=mark(given.token_key, "mail", said.mail),
        network_mark=network_mark(given, request),
        browser_hash=fingerprint(browser),
        at=at,
    )
    try:
        async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session, session.begin():
            sign_up_id = await admissions.ask_to_sign_up(session, asked)
    except TooManyLinks as full:
        raise too_many(full, at, ApiCode.TOO_MANY_SIGN_UPS) from None
    try:
        await workflows.send_admission_letter(AdmissionLetterRequest(AdmissionLetter.SIGN_UP, sign_up_id))
    except Problem:
        # Whoever is told to try again must be able to.
        async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session, session.begin():
            await admissions.withdraw_sign_up(session, sign_up_id)
        raise
    return browser


def remember(response: Response, given: Dependencies, browser: str) -> None:
    remember_browser(response, given, browser, cookies.SIGNING_UP, SIGN_UP_LASTS)


async def look(given: Dependencies, token: str) -> SignUp:
    """Whose account the link would open. Nothing is used up. Raises `Problem(SIGN_UP_LINK_INVALID)` and, when
    the texts have changed since it was asked for, `Problem(CONSENT_TEXT_OUTDATED)`."""
    sign_up_id = _link(given, token)
    async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session:
        found = await find_sign_up(session, sign_up_id)
    if found is None or found.used_at is not None or found.asked_at <= given.clock() - SIGN_UP_LASTS:
        raise Problem(ApiCode.SIGN_UP_LINK_INVALID)
    check_in_force(found.terms, found.privacy)
    return found


async def use(given: Dependencies, request: Request, token: str) -> Begun | None:
    """Use the link up and open the account. Signed in is only the browser that asked for it; elsewhere None.
    Raises as `look`, and `Problem(MAIL_TAKEN)` when the address became somebody's meanwhile."""
    refuse_other_sites(request, given.public_url)
    sign_up_id, now = _link(given, token), given.clock()
    async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session, session.begin():
        found = await admissions.use_sign_up(session, sign_up_id, now)
        if found is None:
            raise Problem(ApiCode.SIGN_UP_LINK_INVALID)
        # What is accepted is what the page's links show.
        check_in_force(found.terms, found.privacy)
        client_id = await add_person(session, Role.CLIENT, found.name, found.mail)
        if client_id is None:
            raise Problem(ApiCode.MAIL_TAKEN)
        versions = {AcceptedText.TERMS: found.terms, AcceptedText.PRIVACY: found.privacy}
        await admissions.accept_texts(session, client_id, versions, now)
        asked_here = fingerprint(cookies.read(request, given, cookies.SIGNING_UP) or "") == found.browser_hash
        before = cookies.read(request, given, cookies.SIGN_IN)
        found_here = await signed_in_by_secret(session, fingerprint(before)) if before else None
        signed_in = found_here is not None and why_refused(found_here, now) is None
        client = await active_person(session, client_id)
        # Somebody who is signed in here stays so: they may have asked for another person.
        if not asked_here or signed_in or client is None:
            return None
        return await begin(session, given, request, client)


def _link(given: Dependencies, token: str) -> str:
    try:
        return read_link(token, given.token_key)
    except InvalidLink:
        raise Problem(ApiCode.SIGN_UP_LINK_INVALID) from None
