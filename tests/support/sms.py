"""A provider of SMS at the port's border: keeps what it is given, or does not take it at first."""

from dataclasses import dataclass, field

from activities.gateways.sms import SmsUnavailable


@dataclass
class SentSms:
    """The first `failures` are not taken."""

    failures: int = 0
    messages: list[tuple[str, str]] = field(default_factory=list)
    tried: int = 0

    async def send(self, number: str, text: str) -> None:
        self.tried += 1
        if self.tried <= self.failures:
            raise SmsUnavailable("away")
        self.messages.append((number, text))
