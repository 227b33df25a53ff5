"""Playing a ticket against its workflow: the people's acts, and what the database says afterwards."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.testing import WorkflowEnvironment

from domain import ids
from domain.deadlines import PRODUCTION, Deadlines
from domain.messages import (
    Actor,
    Answer,
    Ask,
    AskBecause,
    ConsentGiven,
    DisputeRaised,
    ReassignAsked,
    ReportFiled,
    RescheduleAsked,
    ReviewGiven,
    RulingGiven,
    StartAsked,
    TicketRequest,
    WithdrawalConfirmed,
)
from domain.opening_hours import ALWAYS, OpeningHours
from domain.rulings import GainRuling, RulingKind
from domain.tickets import Role
from tests.support.people import a_submission
from tests.support.played import Played
from tests.support.postgres import Database
from workflows.ticket.starting import start_options
from workflows.ticket.workflow import TicketWorkflow


@dataclass
class PlayedTicket(Played[Answer]):
    """One ticket on the virtual clock."""

    answer_type = Answer
    request: TicketRequest
    technician: str
    back_office: str

    @property
    def number(self) -> str:
        return self.request.number

    @property
    def as_client(self) -> Actor:
        return Actor(self.request.client_id, Role.CLIENT)

    @property
    def as_technician(self) -> Actor:
        return Actor(self.technician, Role.TECHNICIAN)

    @property
    def as_back_office(self) -> Actor:
        return Actor(self.back_office, Role.BACK_OFFICE)

    @property
    def on_behalf(self) -> Actor:
        """The back office, for the client on the phone."""
        return Actor(self.back_office, Role.BACK_OFFICE, self.request.client_id)

    def ask(self) -> Ask:
        return Ask(self.as_technician)

    def withdrawal(self) -> WithdrawalConfirmed:
        return WithdrawalConfirmed(self.as_client, "2026-11")

    def moved_to(self, start: datetime, actor: Actor | None = None) -> RescheduleAsked:
        return RescheduleAsked(actor or self.as_client, start)

    def reassigned(self, technician: str | None = None) -> ReassignAsked:
        return ReassignAsked(self.as_back_office, self.written(self.back_office, "reassign"), technician)

    def incident(self) -> AskBecause:
        return AskBecause(self.as_technician, self.written(self.technician, "incident"))

    def ruled(self, kind: str, *gains: GainRuling, **more: Any) -> RulingGiven:
        """With `minutes`, `start` or `technician_id`, as the kind needs."""
        text = self.written(self.back_office, "ruling")
        return RulingGiven(self.as_back_office, RulingKind(kind), text, gains, **more)

    def consent_given(self) -> ConsentGiven:
        given = a_submission(self.database, self.request.client_id, "anydesk_id", anydesk_id="123456789")
        return ConsentGiven(self.as_client, "2026-11", given)

    def right_code(self) -> StartAsked:
        [(code,)] = self.database.rows("SELECT client_code FROM tickets WHERE number = %s", self.number)
        return StartAsked(self.as_technician, code)

    def wrong_code(self) -> StartAsked:
        right = self.right_code()
        return replace(right, code="0000" if right.code != "0000" else "1111")

    def report_of(self, minutes: int) -> ReportFiled:
        text = a_submission(self.database, self.technician, "report", text="Pilote réinstallé.")
        return ReportFiled(self.as_technician, minutes, text)

    def satisfied(self, stars: int = 5, *, satisfied: bool = True) -> ReviewGiven:
        return ReviewGiven(self.as_client, stars, satisfied=satisfied)

    def dissatisfied(self) -> DisputeRaised:
        text = a_submission(self.database, self.request.client_id, "dispute", text="Toujours en panne.")
        return DisputeRaised(self.as_client, text)

    async def reach_session(self) -> None:
        await self.act("acknowledge", self.ask())
        await self.pass_time_until(self.request.start - timedelta(minutes=10))
        await self.act("consent", self.consent_given())
        await self.pass_time_until(self.request.start)
        await self.act("call", self.ask())
        await self.act("start", self.right_code())

    async def reach_review(self, minutes: int = 20) -> None:
        await self.reach_session()
        await self.pass_time(timedelta(minutes=minutes))
        await self.act("end", self.ask())
        await self.act("report", self.report_of(minutes))

    def ticket(self, columns: str) -> tuple[Any, ...]:
        [row] = self.database.rows(f"SELECT {columns} FROM tickets WHERE number = %s", self.number)
        return row

    def journal(self) -> list[tuple[Any, ...]]:
        """The acts in order: (role, act, before, after)."""
        return self.database.rows(
            "SELECT actor_role, act, before, after FROM journal WHERE ticket = %s ORDER BY recorded_at, id",
            self.number,
        )


def a_hold(
    database: Database, client: str, technician: str, start: datetime, end: datetime, skill: str
) -> str:
    [(hold,)] = database.rows(
        "INSERT INTO bookings (technician_id, during, state, held_by, skill, hold_expires_at) "
        "VALUES (%s, tstzrange(%s, %s), 'held', %s, %s, %s) RETURNING id::text",
        technician,
        start,
        end,
        client,
        skill,
        datetime.now(UTC) + timedelta(minutes=5),
    )
    return str(hold)


def a_number(database: Database) -> str:
    [(sequence,)] = database.rows("SELECT nextval('ticket_sequence')")
    return ids.ticket_number(sequence)


async def a_ticket(
    environment: WorkflowEnvironment,
    database: Database,
    task_queue: str,
    *,
    client: str,
    technician: str,
    back_office: str,
    ahead: timedelta = timedelta(days=3),
    ceiling_minutes: int = 60,
    deadlines: Deadlines = PRODUCTION,
    skill: str = "internet",
    hold: str | None = None,
    start: datetime | None = None,
    hours: OpeningHours = ALWAYS,
    wait: bool = True,
    session_log: bool = False,
    task_timeout: timedelta | None = None,
) -> PlayedTicket:
    """Start a ticket whose slot is held, at `start` or `ahead` of now, and wait until it is booked (or the
    slot lost), unless nobody is to wait. Without `task_timeout`, Temporal gives a worker its usual 10 s to
    think about what comes next."""
    start = start or datetime.now(UTC).replace(second=0, microsecond=0) + ahead
    end = start + timedelta(minutes=ceiling_minutes)
    request = TicketRequest(
        number=a_number(database),
        client_id=client,
        skill=skill,
        hold_id=hold or a_hold(database, client, technician, start, end, skill),
        start=start,
        end=end,
        ceiling_minutes=ceiling_minutes,
        submission_id=a_submission(database, client, "request", description="Plus de Wi-Fi."),
        deadlines=deadlines,
        hours=hours,
        session_log=session_log,
    )
    handle = await environment.client.start_workflow(
        TicketWorkflow.run,
        request,
        task_queue=task_queue,
        task_timeout=task_timeout,
        **start_options(request),
    )
    played = PlayedTicket(environment, database, handle, request, technician, back_office)
    if wait:
        await played.act("booked", Ask(played.as_client))
    return played
