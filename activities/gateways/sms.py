"""Short messages to telephones. One adapter implements it: `apprise_sms.py`."""

from typing import Protocol


class SmsUnavailable(Exception):
    """The provider did not take it: to be tried again later. Names no number."""


class Sms(Protocol):
    async def send(self, number: str, text: str) -> None:
        """Hand over one message to one number (E.164). Raises `SmsUnavailable`."""
