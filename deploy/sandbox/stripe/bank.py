"""What banks do in their own time: decide disputes, return refunds, receive payouts."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from deploy.sandbox.stripe import chargebacks, disputes, payouts, refund_courses
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import StripeError, StripeObject
from deploy.sandbox.stripe.store import Store

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.1

# What was scheduled → the kind of object, and what happens to it.
HANDLERS: dict[str, tuple[str, Callable[[Call, StripeObject], Any]]] = {
    "dispute_escalated": ("dispute", chargebacks.escalate),
    "dispute_lost": ("dispute", chargebacks.lose),
    "dispute_won": ("dispute", chargebacks.win),
    "evidence_due": ("dispute", disputes.end_unanswered),
    "payout_arrival": ("payout", payouts.arrive),
    "payout_failure": ("payout", payouts.fail),
    "refund_failure": ("refund", refund_courses.fail),
    "refund_funds": ("refund", refund_courses.pay_when_funded),
    "refund_success": ("refund", refund_courses.succeed),
}


async def work_for_ever(store: Store, url: str) -> None:
    """Until cancelled. A breakdown of one round does not end the next."""
    while True:
        try:
            carry_out_due(store, url, time.time())
        except Exception:
            logger.exception("a round of the banks' work broke down")
        await asyncio.sleep(IDLE_SECONDS)


def carry_out_due(store: Store, url: str, now: float) -> None:
    """What an operator has made impossible meanwhile (a dispute decided by hand) is left out."""
    due = store.connection.execute(
        "SELECT sequence, kind, object FROM scheduled WHERE due <= ? ORDER BY due, sequence", (now,)
    ).fetchall()
    for row in due:
        kind, handle = HANDLERS[row["kind"]]
        with store.transaction():
            # First: whatever breaks down is logged once, and not tried for ever.
            store.connection.execute("DELETE FROM scheduled WHERE sequence = ?", (row["sequence"],))
            object_ = store.find(kind, row["object"])
            try:
                with store.savepoint():
                    if object_ is not None:
                        handle(Call(store, int(now), url), object_)
            except StripeError as refusal:
                logger.info("%s of %s: %s", row["kind"], row["object"], refusal.message)
            except Exception:
                logger.exception("%s of %s broke down", row["kind"], row["object"])
