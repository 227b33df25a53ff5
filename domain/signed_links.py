"""Links in mails by which a client reviews, or pays, one ticket without signing in, and does nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.errors import Refused
from domain.ids import parse_ticket_number
from domain.signed_tokens import read_token, sign_token


class Purpose(StrEnum):
    """What a link is good for; the token's audience, so that none opens anything else."""

    REVIEW = "omeasupport-review"
    PAYMENT = "omeasupport-payment"


# After the window in which something may be done, so that an old mail still shows what became of it.
STILL_GOOD = timedelta(days=30)
# A debt outlives its reminders, and the link is on each of them.
PAYABLE = timedelta(days=90)


class InvalidLink(ValueError):
    """Forged, made for something else, or expired: all alike for whoever holds it."""


@dataclass(frozen=True)
class Link:
    purpose: Purpose
    ticket: str
    client_id: str


def sign(key: bytes, link: Link, expires_at: datetime) -> str:
    """The token that says so."""
    return sign_token(key, link.purpose.value, expires_at, sub=link.client_id, ticket=link.ticket)


def read(token: str, key: bytes, purpose: Purpose, now: datetime) -> Link:
    """Raises `InvalidLink`."""
    try:
        said = read_token(token, key, purpose.value, "sub", "ticket")
        ticket, client = parse_ticket_number(said.claims["ticket"]), str(UUID(said.claims["sub"]))
    except (ValueError, Refused):
        raise InvalidLink from None
    if said.is_over(now):
        raise InvalidLink
    return Link(purpose, ticket, client)


def review_url(public_url: str, key: bytes, ticket: str, client_id: str, review_ends: datetime) -> str:
    """Good for a month after the end of the review window."""
    token = sign(key, Link(Purpose.REVIEW, ticket, client_id), review_ends + STILL_GOOD)
    return f"{public_url}/avis/{token}"


def payment_url(public_url: str, key: bytes, ticket: str, client_id: str, now: datetime) -> str:
    """Good for three months."""
    token = sign(key, Link(Purpose.PAYMENT, ticket, client_id), now + PAYABLE)
    return f"{public_url}/v1/payments/{token}"
