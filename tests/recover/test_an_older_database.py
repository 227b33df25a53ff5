"""The database is restored to an earlier point while Temporal and Stripe have gone on."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.recovery.looking import look
from deploy.recovery.repairing import repair
from domain.messages import Ask
from domain.recovery import Kind
from tests.recover.forgetting import forget_and_repair
from tests.recover.hour import an_hour
from tests.recover.world import REASON, World, ends


async def test_what_was_done_since_is_done_again_and_nothing_twice(world: World, tmp_path: Path) -> None:
    dump = tmp_path / "hour-old.dump"
    async with world.worker():
        hour = await an_hour(world, after_opening=lambda: world.dump(dump))
    numbers = hour.numbers()
    found = await forget_and_repair(world, dump)
    kinds = Counter(one.kind for one in found)
    assert kinds[Kind.TICKET_UNKNOWN] == 1
    assert kinds[Kind.TEXT_LOST] == hour.texts
    assert [one.subject for one in found if one.kind is Kind.PERSON_UNKNOWN] == [hour.asked.request.client_id]
    assert [one.subject for one in found if one.kind is Kind.NUMBER_BEHIND] == hour.series()
    assert {one.subject for one in found if one.kind is Kind.TICKET_UNKNOWN} == {hour.asked.number}
    # What went on goes on, and no number is given again.
    async with world.worker():
        await hour.asked.act("acknowledge", Ask(hour.asked_of()))
        one_more = await world.a_ticket(ahead=timedelta(days=7))
        await one_more.reach_review()
        await one_more.act("review", one_more.satisfied())
        assert await ends(one_more) == "paid"
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


@pytest.mark.soak
async def test_what_cannot_be_done_again_is_named_and_holds_nobody_else_up(
    world: World, tmp_path: Path
) -> None:
    dump = tmp_path / "old.dump"
    async with world.worker():
        world.dump(dump)
        taken, other = await world.a_ticket(), await world.a_ticket(timedelta(days=4))
        await taken.act("acknowledge", taken.ask(), "taken-1")
        await other.act("acknowledge", other.ask(), "other-1")
        await taken.settle()
        await other.settle()
    world.restore(dump)
    # Their technician is given that very hour for somebody else, before anybody has compared anything.
    start, end = taken.request.start, taken.request.end
    world.database.execute(
        "INSERT INTO bookings (technician_id, during, state, held_by, skill, hold_expires_at) "
        "VALUES (%s, tstzrange(%s, %s), 'held', %s, 'internet', %s)",
        *(world.technician, start, end, world.client, end),
    )
    async with world.stores() as stores:
        await repair(stores, datetime.now(UTC), REASON)
        left = (await look(stores, datetime.now(UTC))).differences
    assert [(one.kind, one.subject, one.detail) for one in left if one.kind is not Kind.NOTICE_LOST] == [
        (Kind.TICKET_UNKNOWN, taken.number, ""),
        (Kind.STEP_LOST, taken.number, "acknowledge taken-1"),
    ]
    assert world.database.rows("SELECT number, status, acknowledged_at IS NOT NULL FROM tickets") == [
        (other.number, "scheduled", True)
    ]
