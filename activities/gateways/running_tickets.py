"""Which tickets have a workflow that runs. One adapter implements it: `temporal_tickets.py`."""

from datetime import datetime
from typing import Protocol


class RunningTickets(Protocol):
    async def started(self) -> dict[str, datetime]:
        """The numbers of the tickets whose workflow runs, and when each began. A workflow that began or ended
        in the last moments may be missing, or still be there."""
