"""The database is restored to an earlier point while Temporal and Stripe have gone on."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.recovery.looking import look
from deploy.recovery.repairing import repair
from domain.messages import Ask
from domain.recovery import Difference, Kind
from tests.recover.hour import an_hour
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


async def test_what_was_done_since_is_done_again_and_nothing_twice(world: World, tmp_path: Path) -> None:
    dump = tmp_path / "hour-old.dump"
    async with world.worker():
        hour = await an_hour(world, after_opening=lambda: world.dump(dump))
    numbers = hour.numbers()
    found = await forget_and_repair(world, dump)
    kinds = Counter(one.kind for one in found)
    assert kinds[Kind.TICKET_UNKNOWN] == 1
    assert kinds[Kind.TEXT_LOST] == hour.texts
    assert [one.subject for one in found if one.kind is Kind.NUMBER_BEHIND] == hour.series()
    assert {one.subject for one in found if one.kind is Kind.TICKET_UNKNOWN} == {hour.asked.number}
    # What went on goes on, and no number is given again.
    async with world.worker():
        await hour.asked.act("acknowledge", Ask(hour.asked_of()))
        one_more = await world.a_ticket(ahead=timedelta(days=7))
        await one_more.reach_review()
        await one_more.act("review", one_more.satisfied())
        await one_more.handle.signal("payment_news")
        assert await one_more.handle.result() == "paid"
        assert await world.untrue() == []
    given = hour.numbers() - numbers
    assert len(given) == 1
    assert world.sent_twice() == []


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_it_may_have_been_dumped_at_any_moment(world: World, tmp_path: Path) -> None:
    dumps: list[Path] = []

    def dump() -> None:
        dumps.append(tmp_path / f"{len(dumps)}.dump")
        world.dump(dumps[-1])

    async with world.worker():
        hour = await an_hour(world, after_opening=dump, after_each=dump)
    numbers, at_the_end = hour.numbers(), tmp_path / "end.dump"
    world.dump(at_the_end)
    found = []
    for moment in dumps:
        found.append(await forget_and_repair(world, moment))
        assert hour.numbers() == numbers
        # The next one is restored over the same end.
        world.restore(at_the_end)
    # Each dump has forgotten less than the one before it.
    lost = [sum(one.kind is Kind.STEP_LOST for one in of_one) for of_one in found]
    assert lost == sorted(lost, reverse=True)
    assert lost[0] > 20
