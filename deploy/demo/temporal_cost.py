"""What a ticket costs at Temporal: billable actions by the server's own counter, and history events."""

import asyncio
import re
from collections import Counter
from collections.abc import Collection

import httpx

from deploy.demo.frontend import patiently
from deploy.settings import Settings
from deploy.temporal import connect
from domain.ids import ticket_workflow_id

ACTIONS = re.compile(r'^action\{action_type="([^"]+)",namespace="([^"]+)"[^}]*\} (\d+)', re.MULTILINE)
# The server adds up its counters about once a second.
SETTLING_SECONDS = 1.5


async def actions_by_kind(metrics_url: str, namespace: str) -> dict[str, int]:
    """The namespace's actions since the server started, once its counter stands still, by kind."""
    previous: dict[str, int] | None = None
    async with httpx.AsyncClient(timeout=10) as http:
        while True:
            text = (await patiently(http, "GET", f"{metrics_url}/metrics")).text
            total: Counter[str] = Counter()
            for kind, name, count in ACTIONS.findall(text):
                if name == namespace:
                    total[kind] += int(count)
            if total == previous:
                return dict(total)
            previous = total
            await asyncio.sleep(SETTLING_SECONDS)


async def billable_actions(metrics_url: str, namespace: str) -> int:
    return sum((await actions_by_kind(metrics_url, namespace)).values())


async def events_per_ticket(settings: Settings, numbers: Collection[str]) -> float:
    """The mean length of these tickets' histories."""
    client = await connect(settings)
    lengths = [
        (await client.get_workflow_handle(ticket_workflow_id(number)).describe()).history_length
        for number in numbers
    ]
    return round(sum(lengths) / len(lengths), 1)
