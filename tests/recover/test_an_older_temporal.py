"""Temporal is restored to an earlier point, or lost, while the database has gone on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy import schedules
from deploy.recovery.looking import look
from deploy.recovery.repairing import repair
from domain.messages import AskBecause
from domain.recovery import Difference, Kind
from tests.recover.world import REASON, World, a_world, ends
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import replay_history_of, running_environment
from tests.support.tickets import PlayedTicket
from workflows.search_attributes import TECHNICIAN_ID

SOON = timedelta(minutes=10)


@asynccontextmanager
async def temporal_of(world: World, file: Path) -> AsyncIterator[None]:
    """The server on this file, from its start to its stop."""
    async with running_environment("--db-filename", str(file)) as running:
        world.environment = running
        yield


async def hold_session(ticket: PlayedTicket) -> None:
    """In real time, for another server's clock goes on from that."""
    await ticket.act("consent", ticket.consent_given())
    await ticket.act("call", ticket.ask())
    await ticket.act("start", ticket.right_code())
    await ticket.act("end", ticket.ask())
    await ticket.act("report", ticket.report_of(1))


@pytest.mark.parametrize("lost", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["older", "lost"])
async def test_each_ticket_goes_on_from_where_the_database_has_it(
    lost: bool, database: Database, sandbox: StripeSandbox, tmp_path: Path
) -> None:
    sandbox.forget_everything()
    file, copy = tmp_path / "temporal.sqlite", tmp_path / "copy.sqlite"
    async with running_environment("--db-filename", str(file)) as first:
        world = await a_world(first, database, sandbox)
        async with world.worker():
            booked = await world.a_ticket(SOON)
            cancelled = await world.a_ticket(SOON + timedelta(hours=2))
            await booked.act("acknowledge", booked.ask())
            await cancelled.settle()
    keep(file, copy)
    async with temporal_of(world, file), world.worker():
        booked, cancelled = world.again(booked), world.again(cancelled)
        await hold_session(booked)
        reason = cancelled.written(world.client, "cancel")
        await cancelled.act("cancel", AskBecause(cancelled.as_client, reason))
        assert await cancelled.handle.result() == "cancelled"
        asked = await world.a_ticket(timedelta(hours=4))
        await asked.settle()
        await booked.settle()
    go_back(file, None if lost else copy)
    async with temporal_of(world, file):
        before = world.written()
        async with world.stores() as stores:
            found = (await look(stores, datetime.now(UTC))).differences
            repaired = await repair(stores, datetime.now(UTC), REASON)
            left = (await look(stores, datetime.now(UTC))).differences
            again = await repair(stores, datetime.now(UTC), REASON)
        assert (left, again, world.written()) == ([], [], before)
        wanted = after_a_loss(booked, asked) if lost else after_a_restore(booked, cancelled, asked)
        assert sorted(found) == sorted(repaired) == sorted(wanted)
        async with world.worker():
            booked, asked = world.again(booked), world.again(asked)
            await asked.act("acknowledge", asked.ask())
            await booked.act("review", booked.satisfied())
            assert await ends(booked) == "paid"
            shown = (await booked.handle.describe()).typed_search_attributes
            assert shown.get(TECHNICIAN_ID) == world.technician
            await asked.settle()
            await replay_history_of(booked.handle)
            await replay_history_of(asked.handle)
            assert await world.untrue() == []
    assert world.sent_twice() == []
    await world.payments.close()


def keep(file: Path, copy: Path) -> None:
    copy.write_bytes(file.read_bytes())


def go_back(file: Path, copy: Path | None) -> None:
    """To the copy, or to nothing at all."""
    file.unlink()
    if copy is not None:
        copy.rename(file)


def after_a_loss(booked: PlayedTicket, asked: PlayedTicket) -> list[Difference]:
    """With the last line of each journal."""
    return [
        Difference(Kind.PROCESS_MISSING, booked.number, key_of(booked, "report")),
        Difference(Kind.PROCESS_MISSING, asked.number, "book"),
        *(Difference(Kind.SCHEDULE_MISSING, name) for name in schedules.SCHEDULES),
    ]


def after_a_restore(booked: PlayedTicket, cancelled: PlayedTicket, asked: PlayedTicket) -> list[Difference]:
    """With the first line that the process has not heard of."""
    return [
        Difference(Kind.PROCESS_BEHIND, booked.number, key_of(booked, "consent")),
        Difference(Kind.PROCESS_LEFT, cancelled.number, key_of(cancelled, "cancel")),
        Difference(Kind.PROCESS_MISSING, asked.number, "book"),
    ]


def key_of(ticket: PlayedTicket, act: str) -> str:
    [(key,)] = ticket.database.rows(
        "SELECT key FROM journal WHERE ticket = %s AND act = %s", ticket.number, act
    )
    return str(key)
