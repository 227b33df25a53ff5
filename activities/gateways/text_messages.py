"""What brings a message by SMS to its hour. One adapter implements it: `temporal_text_messages.py`."""

from typing import Protocol

from domain.text_messages import TextMessage


class TextMessages(Protocol):
    async def begin(self, message: TextMessage) -> None:
        """Have it sent, now or once the night is over. Begun again, it is the same one."""
