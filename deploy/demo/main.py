"""`omea demo`: play, pay, pay again, read everything again, compare; look for people in what it left."""

import asyncio
import json
import time
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from activities.gateways.payments import PaymentsBroken
from deploy import checking
from deploy.amounts import euros
from deploy.demo.agreement import disagreements
from deploy.demo.evidence import Evidence, Readers, gather
from deploy.demo.figures import told_otherwise, unreadable_lines
from deploy.demo.frontend import Frontend
from deploy.demo.payouts import due, run_month
from deploy.demo.play import Player
from deploy.demo.scenes import read_scenes
from deploy.demo.signing_in import sign_in_by_link
from deploy.demo.table import show
from deploy.demo.temporal_cost import billable_actions, events_per_ticket
from deploy.demo.traces import after
from deploy.demo_people import PEOPLE
from deploy.demo_tokens import tokens_of
from deploy.settings import Pace, Settings
from deploy.stack import Stack
from deploy.wiring import deadlines_of
from domain.invariants import Found
from domain.opening_hours import paris_month
from domain.tickets import Role

TIMEOUT_SECONDS = 15
PATIENCE_SECONDS = 60


class DemoRefused(Exception):
    """The stack that is up cannot be played on."""


@dataclass(frozen=True)
class Stage:
    """A stack with its people at their screens, by mail address, and Stripe's own books."""

    stack: Stack
    people: dict[str, Frontend]
    stripe: httpx.AsyncClient
    console: Console
    secrets: after.Secrets

    async def readers(self) -> Readers:
        by_role: dict[Role, dict[str, Frontend]] = {role: {} for role in Role}
        for person in PEOPLE:
            frontend = self.people[person.mail]
            by_role[person.role][(await frontend.get("/v1/me"))["id"]] = frontend
        return Readers(
            back_office=next(iter(by_role[Role.BACK_OFFICE].values())),
            finance=next(iter(by_role[Role.FINANCE].values())),
            technicians=by_role[Role.TECHNICIAN],
            clients=by_role[Role.CLIENT],
        )


class Open(AsyncExitStack):
    """Sign everybody in."""

    async def stage(self, stack: Stack) -> Stage:
        settings = stack.settings("api")
        if settings.pace is not Pace.DEMO:
            raise DemoRefused("la démonstration dure des jours à ce rythme : relancer avec --pace demo")
        api = await self.enter_async_context(
            httpx.AsyncClient(base_url=stack.url("api"), timeout=TIMEOUT_SECONDS)
        )
        key = settings.stripe_api_key.get_secret_value()
        stripe = await self.enter_async_context(
            httpx.AsyncClient(
                base_url=stack.url("stripe"), headers={"Authorization": f"Bearer {key}"}, timeout=30
            )
        )
        tokens = await tokens_of(settings, [person.mail for person in PEOPLE])
        people = {mail: Frontend(api, token) for mail, token in tokens.items()}
        secrets = after.Secrets(sign_ins=set(tokens.values()))
        return Stage(stack, people, stripe, Console(highlight=False), secrets)


async def run(stack: Stack, json_path: Path | None = None) -> int:
    """Play the demonstration on this stack. 0 only if, read again, everything agrees."""
    began = time.monotonic()
    async with Open() as opened:
        stage = await opened.stage(stack)
        numbers, actions = await _play_all(stage)
        await _sign_in(stage)
        expected, paid, paid_again = await _pay(stage)
        readers = await stage.readers()
        found = await gather(readers, stage.stripe)
        problems = disagreements(found)
        problems += await _invariants(stage)
        problems += await told_otherwise(stack, readers, found)
        problems += unreadable_lines(stack.var)
        if paid != expected:
            problems.append(f"l'aperçu annonçait {euros(expected)}, la campagne a viré {euros(paid)}")
        if paid_again:
            problems.append(f"le second passage a encore viré {euros(paid_again)}")
        traces = await after.look_through(stack, stage.secrets, numbers, json_path)
        problems += after.problems(traces, numbers, with_metrics="temporal_metrics" in stack.urls)
        show(stage.console, found, set(numbers))
        result = _result(
            found,
            numbers,
            agree=not problems,
            actions_per_ticket=None if actions is None else round(actions / len(numbers), 1),
            events_per_ticket=await events_per_ticket(stack.settings("api"), numbers),
            traces=traces.counts,
            seconds=round(time.monotonic() - began, 1),
        )
        stage.console.print(
            f"Factures en PDF : {len(found.documents)} téléchargées, empreinte, numéro et total relus."
        )
        stage.console.print(
            f"Virements du mois : {euros(paid)} ; second passage : {euros(paid_again)}. "
            f"Par demande : {result['actions_per_ticket'] or '(non compté)'} actions Temporal, "
            f"{result['events_per_ticket']} événements. {result['seconds']} s."
        )
        stage.console.print(after.told(traces))
        if json_path is not None:
            _write(json_path, result)
        return _verdict(stage.console, problems)


