"""Saving a card: what is said to the workflow that does it, and by it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CardRequest:
    """`return_url` is where the hosted page sends the client afterwards."""

    client_id: str
    return_url: str


@dataclass(frozen=True)
class CardPageOpened:
    """The hosted page's address. It holds no personal data and dies after a day."""

    session: str
    url: str


@dataclass(frozen=True)
class OpenCardPage:
    """`key` names this request to the provider."""

    client_id: str
    key: str
    return_url: str


@dataclass(frozen=True)
class SaveCard:
    client_id: str
    session: str
