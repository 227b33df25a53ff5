"""Asking for a link to sign in by, and using it. The JSON routes and the pages both go this way."""

import math

from fastapi import Request
from starlette.responses import Response

from api import cookies
from api.beginning import Begun, begin
from api.codes import ApiCode
from api.cross_site import refuse_other_sites
from api.dependencies import Dependencies
from api.errors import Problem
from api.processes import Workflows
from db.models.sign_ins import SignInLink
from db.reads.people import KnownPerson, active_person, person_of_mail
from db.reads.sign_ins import find_link
from db.stores import sign_ins
from db.stores.sign_ins import Asked, TooManyLinks
from domain.sign_ins import (
    LINK_LASTS,
    SignInRequest,
    fingerprint,
    mark,
    network_of,
    read_link,
)
from domain.signed_links import InvalidLink


async def ask(given: Dependencies, workflows: Workflows, request: Request, mail: str) -> str:
    """Have a link mailed to that address, given in small letters; the secret for the browser that asked.

    The same is done, and the same is answered, whether anybody has that address or not. Raises
    `Problem(TOO_MANY_SIGN_INS)`, `Problem(CROSS_SITE_REQUEST)`, or that of a Temporal which is away.
    """
    refuse_other_sites(request, given.public_url)
    at = given.clock()
    # Asked again in the same browser, the mail that was late is as good as the new one.
    known = cookies.read(request, given, cookies.ASKING)
    browser = known if known and cookies.is_secret(known) else cookies.new_secret()
    network = network_of(request.client.host if request.client else None)
    try:
        async with given.sessions.begin() as session:
            asked = Asked(
                person_id=await person_of_mail(session, mail),
                mail_mark=mark(given.token_key, "mail", mail),
                network_mark=mark(given.token_key, "network", network),
                browser_hash=fingerprint(browser),
                at=at,
            )
            link_id = await sign_ins.ask_for_link(session, asked)
    except TooManyLinks as full:
        wait = max(1, math.ceil((full.until - at).total_seconds()))
        raise Problem(ApiCode.TOO_MANY_SIGN_INS, {"Retry-After": str(wait)}) from None
    try:
        await workflows.send_sign_in_link(SignInRequest(link_id))
    except Problem:
        # Whoever is told to try again must be able to.
        async with given.sessions.begin() as session:
            await sign_ins.withdraw_link(session, link_id)
        raise
    return browser


def remember_browser(response: Response, given: Dependencies, browser: str) -> None:
    cookies.put(response, given, cookies.ASKING, browser, LINK_LASTS)


async def look(given: Dependencies, request: Request, token: str) -> KnownPerson:
    """Whom the link would sign in, here and now. Nothing is used up: mail programs and their scanners open
    links by themselves. Raises `Problem(SIGN_IN_LINK_INVALID)` or `Problem(SIGN_IN_LINK_ELSEWHERE)`."""
    link_id, browser_hash = _link(given, token), _browser_hash(given, request)
    async with given.sessions() as session:
        link = await find_link(session, link_id)
        reason = _refusal(given, link, browser_hash)
        if reason is not None:
            raise Problem(reason)
        person = await active_person(session, str(link.person_id)) if link and link.person_id else None
    if person is None:
        raise Problem(ApiCode.SIGN_IN_LINK_INVALID)
    return person


async def use(given: Dependencies, request: Request, token: str) -> Begun:
    """Use the link up and begin the sign-in of its person. Raises as `look` does."""
    refuse_other_sites(request, given.public_url)
    link_id, browser_hash = _link(given, token), _browser_hash(given, request)
    async with given.sessions.begin() as session:
        person_id = await sign_ins.use_link(session, link_id, browser_hash, given.clock())
        person = await active_person(session, person_id) if person_id else None
        if person is None:
            reason = _refusal(given, await find_link(session, link_id), browser_hash)
            raise Problem(reason or ApiCode.SIGN_IN_LINK_INVALID)
        # The link proves the mailbox, and no more.
        return await begin(session, given, request, person)


def sign_browser_out(response: Response, given: Dependencies) -> None:
    for name in (cookies.SIGN_IN, cookies.ASKING, cookies.PENDING):
        cookies.remove(response, given, name)


def _link(given: Dependencies, token: str) -> str:
    try:
        return read_link(token, given.token_key)
    except InvalidLink:
        raise Problem(ApiCode.SIGN_IN_LINK_INVALID) from None


def _browser_hash(given: Dependencies, request: Request) -> str:
    return fingerprint(cookies.read(request, given, cookies.ASKING) or "")


def _refusal(given: Dependencies, link: SignInLink | None, browser_hash: str) -> ApiCode | None:
    """A dead link is dead everywhere; only a live one is worth opening in the right browser."""
    if link is None or link.used_at is not None or link.asked_at <= given.clock() - LINK_LASTS:
        return ApiCode.SIGN_IN_LINK_INVALID
    return None if link.browser_hash == browser_hash else ApiCode.SIGN_IN_LINK_ELSEWHERE
