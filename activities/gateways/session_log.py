"""The log of remote control in our own words. One adapter implements it: `anydesk_session_log.py`.

A breakdown (no answer, one that makes no sense) is an exception worth another try; a refusal of our
licence or key is one that no repeat mends.
"""

from datetime import datetime
from typing import Protocol

from domain.session_log import LoggedSession

__all__ = ["LoggedSession", "SessionLog", "SessionLogRefused", "SessionLogUnavailable"]


class SessionLogUnavailable(Exception):
    """The log could not be read, or gave no usable answer. Names nobody."""


class SessionLogRefused(Exception):
    """The log knows neither our licence nor our key, or our clock is wrong: a fault of our settings."""


class SessionLog(Protocol):
    async def logged(self, anydesk_id: str, start: datetime, end: datetime) -> tuple[LoggedSession, ...]:
        """The sessions with this AnyDesk id that are over and overlap `start` to `end`, oldest first.

        May be repeated. Raises `SessionLogUnavailable` and `SessionLogRefused`.
        """
