"""One request, as its page needs it."""

from dataclasses import dataclass

from api.dependencies import Dependencies
from api.shapes.tickets import TicketView
from api.ticket_reading import seen_ticket
from api.visibility import ticket_view
from db.reads.people import KnownPerson
from db.reads.tariffs import as_tariff
from db.reads.ticket_file import ticket_file
from domain.duration import duration, measured_minutes
from domain.errors import Refusal, Refused
from domain.price_preview import PriceLine, PricePreview, preview
from domain.rulings import RulingKind
from domain.tariff import Tariff
from domain.tickets import Command, Status, check_legal


@dataclass(frozen=True)
class Price:
    """What a session costs, line by line. `minutes` are what is counted: so far, or as billed. None of it for
    a session that is free."""

    minutes: int
    slices: int
    lines: tuple[PriceLine, ...]
    total_cents: int
    vat_cents: int
    vat_bp: int
    at_most_cents: int


@dataclass(frozen=True)
class Seen:
    """`so_far` is the price of the session that goes on, `billed` that of what was reported."""

    view: TicketView
    tariff: Tariff
    is_free: bool
    so_far: Price | None
    billed: Price | None

    @property
    def may_dispute(self) -> bool:
        """While it is open; and once it is paid, to ask for the money back."""
        paid = self.view.invoice is not None and self.view.outcome is not None
        return Command.DISPUTE in self.view.actions or (paid and self.view.outcome.code == "paid")  # type: ignore[union-attr]


async def read_request(given: Dependencies, person: KnownPerson, number: str) -> Seen:
    """Raises `Problem(TICKET_NOT_FOUND)`."""
    now = given.clock()
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        file = await ticket_file(session, row.ticket)
    view = ticket_view(row, file, person, file.names, now, given.deadlines, given.hours)
    tariff = as_tariff(file.tariff)
    is_free = any(ruling.kind is RulingKind.REWORK for ruling in file.rulings)
    so_far = billed = None
    last = view.sessions[-1] if view.sessions else None
    if last is not None and last.ended_at is None and not is_free:
        minutes = measured_minutes(last.started_at, now, given.deadlines.minute)
        so_far = _price(tariff, minutes, view.ceiling_minutes)
    if view.report is not None and not is_free:
        billed = _of_slices(tariff, view.report.billed_slices, view.ceiling_minutes)
    return Seen(view, tariff, is_free, so_far, billed)


def check_possible(seen: Seen, command: Command) -> None:
    """A page whose form could only be refused is not shown. Raises `Refused`."""
    check_legal(command, Status(seen.view.status.code))
    if command.value not in seen.view.actions:
        raise Refused(
            Refusal.WITHDRAWAL_OVER if command is Command.WITHDRAW else Refusal.NOT_ALLOWED_IN_STATUS
        )


def _price(tariff: Tariff, minutes: int, ceiling: int) -> Price:
    counted = max(1, minutes)
    slices = duration(tariff, declared=counted, measured=counted, ceiling=ceiling).billed_slices
    return _made(tariff, minutes, slices, preview(tariff, counted, ceiling))


def _of_slices(tariff: Tariff, slices: int, ceiling: int) -> Price:
    minutes = slices * tariff.slice_minutes
    return _made(tariff, minutes, slices, preview(tariff, minutes, max(ceiling, minutes)))


def _made(tariff: Tariff, minutes: int, slices: int, shown: PricePreview) -> Price:
    return Price(
        minutes=minutes,
        slices=slices,
        lines=shown.lines,
        total_cents=shown.total.ttc_cents,
        vat_cents=shown.total.vat_cents,
        vat_bp=tariff.vat_bp,
        at_most_cents=shown.at_most.ttc_cents,
    )
