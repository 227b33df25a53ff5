"""The secret address of a technician's agenda, for calendar programs, which cannot sign in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.signed_tokens import read_token, sign_token

AUDIENCE = "omeasupport-agenda"
# It is good until it is renewed or closed; a token of ours must end some day.
LASTS = timedelta(days=3650)


class InvalidFeed(ValueError):
    """Forged, made for something else, or over: all alike for whoever holds it."""


@dataclass(frozen=True)
class Feed:
    """Whose, and of when: only the newest of a technician is good."""

    technician_id: str
    opened_at: str


def mark_of(opened_at: datetime) -> str:
    """As the address has it: microseconds since 1970."""
    return str(round(opened_at.timestamp() * 1_000_000))


def feed_url(public_url: str, key: bytes, technician_id: str, opened_at: datetime) -> str:
    """The same for the same feed; nothing of it but `opened_at` is kept."""
    claims = {"sub": technician_id, "of": mark_of(opened_at)}
    return f"{public_url}/agenda/flux/{sign_token(key, AUDIENCE, opened_at + LASTS, **claims)}"


def read_feed(token: str, key: bytes, now: datetime) -> Feed:
    """Raises `InvalidFeed`. Whether it is the newest is for the caller to ask."""
    try:
        said = read_token(token, key, AUDIENCE, "sub", "of")
        technician = str(UUID(said.claims["sub"]))
    except ValueError:
        raise InvalidFeed from None
    if said.is_over(now):
        raise InvalidFeed
    return Feed(technician, said.claims["of"])
