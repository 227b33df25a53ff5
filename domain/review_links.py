"""Links that let a client review one ticket without signing in. They let nobody do anything else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from domain.errors import Refused
from domain.ids import parse_ticket_number

ALGORITHM = "HS256"
AUDIENCE = "omeasupport-review"
# After the review window, so that a link from an old mail still shows what was said.
STILL_GOOD = timedelta(days=30)


class InvalidReviewLink(ValueError):
    """Forged, made for something else, or expired: all alike for whoever holds it."""


@dataclass(frozen=True)
class ReviewLink:
    ticket: str
    client_id: str


def sign(key: bytes, link: ReviewLink, opened_at: datetime, window: timedelta) -> str:
    """A token good until 30 days after the end of the review window that opened then."""
    expires = opened_at + window + STILL_GOOD
    claims = {
        "sub": link.client_id,
        "ticket": link.ticket,
        "aud": AUDIENCE,
        "exp": int(expires.timestamp()),
    }
    return jwt.encode(claims, key, ALGORITHM)


def url(public_url: str, token: str) -> str:
    return f"{public_url}/v1/reviews/{token}"


def read(token: str, key: bytes, now: datetime) -> ReviewLink:
    """Raises `InvalidReviewLink`."""
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
        raise InvalidReviewLink from None
    if expires <= now.timestamp():
        raise InvalidReviewLink
    return link
