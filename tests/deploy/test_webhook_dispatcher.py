"""From the inbox to the workflows, with a Temporal that can be away."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from db.askers import Purpose, asked_sessions
from db.engine import Sessions, create_engine, sessions
from db.stores import inbox
from deploy.webhook_dispatcher import WebhookDispatcher
from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours
from domain.provider_events import CONCERNS, IGNORED
from tests.support.postgres import Database

PAID = "payment_intent.succeeded"


@dataclass
class Temporal:
    """Remembers the signals it took; while it is away, each attempt takes some time."""

    away: RPCStatusCode | None = None
    taken: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0

    def get_workflow_handle(self, workflow_id: str) -> "Handle":
        return Handle(self, workflow_id)


@dataclass
class Handle:
    temporal: Temporal
    workflow_id: str

    async def signal(self, name: str, *, rpc_timeout: timedelta) -> None:
        self.temporal.asked += 1
        if self.temporal.away is not None:
            await asyncio.sleep(0.3)
            raise RPCError("away", self.temporal.away, b"")
        self.temporal.taken.append((self.workflow_id, name))


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_worker"))
    yield sessions(engine)
    await engine.dispose()


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_api"))
    yield asked_sessions(engine, purpose=Purpose.NOTICES)
    await engine.dispose()


async def receive(api: Sessions, *events: tuple[str, dict[str, str]]) -> None:
    """One after the other, as evt_0, evt_1…"""
    for number, (kind, subject) in enumerate(events):
        async with api.begin() as session:
            await inbox.keep(session, f"evt_{number}", kind, subject)


def states(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT state, attempts FROM webhook_events ORDER BY id")


def dispatcher(worker: Sessions, temporal: Temporal) -> WebhookDispatcher:
    return WebhookDispatcher(worker, cast(Client, temporal), "omea", Deadlines(), OpeningHours())


async def test_what_is_of_no_use_is_done_and_what_is_unknown_or_lost_its_recipient_is_parked(
    database: Database, worker: Sessions, api: Sessions
) -> None:
    await receive(
        api,
        (PAID, {"object": "pi_1", "ticket": "00000017"}),
        (PAID, {"object": "pi_2"}),
        ("checkout.session.completed", {"object": "cs_1", "card_page": "card-page:card/c/1"}),
        ("checkout.session.completed", {"object": "cs_2"}),
        ("charge.updated", {"object": "ch_1"}),
        ("treasury.something_new", {"object": "tr_1"}),
        # Of a transfer that pays no payout of ours.
        ("transfer.reversed", {"object": "tr_1"}),
    )
    temporal = Temporal()
    assert await dispatcher(worker, temporal).dispatch_due() == 7
    assert states(database) == [
        (state, 1) for state in ("done", "parked", "done", "parked", "done", "parked", "parked")
    ]
    assert temporal.taken == [("ticket/00000017", "payment_news"), ("card/c/1", "page_news")]


async def test_with_temporal_away_the_batch_ends_at_the_first_and_its_delay_begins_after_the_attempt(
    database: Database, worker: Sessions, api: Sessions
) -> None:
    await receive(api, *[(PAID, {"object": f"pi_{n}", "ticket": "00000017"}) for n in range(3)])
    temporal = Temporal(away=RPCStatusCode.UNAVAILABLE)
    [(before,)] = database.rows("SELECT clock_timestamp()")
    assert await dispatcher(worker, temporal).dispatch_due() == 0
    assert (temporal.asked, states(database)) == (1, [("pending", 1), ("pending", 0), ("pending", 0)])
    [(due,)] = database.rows("SELECT next_attempt_at FROM webhook_events WHERE id = 'evt_0'")
    assert cast(datetime, due) - before >= timedelta(seconds=1.3)

    temporal.away = None
    assert await dispatcher(worker, temporal).dispatch_due() == 2
    assert states(database) == [("pending", 1), ("done", 1), ("done", 1)]


async def test_an_event_is_marked_before_the_next_one_is_tried(
    database: Database, worker: Sessions, api: Sessions
) -> None:
    await receive(api, *[(PAID, {"object": f"pi_{n}", "ticket": "00000017"}) for n in range(2)])
    seen: list[list[tuple[Any, ...]]] = []

    class Watched(Temporal):
        def get_workflow_handle(self, workflow_id: str) -> Handle:
            seen.append(states(database))
            return super().get_workflow_handle(workflow_id)

    assert await dispatcher(worker, Watched()).dispatch_due() == 2
    assert seen == [[("pending", 0), ("pending", 0)], [("done", 1), ("pending", 0)]]


async def test_news_for_a_workflow_that_has_ended_is_done(
    database: Database, worker: Sessions, api: Sessions
) -> None:
    await receive(api, (PAID, {"object": "pi_1", "ticket": "00000017"}))
    assert await dispatcher(worker, Temporal(away=RPCStatusCode.NOT_FOUND)).dispatch_due() == 1
    assert states(database) == [("done", 1)]


async def test_what_was_parked_is_delivered_once_a_release_knows_it(
    database: Database, worker: Sessions, api: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    await receive(
        api,
        ("treasury.something_new", {"object": "tr_1", "ticket": "00000017"}),
        ("treasury.something_else", {"object": "tr_2"}),
        (PAID, {"object": "pi_1", "ticket": "00000025"}),
    )
    temporal = Temporal()
    await dispatcher(worker, temporal).dispatch_due()
    monkeypatch.setitem(CONCERNS, "treasury.something_new", CONCERNS[PAID])
    async with worker.begin() as session:
        assert await inbox.try_again(session, "evt_2") == 0
        assert await inbox.try_again(session, "evt_0") == 1
        assert await inbox.try_again(session) == 1
    assert await dispatcher(worker, temporal).dispatch_due() == 2
    assert states(database) == [("done", 2), ("parked", 2), ("done", 1)]
    assert temporal.taken == [("ticket/00000025", "payment_news"), ("ticket/00000017", "payment_news")]


def test_no_event_is_both_awaited_and_ignored_and_the_provider_can_be_asked_for_all_that_are_awaited() -> (
    None
):
    assert CONCERNS.keys() & IGNORED.keys() == set()
    # Stripe lists events of twenty kinds at most.
    assert len(CONCERNS) <= 20


def test_every_event_that_the_sandbox_makes_has_been_decided_about() -> None:
    made = set()
    for path in (Path(__file__).parents[2] / "deploy" / "sandbox" / "stripe").glob("*.py"):
        made |= set(
            re.findall(r'"((?:\w+\.)+\w+)"', "".join(re.findall(r"record_event\([^)]*\)", path.read_text())))
        )
    assert made - CONCERNS.keys() - IGNORED.keys() == set()
