"""What a browser that was sent to an issuer must bring back: kept in its own cookie, signed by us."""

import secrets
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta

from domain.signed_tokens import InvalidToken, read_token, sign_token

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
    claims = {name: value or "" for name, value in asdict(attempt).items()}
    return sign_token(key, AUDIENCE, now + ATTEMPT_LASTS, **claims)


def unseal(sealed: str, key: bytes, now: datetime) -> Attempt:
    """Raises `InvalidAttempt`."""
    try:
        found = read_token(sealed, key, AUDIENCE, *(field.name for field in fields(Attempt)))
    except InvalidToken:
        raise InvalidAttempt from None
    if found.is_over(now):
        raise InvalidAttempt
    attempt = Attempt(**found.claims)
    return replace(attempt, sign_in=attempt.sign_in or None)
