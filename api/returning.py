"""To where one signs in, and from there back to the page that one wanted."""

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from api import cookies
from api.codes import ApiCode
from api.cross_site import SAFE
from api.dependencies import Dependencies
from api.pages import see

SIGN_IN_PAGE = "/v1/sign-in"
SIGNED_OUT = {
    ApiCode.NOT_SIGNED_IN,
    ApiCode.SIGN_IN_INVALID,
    ApiCode.SIGN_IN_EXPIRED,
    ApiCode.SECOND_FACTOR_MISSING,
}
# A link is good for a quarter of an hour; somebody may ask for a second one.
KEPT_FOR = timedelta(hours=1)
LONGEST = 500


def to_sign_in(scope: Scope) -> Response:
    """The page is kept in a cookie of that browser: the link of a mail opens in it too."""
    leads = see(SIGN_IN_PAGE)
    place = _place(scope)
    if _is_ours(place):
        given: Dependencies = scope["app"].state.dependencies
        cookies.put(leads, given, cookies.WANTED, place, KEPT_FOR)
    return leads


def wanted_page(request: Request, given: Dependencies) -> str | None:
    """Where to lead who has signed in; None if they wanted no page of ours."""
    place = cookies.read(request, given, cookies.WANTED)
    return place if place is not None and _is_ours(place) else None


def _place(scope: Scope) -> str:
    """What was sent from a form cannot be sent again: its page it is, as far as the browser names it."""
    if scope["method"] in SAFE:
        query = scope["query_string"].decode("latin-1")
        return f"{scope['path']}?{query}" if query else str(scope["path"])
    return urlsplit(Headers(scope=scope).get("referer", "")).path


def _is_ours(place: str) -> bool:
    """A path and nothing that browsers take for another host's address."""
    return (
        place.startswith("/")
        and not place.startswith(("//", "/v1/sign-in"))
        and len(place) <= LONGEST
        and all("!" <= character <= "~" and character not in '\\";,' for character in place)
    )
