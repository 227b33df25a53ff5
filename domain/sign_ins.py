"""Signing in by a link in a mail: how long each part of it is good for, and what proves it.

Sources for the figures: NIST SP 800-63B (at most a day, and an hour unused, where much can be seen or moved;
30 days elsewhere), OWASP Session Management, RFC 9700 (refresh tokens that rotate).
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from domain.signed_links import InvalidLink
from domain.signed_tokens import read_token, sign_token
from domain.tickets import Role

LINK_LASTS = timedelta(minutes=15)
# So long after it was made an access token must be exchanged for another, whatever is left of the sign-in.
ACCESS_LASTS = timedelta(minutes=15)

# Links asked for within the window, for one address and from one network address. A household or an office
# shares the latter.
LIMIT_WINDOW = timedelta(hours=1)
LINKS_PER_MAIL = 5
LINKS_PER_NETWORK = 20

# Use is noted no more often than this: reading must not write each time.
NOTED_EVERY = timedelta(minutes=1)
# Longer than any sign-in lasts: what is older is over for everybody.
KEPT = timedelta(days=31)
LINKS_KEPT = timedelta(days=1)

LINK_AUDIENCE = "omeasupport-sign-in"


@dataclass(frozen=True)
class Lifetime:
    """A sign-in ends when it is not used for `unused`, and in any case after `at_most`."""

    unused: timedelta
    at_most: timedelta


def lifetime_of(role: Role) -> Lifetime:
    """The more a person can see and do, the shorter. It is that of the role they have today."""
    match role:
        case Role.CLIENT:
            return Lifetime(timedelta(days=14), timedelta(days=30))
        case Role.TECHNICIAN:
            return Lifetime(timedelta(days=3), timedelta(days=14))
        case Role.BACK_OFFICE | Role.FINANCE | Role.SYSTEM:
            return Lifetime(timedelta(hours=1), timedelta(hours=12))


def is_over(role: Role, began_at: datetime, seen_at: datetime, now: datetime) -> bool:
    lasts = lifetime_of(role)
    return now >= began_at + lasts.at_most or now >= seen_at + lasts.unused


def fingerprint(secret: str) -> str:
    """What is kept of a random secret (256 bits, so that no salt is needed)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def mark(key: bytes, kind: str, value: str) -> str:
    """Tells whether two askings are for the same address, or from the same network, without saying which."""
    return hmac.new(key, f"sign-in {kind}\n{value}".encode(), hashlib.sha256).hexdigest()


def network_of(address: str | None) -> str:
    """Whom an address counts for: one IPv4 address, or the /64 of IPv6 that one subscriber has."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)


@dataclass(frozen=True)
class SignInRequest:
    """A link was asked for; `link_id` is its row, and all that leaves the database."""

    link_id: str


@dataclass(frozen=True)
class Forget:
    """What is over is deleted, as of `at`."""

    at: datetime


def sign_link(key: bytes, link_id: str, asked_at: datetime) -> str:
    """The token of a link, the same each time it is made. It says nothing of whom it is for."""
    return sign_token(key, LINK_AUDIENCE, asked_at + LINK_LASTS, sub=link_id)


def read_link(token: str, key: bytes) -> str:
    """The id of the link; whether it is still good, its row says. Raises `InvalidLink`."""
    try:
        return str(UUID(read_token(token, key, LINK_AUDIENCE, "sub").claims["sub"]))
    except ValueError:
        raise InvalidLink from None


def link_url(public_url: str, key: bytes, link_id: str, asked_at: datetime) -> str:
    return f"{public_url}/v1/sign-in/links/{sign_link(key, link_id, asked_at)}"
