"""What a browser that was sent to an issuer must bring back: kept in its own cookie, signed by us."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from domain.signed_links import ALGORITHM

AUDIENCE = "omeasupport-at-issuer"
# People may have to find a password there, and a telephone.
ATTEMPT_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Attempt:
    """`state` proves that the answer is to this browser's asking, `nonce` that the token is, `verifier`
    (PKCE) that the code is. `sign_in` is the one to whose person an identity is to be added, None to
    sign in."""

    issuer: str
    state: str
    nonce: str
    verifier: str
    sign_in: str | None = None


class InvalidAttempt(ValueError):
    """Forged, or too old."""


def new_attempt(issuer: str, sign_in: str | None = None) -> Attempt:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(issuer, state, nonce, verifier, sign_in)


def seal(key: bytes, attempt: Attempt, now: datetime) -> str:
    expires = int((now + ATTEMPT_LASTS).timestamp())
    return jwt.encode({"attempt": asdict(attempt), "aud": AUDIENCE, "exp": expires}, key, ALGORITHM)


def unseal(sealed: str, key: bytes, now: datetime) -> Attempt:
    """Raises `InvalidAttempt`."""
    try:
        # The expiry is checked against our own clock, below.
        claims: dict[str, Any] = jwt.decode(
            sealed,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["aud", "exp"], "verify_exp": False},
        )
        attempt, expires = Attempt(**claims["attempt"]), int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError, KeyError):
        raise InvalidAttempt from None
    if expires <= now.timestamp():
        raise InvalidAttempt
    return attempt
