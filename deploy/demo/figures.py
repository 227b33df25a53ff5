"""Whether those who watch are told what people read: a scrape beside the API's answers; and whether the logs
can be read by a program."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.demo.evidence import Evidence, Readers
from deploy.demo.frontend import PATIENCE_SECONDS, PAUSE_SECONDS, NoAnswer, patiently
from deploy.metrics.app import KEPT_SECONDS
from deploy.schedules import INVARIANTS
from deploy.stack import Stack
from deploy.temporal import connect

# A figure by its name and the values of its labels, in the order of their names.
Figure = tuple[str, ...]
# What is on every line.
FIELDS = {"timestamp", "level", "logger", "event", "workflow_id", "ticket"}
OURS = ("worker", "api", "codec", "metrics")


def figures_of(text: str) -> dict[Figure, float]:
    """Of a scrape."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def told_otherwise(stack: Stack, readers: Readers, found: Evidence) -> list[str]:
    """A French sentence for each figure that is not what the API says, once all is at rest."""
    checks = await _checked_now(stack, readers)
    waiting = await readers.back_office.everything("/v1/queue", "waiting")
    expected = _expected(found, waiting, checks)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + 2 * KEPT_SECONDS
    async with httpx.AsyncClient(timeout=10) as http:
        while True:
            told = figures_of((await patiently(http, "GET", f"{stack.url('metrics')}/metrics")).text)
            wrong = list(_wrong(told, expected))
            # The answer of a moment ago is kept, and somebody may have asked then.
            if not wrong or loop.time() > deadline:
                return wrong
            await asyncio.sleep(1)


async def _checked_now(stack: Stack, readers: Readers) -> list[dict[str, Any]]:
    """The outcome of a look at the invariants that begins now, as the Schedule has it done each quarter."""
    asked = datetime.now(UTC)
    client = await connect(stack.settings("worker"))
    await client.get_schedule_handle(INVARIANTS).trigger()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while True:
        checks: list[dict[str, Any]] = (await readers.back_office.get("/v1/invariants"))["invariants"]
        if checks and all(datetime.fromisoformat(one["checked_at"]) >= asked for one in checks):
            return checks
        if loop.time() > deadline:
            raise NoAnswer("le contrôle des invariants ne finit pas")
        await asyncio.sleep(PAUSE_SECONDS)


def _expected(
    found: Evidence, waiting: list[dict[str, Any]], checks: list[dict[str, Any]]
) -> dict[Figure, float]:
    """Those that are not zero."""
    told: Counter[Figure] = Counter({("omea_source_up", "postgres"): 1, ("omea_source_up", "temporal"): 1})
    for ticket in found.tickets:
        if (status := ticket["status"]["code"]) != "closed":
            told["omea_tickets", status] += 1
    for one in waiting:
        told["omea_tickets_waiting", one["reason"]["code"]] += 1
        told["omea_tickets_late", one["reason"]["code"]] += one["urgency"]["code"] == "late"
    for statement in found.statements:
        place = statement["month"], statement["payout"]["status"]["code"]
        told["omea_payouts", *place] += 1
        told["omea_payouts_cents", *place] += statement["due_cents"]
    for check in checks:
        told["omea_invariant_violations", check["name"]["code"]] += check["total"]
        at = int(datetime.fromisoformat(check["checked_at"]).timestamp())
        told["omea_invariants_checked_timestamp_seconds",] = at
    return {figure: value for figure, value in told.items() if value}


def _wrong(told: dict[Figure, float], expected: dict[Figure, float]) -> Iterator[str]:
    months = {figure[1] for figure in told if figure[0] == "omea_payouts"}
    for figure in sorted(told.keys() | expected.keys()):
        name, *labels = figure
        if name.startswith("omea_payouts") and labels[0] not in months:
            # Of months ago.
            continue
        due: float | None = expected.get(figure, 0)
        actual = told.get(figure)
        if name.startswith("omea_task_queue_"):
            # Temporal's alone. Somebody is at work, and nothing is left to do.
            due = max(1, actual or 0) if name.endswith("_pollers") else 0
        if name == "omea_build_has_workers":
            # Those of builds before may be gone.
            due = 1 if "current" in labels else actual
        if (None if actual is None else int(actual)) != due:
            yield f"mesure {name} {' '.join(labels)} : {actual} au lieu de {due}"


def unreadable_lines(var: Path) -> list[str]:
    """A French sentence for each log of ours with a line in it that is none of ours."""
    problems = []
    for name in OURS:
        lines = (var / "log" / f"{name}.log").read_text(encoding="utf-8").splitlines()
        if strange := [line for line in lines if not _is_ours(line)]:
            problems.append(f"journal de {name} : {len(strange)} ligne(s) qui ne sont pas du JSON attendu")
    return problems


def _is_ours(line: str) -> bool:
    try:
        fields = json.loads(line)
    except ValueError:
        return False
    # What is done for a workflow names it.
    return (
        isinstance(fields, dict)
        and fields.keys() >= FIELDS
        and not ("activity" in fields and fields["workflow_id"] is None)
    )