async def check(stack: Stack) -> int:
    """Only read everything again and compare. 0 if it agrees."""
    async with Open() as opened:
        stage = await opened.stage(stack)
        found = await gather(await stage.readers(), stage.stripe)
        return _verdict(stage.console, disagreements(found))


async def _play_all(stage: Stage) -> tuple[list[str], int | None]:
    """All scenes side by side. Answers the tickets' numbers and the Temporal actions they took, None when
    Temporal was started again meanwhile: its counter begins anew."""
    settings = stage.stack.settings("api")
    # New at each demonstration, so that it can be played again on the same data.
    name = f"demo-{uuid.uuid4().hex[:12]}"
    metrics, namespace = stage.stack.url("temporal_metrics"), settings.temporal_namespace
    server, before = stage.stack.pid("temporal"), await billable_actions(metrics, namespace)
    began = time.monotonic()

    def tell(line: str) -> None:
        stage.console.print(f"[dim]{time.monotonic() - began:6.1f} s[/dim]  {line}")

    players = [
        Player(
            scene=scene,
            client=stage.people[scene.client],
            technician=stage.people[scene.technician],
            key=f"{name}-{index}",
            minute=deadlines_of(settings).minute,
            tell=tell,
            secrets=stage.secrets,
        )
        for index, scene in enumerate(read_scenes())
    ]
    numbers = await asyncio.gather(*(player.play() for player in players))
    after = await billable_actions(metrics, namespace)
    return list(numbers), after - before if stage.stack.pid("temporal") == server else None


async def _sign_in(stage: Stage) -> None:
    """By a link, as people do: the first client for whom none was asked for too often in the last hour."""
    if "mailbox" not in stage.stack.urls:
        return
    api, mailbox = stage.stack.url("api"), stage.stack.url("mailbox")
    for person in (person for person in PEOPLE if person.role is Role.CLIENT):
        if (secrets := await sign_in_by_link(api, mailbox, person.mail)) is not None:
            stage.secrets.sign_ins |= set(secrets)
            stage.console.print(f"connexion de {person.name} par le lien reçu, puis déconnexion")
            return
    stage.console.print("connexion par un lien : trop de liens demandés depuis une heure")


async def _pay(stage: Stage) -> tuple[int, int, int]:
    """The month's preview, its run, and a rerun. Answers what the first announced and the others paid, in
    cents."""
    finance = next(stage.people[person.mail] for person in PEOPLE if person.role is Role.FINANCE)
    month = paris_month(datetime.now(UTC))
    key = f"payout-{uuid.uuid4().hex[:12]}"
    expected = await due(finance, month)
    paid = await run_month(finance, month, f"{key}-1", "Démonstration")
    stage.console.print(f"virements de {month} : aperçu {euros(expected)}, virés {euros(paid)}")
    again = await run_month(finance, month, f"{key}-2", "Démonstration, second passage")
    stage.console.print(f"second passage : {euros(again)}")
    return expected, paid, again


async def _invariants(stage: Stage) -> list[str]:
    """What `omea check` finds once nothing is under way any more: a line for each that is not true."""
    found = await _looked(stage.stack.settings("worker"))
    wrong = [one for one in found if not one.ok]
    stage.console.print(f"invariants vrais : {len(found) - len(wrong)} sur {len(found)}")
    return [line.strip() for line in checking.report(wrong)]


async def _looked(settings: Settings) -> list[Found]:
    """A part of the stack may be on its way back."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await checking.check(settings, checking.NO_PATIENCE)
        except (PaymentsBroken, SQLAlchemyError, RPCError, OSError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)


def _result(found: Evidence, numbers: list[str], **figures: Any) -> dict[str, Any]:
    """What `--json` writes: this demonstration's tickets, all that belongs to them, and the whole ledger."""
    gains = [gain for gain in found.gains if gain["ticket"] in numbers]
    statements = {gain["statement"] for gain in gains if gain["statement"]}
    return {
        "tickets": [ticket for ticket in found.tickets if ticket["number"] in numbers],
        "invoices": [invoice for invoice in found.invoices if invoice["ticket"] in numbers],
        "documents": [
            document
            for document in found.documents
            if document["invoice"] in {one["number"] for one in found.invoices if one["ticket"] in numbers}
        ],
        "charges": [intent for intent in found.intents if intent["metadata"].get("ticket") in numbers],
        "gains": gains,
        "transfers": [one for one in found.transfers if one["transfer_group"] in statements],
        "ledger": found.ledger,
        **figures,
    }


def _write(path: Path, result: dict[str, Any]) -> None:
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _verdict(console: Console, problems: list[str]) -> int:
    if not problems:
        console.print("[bold green]Tout concorde.[/bold green]")
        return 0
    console.print("[bold red]Désaccords :[/bold red]")
    for problem in problems:
        console.print(f"  – {problem}", soft_wrap=True)
    return 1
