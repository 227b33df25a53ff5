"""One example: an office with its technicians, the tickets in play, and a worker that may die at any step."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import psycopg
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import (
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from activities.gateways.stripe_chargebacks import StripeChargebacks
from activities.gateways.stripe_payments import StripePayments
from db.engine import create_engine, sessions
from deploy.wiring import Collaborators, create_worker
from domain.messages import Ask, TicketRequest
from domain.opening_hours import ALWAYS
from tests.machine.broken import Broken, require
from tests.machine.commands import message
from tests.machine.crashes import Crashes
from tests.machine.model import MAY, Given, Model, Row, journalled_as
from tests.machine.servers import Servers
from tests.support.company import A_COMPANY
from tests.support.keys import TOKEN_KEY
from tests.support.mail import SentMail
from tests.support.people import a_client, a_person, a_submission, a_technician
from tests.support.stripe_sandbox import API_KEY
from tests.support.tickets import PlayedTicket, a_hold, a_number
from tests.workflows.conftest import Office
from workflows.ticket.starting import start_options
from workflows.ticket.workflow import TicketWorkflow

STATUSES = {*MAY, "closed"}
SKILL, CEILING = "internet", 60
KINDS = (
    *("request", "anydesk_id", "report", "review", "dispute"),
    *("decline", "cancel", "incident", "reassign", "ruling"),
)
# Far longer than any step takes, on a busy machine and through a crash.
PATIENCE = timedelta(seconds=20)
# One second apart. A step of a living worker takes milliseconds; if it is taken for lost, that is one more
# crash.
LOST_AFTER_LOOKS = 4


@dataclass
class Player:
    """A ticket in play, with what the model says of it and how much of its journal was followed."""

    ticket: PlayedTicket
    model: Model
    followed: int = 0
    open: bool = True


@dataclass(frozen=True)
class Sent:
    """A command and what was answered: a status, `wrong_code`, or the code of the refusal."""

    player: Player
    given: Given
    key: str
    result: str

    @property
    def accepted(self) -> bool:
        return self.result in STATUSES or self.result == "wrong_code"


@dataclass
class World:
    servers: Servers
    office: Office
    technicians: list[str]
    stranger: str
    written: dict[str, str]
    connection: psycopg.Connection[tuple[Any, ...]]
    database: ExitStack
    check: Callable[["World", Player, datetime], None]
    """What must hold after every step."""
    crashes: Crashes = field(default_factory=Crashes)
    players: list[Player] = field(default_factory=list)
    keys: Iterator[int] = field(default_factory=count)

    # The worker, and its deaths.

    async def open(self) -> None:
        self._engine = create_engine(self.office.database.url("omea_worker"))
        self.worker_sessions = sessions(self._engine)
        self.office.collaborators = Collaborators(
            database=self.worker_sessions,
            payments=self.office.payments,
            chargebacks=StripeChargebacks(self.office.payments.connection),
            mail=self.office.mail,
            sender="OmeaSupport <contact@example.fr>",
            back_office="equipe@example.fr",
            public_url="http://localhost",
            link_key=TOKEN_KEY,
            company=A_COMPANY,
        )
        self._start_worker()
        self._undertaker = asyncio.create_task(self._replace_the_dead())

    async def close(self) -> None:
        self._undertaker.cancel()
        for player in self.players:
            with suppress(RPCError):
                await player.ticket.handle.terminate()
        await self._stop_worker()
        await self.office.payments.close()
        await self._engine.dispose()
        self.connection.close()
        self.database.close()

    def _start_worker(self) -> None:
        self._worker: Worker = create_worker(
            self.servers.environment.client,
            self.office.task_queue,
            self.office.collaborators,
            interceptors=[self.crashes],
        )
        self._working = asyncio.create_task(self._worker.run())

    async def _stop_worker(self) -> None:
        await self._worker.shutdown()
        await self._working

    async def restart_worker(self) -> None:
        await self._stop_worker()
        self._start_worker()

    async def _replace_the_dead(self) -> None:
        """And see to what was handed to a worker as it died. That is only missed once its time-out has
        passed, which takes that long in real time too: for a step at the payment provider 100 s."""
        under_way: Counter[tuple[str, str, int]] = Counter()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.crashes.hit.wait(), 1)
                self.crashes.hit.clear()
                await self.restart_worker()
            found = {step for player in self.players for step in await self._steps(player)}
            under_way = Counter({step: under_way[step] + 1 for step in found})
            for (workflow, step, _), seen in under_way.items():
                if seen > LOST_AFTER_LOOKS:
                    client = self.servers.environment.client
                    lost = client.get_async_activity_handle(
                        workflow_id=workflow, run_id=None, activity_id=step
                    )
                    with suppress(RPCError):  # it has ended after all
                        await lost.fail(ApplicationError("lost with its worker"))

    async def _steps(self, player: Player) -> list[tuple[str, str, int]]:
        """Each attempt that a worker has."""
        if not player.open:
            return []
        handle = player.ticket.handle
        with suppress(RPCError):
            pending = (await handle.describe()).raw_description.pending_activities
            started = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
            return [(handle.id, one.activity_id, one.attempt) for one in pending if one.state == started]
        return []

    # Acts, time, and what has come of them.

    async def open_ticket(self, ahead: timedelta, technician: str | None) -> None:
        """With that technician held; as soon as anybody is free where they are not, or for None."""
        office, database = self.office, self.office.database
        start = datetime.now(UTC).replace(second=0, microsecond=0) + ahead
        end = start + timedelta(minutes=CEILING)
        hold = None
        if technician:
            with suppress(psycopg.errors.ExclusionViolation):
                hold = a_hold(database, office.client, technician, start, end, SKILL)
        request = TicketRequest(
            number=a_number(database),
            client_id=office.client,
            skill=SKILL,
            hold_id=hold,
            start=start,
            end=end,
            ceiling_minutes=CEILING,
            submission_id=self.written["request"],
            hours=ALWAYS,
        )
        handle = await self.servers.environment.client.start_workflow(
            TicketWorkflow.run, request, task_queue=office.task_queue, **start_options(request)
        )
        ticket = PlayedTicket(
            self.servers.environment, database, handle, request, office.technician, office.back_office
        )
        await ticket.act("booked", Ask(ticket.as_client))
        [(chosen, waits)] = self.rows(
            "SELECT appointment_start, flexible FROM tickets WHERE number = %s", request.number
        )
        self.players.append(Player(ticket, Model(chosen, CEILING, flexible=waits)))
        await self.settle()

    async def send(self, player: Player, given: Given) -> Sent:
        key = f"{next(self.keys):04d}-{given.command}"
        given = replace(given, by=player.model.technician)
        argument = message(self, player, given)
        try:
            answer = await asyncio.wait_for(
                player.ticket.act(given.command, argument, key), PATIENCE.total_seconds()
            )
            result = answer.status.value if answer.accepted else "wrong_code"
        except WorkflowUpdateFailedError as failed:
            cause: BaseException | None = failed.cause
            cause = cause.cause if isinstance(cause, ActivityError) else cause
            result = str(cause.type) if isinstance(cause, ApplicationError) else repr(cause)
        except RPCError as gone:
            if gone.status is not RPCStatusCode.NOT_FOUND:
                raise
            result = "over"
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise Broken(given, "was never answered") from None
        return Sent(player, given, key, result)

    async def act(self, player: Player, given: Given) -> Sent:
        sent = await self.send(player, given)
        await self.settle(sent)
        return sent

    async def at_once(self, *acts: tuple[Player, Given]) -> None:
        await self.settle(*await asyncio.gather(*(self.send(*act) for act in acts)))

    async def pass_time(self, length: timedelta) -> None:
        """For every ticket alike: each has a clock of its own."""
        try:
            await asyncio.wait_for(
                asyncio.gather(*(player.ticket.pass_time(length) for player in self.players if player.open)),
                2 * PATIENCE.total_seconds(),
            )
        except TimeoutError:
            raise Broken("time stands still: a step is never done") from None
        await self.settle()

    async def signal(self, name: str) -> None:
        for player in self.players:
            with suppress(RPCError):  # over
                await player.ticket.handle.signal(name)
        await self.settle()

    async def settle(self, *acts: Sent) -> None:
        """Wait until all is done that is to be done now, and follow it in the model."""
        for player in self.players:
            if not player.open and not acts:
                continue
            await self._rest(player)
            now = await player.ticket.now()
            self._follow(player, now, {sent.key: sent for sent in acts if sent.player is player})
            self.check(self, player, now)

    async def _rest(self, player: Player) -> None:
        """Until no step and no decision is under way. A ticket without its workflow must be closed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE.total_seconds()
        while loop.time() < until:
            described = await player.ticket.handle.describe()
            if described.status is not WorkflowExecutionStatus.RUNNING:
                require(described.status is WorkflowExecutionStatus.COMPLETED, "ended as", described.status)
                player.open = False
                return
            raw = described.raw_description
            if not raw.pending_activities and not raw.HasField("pending_workflow_task"):
                return
            await asyncio.sleep(0.01)
        steps = [(one.activity_type.name, one.attempt) for one in raw.pending_activities]
        raise Broken("never at rest:", steps)

    def _follow(self, player: Player, now: datetime, acts: dict[str, Sent]) -> None:
        """Line by line: each accepted act has exactly one, and each other line can have come by itself."""
        model = player.model
        refusals = {key: self._refusals(player, sent, now) for key, sent in acts.items()}
        rows = self.journal(player)
        for row in rows[player.followed :]:
            require(row.before == model.status, "a gap in the journal:", model.status, row)
            sent = acts.get(row.key)
            if sent is None:
                require(row.role == "system" and model.may_bring(row), "unasked:", row, model)
            else:
                del acts[row.key]
                self._check_act(player, row, sent)
            model.follow(row, sent.given if sent else None)
            for key, one in acts.items():
                refusals[key] |= self._refusals(player, one, now)
        player.followed, model.told_of = len(rows), model.suspensions
        for sent in acts.values():
            require(not sent.accepted, "accepted without a trace:", sent.given, sent.result)
            wanted = refusals[sent.key]
            require(sent.result in wanted, sent.given, "answered", sent.result, "not", wanted, model)

    def _refusals(self, player: Player, sent: Sent, now: datetime) -> set[str]:
        """Just now or a moment ago, when it was asked."""
        moments = (now, now - timedelta(seconds=3))
        return {code for moment in moments for code in player.model.expected(sent.given, moment)}

    def _check_act(self, player: Player, row: Row, sent: Sent) -> None:
        wanted = player.model.expected(sent.given, row.at)
        require(sent.result in wanted, sent.given, "answered", sent.result, "not", wanted, player.model)
        after = "scheduled" if sent.result == "wrong_code" else sent.result
        name = journalled_as(sent.given, row.after, invoiced=player.model.invoice is not None)
        role = "back_office" if sent.given.who == "on_behalf" else sent.given.who
        require((row.act, row.after, row.role) == (name, after, role), sent, "was journalled as", row)

    def journal(self, player: Player) -> list[Row]:
        rows = self.rows(
            "SELECT key, at, actor_role, act, before, after, details FROM journal WHERE ticket = %s "
            "ORDER BY recorded_at, id",
            player.ticket.number,
        )
        return [Row(*row) for row in rows]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode(), values).fetchall()


