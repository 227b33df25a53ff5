"""Signing in and out, and the tokens of frontends. Its pages are in `sign_in_pages.py`."""

from fastapi import APIRouter, Request, Response

from api import cookies
from api.auth import AnyPerson, CurrentSignIn, issue_token, signed_in_by_cookie, why_refused
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.documentation import SIGNED_IN, problems
from api.errors import Problem
from api.shapes.sign_ins import AskToSignIn, ExchangeToken, LinkAsked, Tokens
from api.sign_in_links import ask, remember_browser, sign_browser_out
from db.reads.sign_ins import signed_in_by_id
from db.stores import sign_ins
from domain.sign_ins import ACCESS_LASTS, LINK_LASTS, fingerprint

router = APIRouter(prefix="/v1", tags=["signing in"])

BODY = (ApiCode.MALFORMED_JSON, ApiCode.BODY_TOO_LARGE, ApiCode.INVALID_INPUT, ApiCode.DATABASE_UNAVAILABLE)


@router.post(
    "/sign-in",
    status_code=202,
    summary="Ask for a link to sign in by",
    responses=problems(
        *BODY,
        ApiCode.CROSS_SITE_REQUEST,
        ApiCode.TOO_MANY_SIGN_INS,
        ApiCode.NO_WORKER,
        ApiCode.TEMPORAL_UNAVAILABLE,
    ),
)
async def ask_to_sign_in(
    asked: AskToSignIn, given: Given, workflows: GivenWorkflows, request: Request, response: Response
) -> LinkAsked:
    """Mails a link to whoever has that address; the answer is the same if nobody has it. Sets the cookie
    without which the link is good for nothing: it works in the browser that asked. Too many askings for an
    address, or from a network address, are refused for up to an hour."""
    remember_browser(response, given, await ask(given, workflows, request, asked.mail))
    return LinkAsked(link_lasts=int(LINK_LASTS.total_seconds()))


@router.post(
    "/sign-out",
    status_code=204,
    summary="Sign out",
    responses=problems(*SIGNED_IN, ApiCode.CROSS_SITE_REQUEST),
)
async def sign_out(_: AnyPerson, current: CurrentSignIn, given: Given, response: Response) -> None:
    """Ends the sign-in of this browser, or of the one whose token this is, with all its tokens, at once."""
    async with given.sessions.begin() as session:
        await sign_ins.revoke(session, current.id, given.clock())
    sign_browser_out(response, given)


@router.post(
    "/tokens",
    status_code=201,
    summary="Tokens for a frontend",
    responses=problems(
        ApiCode.NOT_SIGNED_IN,
        ApiCode.SIGN_IN_INVALID,
        ApiCode.SIGN_IN_EXPIRED,
        ApiCode.SECOND_FACTOR_MISSING,
        ApiCode.CROSS_SITE_REQUEST,
        ApiCode.DATABASE_UNAVAILABLE,
    ),
)
async def give_tokens(request: Request, given: Given) -> Tokens:
    """For the cookie of a browser that is signed in, and for nothing else: a token makes no other. They are
    good for as long as the sign-in, which the person can end at any time."""
    found = await signed_in_by_cookie(request, given)
    secret = cookies.new_secret()
    async with given.sessions.begin() as session:
        await sign_ins.add_refresh_token(session, found.id, fingerprint(secret), given.clock())
    return _tokens(given, found.id, secret)


@router.post(
    "/tokens/refresh",
    status_code=201,
    summary="Exchange a refresh token",
    responses=problems(
        *BODY, ApiCode.SIGN_IN_INVALID, ApiCode.SIGN_IN_EXPIRED, ApiCode.SECOND_FACTOR_MISSING
    ),
)
async def refresh(exchanged: ExchangeToken, given: Given) -> Tokens:
    """The next pair of tokens. Each refresh token is good for one exchange: one that comes a second time ends
    its sign-in, with all its tokens, for one of the two who had it has stolen it."""
    now, secret = given.clock(), cookies.new_secret()
    async with given.sessions.begin() as session:
        sign_in_id = await sign_ins.use_refresh_token(session, fingerprint(exchanged.refresh_token), now)
        found = await signed_in_by_id(session, sign_in_id) if sign_in_id else None
        refused = ApiCode.SIGN_IN_INVALID if found is None else why_refused(found, now)
        if found is not None and refused is None:
            await sign_ins.note_use(session, found.id, now)
            await sign_ins.add_refresh_token(session, found.id, fingerprint(secret), now)
    # Only now: a refusal must not undo what it has found out.
    if found is None or refused is not None:
        raise Problem(refused or ApiCode.SIGN_IN_INVALID)
    return _tokens(given, found.id, secret)


def _tokens(given: Dependencies, sign_in_id: str, secret: str) -> Tokens:
    return Tokens(
        access_token=issue_token(given.token_key, sign_in_id, given.clock(), ACCESS_LASTS),
        token_type="Bearer",  # noqa: S106  # its kind
        expires_in=int(ACCESS_LASTS.total_seconds()),
        refresh_token=secret,
    )
