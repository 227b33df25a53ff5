"""SMS through whichever provider an apprise URL names."""

import logging
from urllib.parse import quote

from apprise import Apprise, NotifyFormat

from activities.gateways.sms import SmsUnavailable

PLACE = "{number}"
# For the whole of one message; an attempt must be over before the activity's own time-out.
TIMEOUT_SECONDS = 15
SOME_NUMBER = "+33639980000"
# Its lines quote numbers, and those of the library below it whole addresses with their keys.
SPEAK_OF_PEOPLE = ("apprise", "urllib3", "requests")


class AppriseSms:
    """`url` is an apprise URL with `{number}` where the recipient's number goes, as in
    `octopush://login/key/{number}`. Raises `ValueError` for another."""

    def __init__(self, url: str) -> None:
        for name in SPEAK_OF_PEOPLE:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self._url = url
        if url.count(PLACE) != 1 or not self._to(SOME_NUMBER):
            # Without the url: it holds a password.
            raise ValueError("not an apprise url with one {number} in it")

    async def send(self, number: str, text: str) -> None:
        """Hand over one message to one number (E.164). Raises `SmsUnavailable`."""
        try:
            taken = await self._to(number).async_notify(
                body=text, body_format=NotifyFormat.TEXT, timeout=TIMEOUT_SECONDS
            )
        except Exception as broken:
            # Each provider's plugin breaks in its own way, and its words may quote the number.
            raise SmsUnavailable(type(broken).__name__) from None
        if not taken:
            raise SmsUnavailable("the provider did not take the message")

    def _to(self, number: str) -> Apprise:
        """For one number alone; empty when apprise cannot make anything of the url."""
        one = Apprise()
        one.add(self._url.replace(PLACE, quote(number, safe="")))
        return one
