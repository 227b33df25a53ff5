"""One request, as its page needs it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.dependencies import Dependencies
from api.seen_refunds import seen_case
from api.shapes.refunds import RefundView
from api.shapes.tickets import TicketView
from api.ticket_reading import seen_ticket
from api.visibility import ticket_view
from db.models.refunds import RefundCase
from db.models.tickets import Submission
from db.reads.gathered import Wanted, gather
from db.reads.people import KnownPerson
from db.reads.refunds import UNDER_WAY, CaseFile
from db.reads.tariffs import as_tariff
from db.reads.ticket_file import ticket_file
from domain.duration import measured_minutes
from domain.errors import Refusal, Refused
from domain.price_preview import PriceLine, PricePreview, preview
from domain.tariff import Tariff
from domain.tickets import Command, Outcome, Role, Status, check_legal

# The only session that costs something: those after it are free.
FIRST = 1


@dataclass(frozen=True)
class Price:
    """What a session costs, line by line. `minutes` are what is counted: so far, or as billed. None of it for
    a session that is free."""

    minutes: int
    lines: tuple[PriceLine, ...]
    total_cents: int
    vat_cents: int
    vat_bp: int
    at_most_cents: int


@dataclass(frozen=True)
class Seen:
    """`so_far` is the price of the session that goes on, `billed` that of what was reported, `refunds` what
    was asked for, oldest first."""

    view: TicketView
    tariff: Tariff
    so_far: Price | None
    billed: Price | None
    refunds: list[RefundView]

    @property
    def may_dispute(self) -> bool:
        """While it is open, unless the team has it already; and once it is paid, to ask for the money back,
        one time at once."""
        if self.view.disputes and self.view.status.code == Status.SUSPENDED:
            return False
        outcome = self.view.outcome
        is_paid = self.view.invoice is not None and outcome is not None and outcome.code == Outcome.PAID
        return Command.DISPUTE in self.view.actions or (is_paid and not self.awaits_refund)

    @property
    def awaits_refund(self) -> bool:
        return any(one.status.code in UNDER_WAY for one in self.refunds)


async def read_request(given: Dependencies, person: KnownPerson, number: str) -> Seen:
    """Raises `Problem(TICKET_NOT_FOUND)`."""
    now = given.clock()
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        file = await ticket_file(session, row.ticket)
        may_be_refunded = file.invoice is not None and row.ticket.status is Status.CLOSED
        refunds = await _refunds(session, row.ticket.number) if may_be_refunded else []
    view = ticket_view(row, file, person, file.names, now, given.deadlines, given.hours)
    tariff = as_tariff(file.tariff)
    so_far = billed = None
    last = view.sessions[-1] if view.sessions else None
    if last is not None and last.ended_at is None and last.number == FIRST:
        minutes = measured_minutes(last.started_at, now, given.deadlines.minute)
        so_far = _price(tariff, minutes, view.ceiling_minutes)
    if view.report is not None and view.report.session == FIRST:
        billed = _of_slices(tariff, view.report.billed_slices, view.ceiling_minutes)
    return Seen(view, tariff, so_far, billed, refunds)


async def _refunds(session: AsyncSession, number: str) -> list[RefundView]:
    written = select(RefundCase.submission_id).where(RefundCase.ticket == number)
    found = await gather(
        session,
        Wanted(RefundCase, RefundCase.ticket == number, (RefundCase.n,)),
        Wanted(Submission, Submission.id.in_(written), (Submission.id,)),
    )
    texts = {one.id: one.body for one in found.of(Submission)}
    return [seen_case(CaseFile(case, [], texts), Role.CLIENT) for case in found.of(RefundCase)]


def check_possible(seen: Seen, command: Command) -> None:
    """A page whose form could only be refused is not shown. Raises `Refused`."""
    check_legal(command, Status(seen.view.status.code))
    if command.value not in seen.view.actions:
        raise Refused(
            Refusal.WITHDRAWAL_OVER if command is Command.WITHDRAW else Refusal.NOT_ALLOWED_IN_STATUS
        )


def _price(tariff: Tariff, minutes: int, ceiling: int) -> Price:
    counted = max(1, minutes)
    return _made(tariff, minutes, preview(tariff, counted, ceiling))


def _of_slices(tariff: Tariff, slices: int, ceiling: int) -> Price:
    minutes = slices * tariff.slice_minutes
    return _made(tariff, minutes, preview(tariff, minutes, max(ceiling, minutes)))


def _made(tariff: Tariff, minutes: int, shown: PricePreview) -> Price:
    return Price(
        minutes=minutes,
        lines=shown.lines,
        total_cents=shown.total.ttc_cents,
        vat_cents=shown.total.vat_cents,
        vat_bp=tariff.vat_bp,
        at_most_cents=shown.at_most.ttc_cents,
    )
