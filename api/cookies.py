"""The cookies there are: of whoever is signed in, of a browser that has asked for a link, and of one in which
the first factor was shown and the second is awaited."""

import re
import secrets
from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from api.dependencies import Dependencies

SIGN_IN = "sign_in"
ASKING = "asking"
PENDING = "pending"


def new_secret() -> str:
    """256 random bits; only their fingerprint is ever kept."""
    return secrets.token_urlsafe(32)


def is_secret(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]{43}", text) is not None


def read(request: Request, given: Dependencies, name: str) -> str | None:
    return request.cookies.get(_named(given, name))


def put(response: Response, given: Dependencies, name: str, value: str, lasts: timedelta) -> None:
    """Out of reach of scripts and of other sites' forms; still sent when a link of a mail leads to us."""
    response.set_cookie(
        _named(given, name),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=_is_secure(given),
        httponly=True,
        samesite="lax",
    )


def remove(response: Response, given: Dependencies, name: str) -> None:
    response.delete_cookie(
        _named(given, name), path="/", secure=_is_secure(given), httponly=True, samesite="lax"
    )


def _named(given: Dependencies, name: str) -> str:
    """Browsers take a name that begins so from this very host only, over TLS: a neighbour cannot plant it."""
    return f"__Host-{name}" if _is_secure(given) else name


def _is_secure(given: Dependencies) -> bool:
    return given.public_url.startswith("https://")
