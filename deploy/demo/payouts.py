"""The month's payouts as finance runs them over HTTP, and once more to see that nothing is paid twice."""

import asyncio
from typing import Any

from deploy.demo.frontend import PATIENCE_SECONDS, PAUSE_SECONDS, Frontend, NoAnswer, Refused


async def due(finance: Frontend, month: str) -> int:
    """The cents that a run would pay now, by its preview."""
    return int((await finance.get(f"/v1/payouts/{month}/preview"))["to_pay_cents"])


async def run_month(finance: Frontend, month: str, key: str, reason: str) -> int:
    """Run the month and wait for its end. Answers the cents that this run has paid."""
    before = (await finance.get(f"/v1/payouts/{month}"))["paid_cents"]
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while True:
        try:
            answer = await finance.post(f"/v1/payouts/{month}/runs", key, {"reason": reason})
        except Refused as refused:
            # Somebody else's run of the month is still open: ours comes after it.
            if refused.code != "run_in_progress" or loop.time() > deadline:
                raise
        else:
            if answer["run"] is not None and answer["run"]["finished_at"] is not None:
                break
        if loop.time() > deadline:
            raise NoAnswer(f"la campagne de {month} ne finit pas")
        await asyncio.sleep(PAUSE_SECONDS)
    after: dict[str, Any] = await finance.get(f"/v1/payouts/{month}")
    return int(after["paid_cents"] - before)
