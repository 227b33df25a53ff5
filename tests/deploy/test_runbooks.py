"""What the runbooks tell people to do at night is there to be done."""

import asyncio
import re
import shlex
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import typer
from temporalio.testing import WorkflowEnvironment

from api.app import ROUTERS
from deploy.cli import application
from deploy.sandbox.temporal import temporal_program
from domain.payees import Hold
from domain.payout_steps import INTERRUPTED
from domain.payouts import BALANCE_INSUFFICIENT, PROVIDER_UNAVAILABLE
from domain.reversals import TRANSFER_REVERSED
from tests.support.postgres import Database
from tests.support.temporal import running_environment

FOLDER = Path(__file__).parents[2] / "deploy" / "runbooks"
PAGES = {
    *("first-deployment", "key-rotation", "restore", "stuck-ticket", "failed-payout"),
    *("provider-or-mail-down", "worker-will-not-start"),
}
TEXTS = {path.stem: path.read_text() for path in FOLDER.glob("*.md")}
# Of a page that somebody reads at night.
LONGEST_PAGE = 70
COMMAND = re.compile(r"`(omea [a-z][^`]*)`")
SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)
ROUTE = re.compile(r"`(/[a-z0-9-]+(?:/[^\s`]*)?)`")
TEMPORAL = re.compile(r"`(temporal [a-z][^`]*)`")
PAGE = re.compile(r"`([a-z-]+)\.md`")


def found(pattern: re.Pattern[str]) -> list[str]:
    return sorted({one for text in TEXTS.values() for one in pattern.findall(text)})


def test_there_is_one_page_for_each() -> None:
    assert TEXTS.keys() == PAGES
    assert [name for name, text in TEXTS.items() if len(text.splitlines()) > LONGEST_PAGE] == []
    assert [name for name in found(PAGE) if name not in PAGES] == []


def test_enough_is_named_to_be_checked() -> None:
    assert len(found(COMMAND)) >= 10
    assert len(found(SQL)) >= 10
    assert len(found(ROUTE)) >= 8


@pytest.mark.parametrize("line", found(COMMAND))
def test_each_command_is_one_of_ours(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its arguments and options, which are only read: nothing is run."""
    monkeypatch.chdir(tmp_path)
    Path("FILE").touch()
    command: Any = typer.main.get_command(application)
    words = shlex.split(line.removeprefix("omea "))
    while subcommands := getattr(command, "commands", None):
        name, *words = words
        assert name in subcommands
        command = subcommands[name]
    command.make_context(line, words)


def asked_of_temporal() -> list[str]:
    fenced = [block for text in TEXTS.values() for block in re.findall(r"```\n(.*?)```", text, re.DOTALL)]
    lines = [line.strip() for block in fenced for line in block.splitlines()]
    return sorted({line for line in (*lines, *found(TEMPORAL)) if line.startswith("temporal ")})


@pytest.fixture(scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with running_environment() as running:
        yield running


async def test_temporal_understands_each_command_for_it(environment: WorkflowEnvironment) -> None:
    config = environment.client.service_client.config
    assert len(asked_of_temporal()) >= 6
    for line in asked_of_temporal():
        _, *words = shlex.split(line.replace("$TEMPORAL_ADDRESS", config.target_host))
        words = [
            environment.client.namespace if word == "omea" and last == "--namespace" else word
            for last, word in zip(["", *words], words, strict=False)
        ]
        if "--address" not in words:
            words += ["--address", config.target_host]
        done = await asyncio.to_thread(
            subprocess.run, [str(temporal_program()), *words], capture_output=True, text=True, check=False
        )
        # No ticket has that number.
        assert done.returncode == 0 or "not found" in done.stderr, f"{line}\n{done.stderr}"
        assert ("not found" in done.stderr) is ("00000000" in line)


@pytest.mark.parametrize("statements", found(SQL))
def test_each_query_is_answered(statements: str, database: Database) -> None:
    with database.connect("omea_owner") as connection:
        for statement in statements.split(";"):
            if statement.strip():
                connection.execute(f"EXPLAIN {statement}".encode())


def test_each_page_and_route_is_there() -> None:
    served = {getattr(route, "path", "") for router in ROUTERS for route in router.routes}
    assert [one for one in found(ROUTE) if one not in served] == []


def test_each_code_of_what_holds_money_is_one_of_ours() -> None:
    rows = re.findall(r"^\| (`.*?) \|", TEXTS["failed-payout"], re.MULTILINE)
    named = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)} - {"failure"}
    ours = {*Hold, PROVIDER_UNAVAILABLE, BALANCE_INSUFFICIENT, INTERRUPTED, TRANSFER_REVERSED}
    assert named - {"transfer_of_another_amount"} <= ours
    assert len(named) > 5


def test_what_a_page_quotes_is_what_the_programs_say() -> None:
    """French is what people read, code is what a log says; `…` stands for what differs each time."""
    folders = ("activities", "api", "db", "deploy", "domain")
    said = "\n".join(
        path.read_text() for folder in folders for path in (FOLDER.parents[1] / folder).rglob("*.py")
    )
    quoted = {one for text in TEXTS.values() for one in re.findall(r"« ([^»]*) »", text)}
    quoted |= set(re.findall(r"^\| `(.*?)` ", TEXTS["worker-will-not-start"], re.MULTILINE))
    parts = {
        part.strip()
        for one in quoted
        for part in re.split(r"…| (?=date d'avant)|(?<=yet): \w+", one)
        if part.strip()
    }
    # Headings of the README, a word of Stripe's, one of Temporal's, and two of everybody's.
    others = {"Deployment", "Settings", "events on connected accounts", "Nondeterminism", "unblock", "stuck"}
    assert sorted(part for part in parts - others if part not in said) == []
    assert len(parts - others) > 15
