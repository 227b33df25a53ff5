"""Links that let a client review one ticket without signing in. They let nobody do anything else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from api.auth import ALGORITHM
from api.codes import ApiCode
from api.errors import Problem
from domain.errors import Refused
from domain.ids import parse_ticket_number

AUDIENCE = "omeasupport-review"
# After the review window, so that a link from an old mail still shows what was said.
STILL_GOOD = timedelta(days=30)


@dataclass(frozen=True)
class ReviewLink:
    ticket: str
    client_id: str


def issue_review_token(key: bytes, link: ReviewLink, now: datetime, window: timedelta) -> str:
    """Good until 30 days after the review window that opens `now`."""
    expires = now + window + STILL_GOOD
    claims = {
        "sub": link.client_id,
        "ticket": link.ticket,
        "aud": AUDIENCE,
        "exp": int(expires.timestamp()),
    }
    return jwt.encode(claims, key, ALGORITHM)


def review_url(public_url: str, token: str) -> str:
    return f"{public_url}/v1/reviews/{token}"


def read_review_token(token: str, key: bytes, now: datetime) -> ReviewLink:
    """Raises `Problem(REVIEW_LINK_INVALID)` for a forged, foreign or expired token, all alike."""
    try:
        # The expiry is checked against our own clock, below.
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["sub", "ticket", "aud", "exp"], "verify_exp": False},
        )
        link = ReviewLink(parse_ticket_number(str(claims["ticket"])), str(UUID(str(claims["sub"]))))
        expires = int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, Refused):
        raise Problem(ApiCode.REVIEW_LINK_INVALID) from None
    if expires <= now.timestamp():
        raise Problem(ApiCode.REVIEW_LINK_INVALID)
    return link
