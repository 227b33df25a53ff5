"""Whom we let say who somebody is, and the two ways in which that comes to nothing."""

from dataclasses import dataclass, field

from domain.tickets import Role


@dataclass(frozen=True)
class Issuer:
    """`key` is its part of our addresses, `name` what people call it, `url` its identifier (the `iss` of its
    tokens). People of other roles than `roles` do not come by it. `trusted_for_addresses` tells whether its
    word that an address is somebody's is taken: then it opens the account that has the address."""

    key: str
    name: str
    url: str
    client_id: str
    client_secret: str = field(repr=False)
    roles: frozenset[Role]
    trusted_for_addresses: bool = False


class ProviderAway(Exception):
    """No answer, or none that can be used, from the issuer's own servers: to be tried again later."""


class AnswerRefused(Exception):
    """What came back proves nothing. Its words are for us; whoever brought it is told no details."""
