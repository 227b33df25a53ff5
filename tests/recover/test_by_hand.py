"""`omea reconcile` at a terminal, and who refuses to start before it has been used."""

import asyncio
import base64
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deploy.recovery.histories import Process, Step
from deploy.recovery.marks import compared, refuse_when_older
from deploy.recovery.processes import unheard_of
from deploy.settings import process_environment
from domain.messages import Actor
from domain.recovery import Difference, Kind
from domain.ticket_steps import Act
from domain.tickets import Role
from tests.deploy.conftest import sandbox_environment as sandbox_environment  # a fixture
from tests.recover.world import REASON, World, look_at_invariants
from tests.support.stripe_sandbox import API_KEY
from tests.support.temporal import BYTES

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
TEN, ELEVEN = NINE + timedelta(hours=1), NINE + timedelta(hours=2)


def older(at: datetime, known: datetime | None) -> Difference:
    return Difference(Kind.DATABASE_OLDER, at.isoformat(), known.isoformat() if known else "-")


@pytest.mark.parametrize(
    ("asked", "done", "newest", "reconciled_at", "found"),
    [
        (None, None, None, None, []),
        (TEN, TEN, TEN, None, []),
        # The next one is under way, or was done and is about to be told.
        (TEN, NINE, NINE, None, []),
        (TEN, NINE, TEN, None, []),
        (TEN, TEN, NINE, None, [older(TEN, NINE)]),
        (TEN, TEN, None, None, [older(TEN, None)]),
        (NINE, NINE, TEN, None, [Difference(Kind.TEMPORAL_OLDER, TEN.isoformat(), NINE.isoformat())]),
        (None, None, TEN, None, [Difference(Kind.TEMPORAL_OLDER, TEN.isoformat(), "-")]),
        # What was found to agree since proves nothing.
        (TEN, TEN, NINE, ELEVEN, []),
        (None, None, TEN, ELEVEN, []),
        (ELEVEN, ELEVEN, NINE, TEN, [older(ELEVEN, NINE)]),
    ],
)
def test_the_looks_tell_which_store_is_older(
    asked: datetime | None,
    done: datetime | None,
    newest: datetime | None,
    reconciled_at: datetime | None,
    found: list[Difference],
) -> None:
    assert list(compared(asked, done, newest, reconciled_at)) == found


def a_process(*keys: str, resumed_from: str | None = None) -> Process:
    acts = [Act("48291573", key, NINE, Actor("system", Role.SYSTEM)) for key in keys]
    steps = tuple(Step("ticket/48291573", "run", 1, "acknowledge", act, NINE, NINE) for act in acts)
    request = SimpleNamespace(resumed=SimpleNamespace(journal=resumed_from) if resumed_from else None)
    return Process("ticket/48291573", "run", "Ticket", True, steps, cast(Any, request))


@pytest.mark.parametrize(
    ("process", "unheard"),
    [
        (a_process("book", "call", "end"), None),
        # Asked for, and not answered yet.
        (a_process("book", "call", "end", "report"), None),
        (a_process("book"), "call"),
        (a_process("call", "end", resumed_from="line-1"), None),
        (a_process("end", resumed_from="line-2"), None),
        (a_process(resumed_from="line-2"), "end"),
        (a_process("end", resumed_from="line-9"), "line-9"),
    ],
)
def test_a_process_is_behind_when_it_has_not_heard_of_an_act(process: Process, unheard: str | None) -> None:
    journal = [("line-1", "book"), ("line-2", "call"), ("line-3", "end")]
    assert unheard_of(process, journal) == unheard


Program = Callable[..., Awaitable[tuple[int, list[str], str]]]


@pytest.fixture
def program(world: World, sandbox_environment: dict[str, str]) -> Program:
    """Runs a module of ours as a process of its own, with the database's role given first."""
    client = world.environment.client
    given = sandbox_environment | {
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": client.namespace,
        "TASK_QUEUE": world.task_queue,
        "STRIPE_API_KEY": API_KEY,
        "STRIPE_API_BASE": world.stripe.url,
        "PAYLOAD_KEY": base64.b64encode(BYTES).decode(),
    }

    async def run(role: str, *arguments: str) -> tuple[int, list[str], str]:
        surroundings = given | {"DATABASE_URL": world.database.url(role)}
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", *arguments],
            env=process_environment() | surroundings,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout.splitlines(), done.stderr

    return run


@pytest.mark.soak
async def test_nobody_starts_on_an_older_database_before_it_was_reconciled(
    world: World, program: Program, tmp_path: Path
) -> None:
    dump, key = tmp_path / "old.dump", "asked-once"
    async with world.worker():
        await look_at_invariants(world)
        ticket = await world.a_ticket()
        await ticket.settle()
        world.dump(dump)
        await ticket.act("acknowledge", ticket.ask(), key)
        await look_at_invariants(world)
    world.restore(dump)
    for module, role in (("deploy.worker", "omea_worker"), ("deploy.server", "omea_api")):
        code, said, told = await program(role, module)
        last = "\n".join([*said, told]).strip().splitlines()[-1]
        assert (code, "la base date d'avant " in last) == (1, True)

    command = ("omea_owner", "deploy.cli", "reconcile")
    code, lines, _ = await program(*command)
    # The hours of the looks are those of this test.
    assert (code, [*lines[:2], *lines[3:]]) == (
        1,
        [
            "Différences : 2",
            "    La base est plus ancienne que Temporal (dernier contrôle connu) : 1",
            "    La base a oublié une étape : 1",
            f"            {ticket.number} acknowledge {key}",
        ],
    )
    refused = await program(*command, "--repair")
    assert refused[0] == 2
    with world.database.connect("omea_api"):
        code, _, told = await program(*command, "--repair", "--reason", REASON)
        assert (code, told) == (
            1,
            "omea : des processus écrivent encore dans la base (omea_api) : les arrêter\n",
        )
    code, lines, _ = await program(*command, "--repair", "--reason", REASON)
    assert (code, lines[-1]) == (0, "la base, Temporal et Stripe concordent")
    assert await program(*command) == (0, ["la base, Temporal et Stripe concordent"], "")
    assert world.database.rows("SELECT kind, subject, reason FROM recovery_acts ORDER BY id") == [
        ("step_lost", ticket.number, REASON),
        ("reconciled", "", REASON),
    ]
    async with world.stores() as stores:
        await refuse_when_older(stores.client, stores.database, stores.task_queue)
