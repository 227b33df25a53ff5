"""A dump of the database that is restored, and repaired."""

from datetime import UTC, datetime
from pathlib import Path

from deploy.recovery.looking import look
from deploy.recovery.repairing import repair
from domain.recovery import Difference
from tests.recover.world import REASON, World


async def forget_and_repair(world: World, dump: Path) -> list[Difference]:
    """What is found once that dump is restored: all of it is repaired, once, and everything is as it was."""
    before, moved, mails = world.written(), world.moved(), len(world.mail.messages)
    world.restore(dump)
    async with world.stores() as stores:
        found = (await look(stores, datetime.now(UTC))).differences
        repaired = await repair(stores, datetime.now(UTC), REASON)
        left = (await look(stores, datetime.now(UTC))).differences
        again = await repair(stores, datetime.now(UTC), REASON)
    assert (left, again) == ([], [])
    assert sorted(repaired) == sorted(found)
    assert world.written() == before
    assert (world.moved(), len(world.mail.messages)) == (moved, mails)
    acts = world.database.rows("SELECT kind, subject, detail, reason FROM recovery_acts ORDER BY 1, 2, 3")
    assert acts == sorted((one.kind.value, one.subject, one.detail, REASON) for one in found)
    return found
