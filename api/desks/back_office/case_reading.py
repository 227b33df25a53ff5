"""A ticket's case file: all that the back office may see of it, in few questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api import french
from api.dependencies import Dependencies
from api.desks.back_office.case_words import TO_AWAIT, TO_DO, act
from api.seen_refunds import seen_case
from api.shapes.refunds import RefundView
from api.shapes.tickets import TicketView
from api.ticket_reading import seen_ticket
from api.visibility import ticket_view
from db.models.chargebacks import Chargeback
from db.models.tickets import JournalEntry, Ticket
from db.reads.people import KnownPerson
from db.reads.refunds import UNDER_WAY
from db.reads.ticket_file import TicketFile, ticket_file
from domain.chargebacks import ChargebackStatus
from domain.opening_hours import PARIS
from domain.refunds import DISPUTED, RefundStatus
from domain.tickets import Command, Outcome, Role
from domain.waiting import Waiting, look_by

# What the journal calls a free session that was granted.
REWORK = "rework"
REFUNDS_TO_DO = {RefundStatus.OPEN: Waiting.REFUND, RefundStatus.FAILED: Waiting.REFUND_FAILED}


@dataclass(frozen=True)
class Line:
    """One act: `who` did `what`, for somebody on the phone or not; from one status to another, if it changed
    that."""

    at: datetime
    who: str
    for_the_client: bool
    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ToDo:
    """What of the ticket's money the team must do, of the refund of a number or the bank's contest of a
    reference: `look_by` is when somebody should have looked at it, `answer_by` when a bank waits no more. A
    refund that is `contested` may be paid by the bank."""

    waiting: Waiting
    which: int | str
    look_by: datetime
    answer_by: datetime | None = None
    contested: bool = False

    @property
    def words(self) -> tuple[str, str]:
        return TO_AWAIT if self.contested else TO_DO[self.waiting]


@dataclass(frozen=True)
class CaseFile:
    """`technicians` are those among whom another may be chosen, where that is asked. `to_do`: the most
    pressing first."""

    view: TicketView
    ticket: Ticket
    timeline: list[Line]
    refunds: list[RefundView]
    chargebacks: Sequence[Chargeback]
    free_sessions: int
    to_do: list[ToDo]
    technicians: dict[str, str]

    def may(self, command: Command) -> bool:
        return command.value in self.view.actions

    @property
    def may_ask_refund(self) -> bool:
        outcome = self.view.outcome
        is_paid = self.view.invoice is not None and outcome is not None and outcome.code == Outcome.PAID
        return is_paid and not any(one.status.code in UNDER_WAY for one in self.refunds)

    @property
    def unruled_sessions(self) -> list[int]:
        """Those of which a ruling must say what they earn."""
        ruled = {one.session for one in self.view.gain_rulings or ()}
        return [one.number for one in self.view.sessions if one.number not in ruled]


async def read_case(
    given: Dependencies, person: KnownPerson, number: str, *, technicians: bool = False
) -> CaseFile:
    """Raises `Problem(TICKET_NOT_FOUND)`."""
    today = given.clock().astimezone(PARIS).date()
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        file = await ticket_file(
            session, row.ticket, whole=True, technicians_on=today if technicians else None
        )
    view = ticket_view(row, file, person, file.names, given.clock(), given.deadlines, given.hours)
    refunds = [seen_case(one, person.role) for one in file.refunds]
    return CaseFile(
        view=view,
        ticket=row.ticket,
        timeline=[_line(entry, file) for entry in file.journal],
        refunds=refunds,
        chargebacks=file.chargebacks,
        free_sessions=sum(entry.act == REWORK for entry in file.journal),
        to_do=_to_do(given, refunds, file.chargebacks),
        technicians=file.technicians,
    )


def _to_do(
    given: Dependencies, refunds: Sequence[RefundView], chargebacks: Sequence[Chargeback]
) -> list[ToDo]:
    def by(waiting: Waiting, since: datetime, answer_by: datetime | None = None) -> datetime:
        return look_by(waiting, since, given.deadlines, given.hours, answer_by=answer_by)

    contests = [
        ToDo(
            Waiting.CHARGEBACK,
            one.reference,
            by(Waiting.CHARGEBACK, one.opened_at, one.answer_by),
            one.answer_by,
        )
        for one in chargebacks
        if one.status is ChargebackStatus.TO_ANSWER
    ]
    asked = [
        ToDo(why, one.number, by(why, one.asked_at), contested=one.failure == DISPUTED)
        for one in refunds
        if (why := REFUNDS_TO_DO.get(RefundStatus(one.status.code)))
    ]
    return sorted([*contests, *asked], key=lambda one: one.look_by)


def _line(entry: JournalEntry, file: TicketFile) -> Line:
    changed = entry.before is not entry.after
    system = entry.actor_role is Role.SYSTEM
    return Line(
        at=entry.at,
        who=french.SERVICE if system else file.names.get(entry.actor_id, french.ROLES[entry.actor_role]),
        for_the_client=entry.on_behalf_of is not None,
        what=act(entry),
        before=french.STATUSES[entry.before] if changed else None,
        after=french.STATUSES[entry.after] if changed else None,
    )