async def a_world(
    servers: Servers, check: Callable[[World, Player, datetime], None], *, technicians: int, card: str
) -> World:
    stack = ExitStack()
    database = stack.enter_context(servers.cluster.new_database())
    number = next(servers.numbers)
    # All examples share one Temporal namespace and one Stripe account, which know a number for ever.
    connection = database.connect()
    connection.execute("SELECT setval('ticket_sequence', %s)", [number * 100])
    for year in range(datetime.now(UTC).year, datetime.now(UTC).year + 3):
        connection.execute("INSERT INTO invoice_counters VALUES (%s, %s)", [year, number * 100])
    client = a_client(database)
    able = [a_technician(database, "internet", name=f"Technicien {n}") for n in range(technicians)]
    office = Office(
        environment=servers.environment,
        database=database,
        payments=StripePayments(API_KEY, servers.stripe.url),
        stripe=servers.stripe,
        mail=SentMail(),
        task_queue=f"machine-{number}",
        client=client,
        technician=able[0],
        back_office=a_person(database, "back_office", "Sophie Roux"),
        first_invoice=number * 100 + 1,
    )
    written = {kind: a_submission(database, client, kind) for kind in KINDS}
    world = World(servers, office, able, a_client(database, "Paul Durand"), written, connection, stack, check)
    await world.open()
    await office.save_card(card)
    return world
