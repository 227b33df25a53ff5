"""Tokens that we sign and read ourselves, each good for one audience: what they name, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

ALGORITHM = "HS256"


class InvalidToken(ValueError):
    """Forged, cut short, or made for another audience."""


@dataclass(frozen=True)
class SignedToken:
    """`claims` as text; `expires` in seconds since 1970."""

    claims: dict[str, str]
    expires: int

    def is_over(self, now: datetime) -> bool:
        return self.expires <= now.timestamp()


def sign_token(key: bytes, audience: str, expires_at: datetime, **claims: str) -> str:
    """The same for the same claims."""
    return jwt.encode({**claims, "aud": audience, "exp": int(expires_at.timestamp())}, key, ALGORITHM)


def read_token(token: str, key: bytes, audience: str, *names: str) -> SignedToken:
    """With the claims of those names. Whether it is over is for the caller to ask, by the business time.
    Raises `InvalidToken`."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience,
            options={"require": [*names, "aud", "exp"], "verify_exp": False},
        )
        return SignedToken({name: str(claims[name]) for name in names}, int(claims["exp"]))
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
        raise InvalidToken from None
