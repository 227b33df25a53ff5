"""The database is restored to an earlier point while Temporal and Stripe have gone on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.recovery.looking import look
from deploy.recovery.repairing import repair
from domain.messages import Ask, AskBecause
from domain.recovery import Kind
from domain.rulings import GainKind, GainRuling
from tests.recover.world import REASON, World


async def test_what_was_done_since_is_done_again_and_nothing_twice(world: World, tmp_path: Path) -> None:
    dump = tmp_path / "hour-old.dump"
    async with world.worker():
        billed, disputed = await world.a_ticket(), await world.a_ticket(ahead=_days(4))
        await disputed.reach_review()
        world.dump(dump)
        # An hour of work.
        asked = await world.a_ticket(ahead=_days(5))
        await asked.act(
            "decline", AskBecause(asked.as_technician, asked.written(asked.technician, "decline"))
        )
        await billed.reach_review()
        await billed.act("review", billed.satisfied())
        await billed.handle.signal("payment_news")
        assert await billed.handle.result() == "paid"
        await disputed.act("dispute", disputed.dissatisfied())
        await disputed.act("take_over", Ask(disputed.as_back_office))
        await disputed.act("ruling", disputed.ruled("reduce", GainRuling(1, GainKind.FULL), minutes=10))
        await disputed.handle.signal("payment_news")
        assert await disputed.handle.result() == "paid"
        await asked.settle()
    before, moved, mails = world.written(), world.moved(), len(world.mail.messages)

    world.restore(dump)
    async with world.stores() as stores:
        found = (await look(stores, datetime.now(UTC))).differences
        print(*found, sep="\n")
        repaired = await repair(stores, datetime.now(UTC), REASON)
        left = (await look(stores, datetime.now(UTC))).differences
        again = await repair(stores, datetime.now(UTC), REASON)
    assert left == []
    assert again == []
    assert sorted(repaired) == sorted(found)
    assert world.written() == before
    assert world.moved() == moved
    assert len(world.mail.messages) == mails
    assert {one.kind for one in found} == {
        Kind.NUMBER_BEHIND,
        Kind.TICKET_UNKNOWN,
        Kind.STEP_LOST,
        Kind.TEXT_LOST,
    }


def _days(count: int) -> timedelta:
    return timedelta(days=count)
