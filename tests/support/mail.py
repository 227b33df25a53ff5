"""A mail server at the port's border: keeps what it is given, or refuses."""

from dataclasses import dataclass, field

from activities.gateways.mail import Message


@dataclass
class SentMail:
    messages: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    def subjects_to(self, address: str) -> list[str]:
        return [message.subject for message in self.messages if message.to == address]
