"""Reading tickets, and their invoices and journals."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api import french
from api.auth import AnyPerson, BackOfficeOrFinance, ClientOrTeam
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.errors import Problem
from api.pagination import Cursor, Limit, cursor_of, place_of
from api.recording import recorded
from api.shapes.common import Labelled, Moment, Named, Shape
from api.shapes.tickets import TicketPage, TicketView
from api.ticket_reading import NumberInPath, read_ticket, seen_ticket
from api.visibility import summary
from db.reads.invoices import invoice_of_ticket
from db.reads.journal import journal_of
from db.reads.tickets import newest_tickets
from domain.accesses import Reading

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

TICKET = (*SIGNED_IN, ApiCode.TICKET_NOT_FOUND)


class Attempt(Shape):
    """One try of the card; `refusal` is the provider's code, null when it was accepted."""

    attempt: int
    tried_at: Moment
    refusal: str | None


class Credit(Shape):
    """A credit note: what is no longer owed of the invoice, in cents."""

    number: str
    issued_at: Moment
    slices: int
    total_ttc_cents: int


class InvoiceView(Shape):
    """Cents. `payment` is null until the first try of the card; `due_cents` is what the credit notes leave of
    the total, paid or not."""

    number: str
    ticket: str
    issued_at: Moment
    minutes: int
    slices: int
    unit_ttc_cents: int
    vat_bp: int
    total_ht_cents: int
    total_vat_cents: int
    total_ttc_cents: int
    credit_notes: list[Credit]
    due_cents: int
    payment: Labelled | None
    paid_at: Moment | None
    attempts: list[Attempt]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": "F2026-000123",
                    "ticket": "00000420",
                    "issued_at": "2026-11-24T11:05:00+01:00",
                    "minutes": 25,
                    "slices": 2,
                    "unit_ttc_cents": 1500,
                    "vat_bp": 2000,
                    "total_ht_cents": 2500,
                    "total_vat_cents": 500,
                    "total_ttc_cents": 3000,
                    "credit_notes": [],
                    "due_cents": 3000,
                    "payment": {"code": "paid", "label": "payée"},
                    "paid_at": "2026-11-24T11:05:04+01:00",
                    "attempts": [{"attempt": 1, "tried_at": "2026-11-24T11:05:02+01:00", "refusal": None}],
                }
            ]
        }
    )


class Entry(Shape):
    """One act. `actor.id` is `system` for the service itself."""

    at: Moment
    actor: Named
    role: Labelled
    on_behalf_of: str | None
    act: str
    before: Labelled
    after: Labelled
    details: dict[str, str | int | bool]


class Journal(Shape):
    ticket: str
    entries: list[Entry]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ticket": "00000420",
                    "entries": [
                        {
                            "at": "2026-11-23T16:12:08+01:00",
                            "actor": {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11", "name": "Claire Petit"},
                            "role": {"code": "client", "label": "client"},
                            "on_behalf_of": None,
                            "act": "book",
                            "before": {"code": "requested", "label": "demandée"},
                            "after": {"code": "scheduled", "label": "planifiée"},
                            "details": {"tariff": "2026-01"},
                        }
                    ],
                }
            ]
        }
    )


@router.get(
    "",
    summary="List tickets",
    dependencies=[recorded(Reading.TICKETS)],
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT),
)
async def read_tickets(
    person: AnyPerson, given: Given, cursor: Cursor = None, limit: Limit = 20
) -> TicketPage:
    """Newest first: a client's own, those assigned to a technician, all of them for the team."""
    async with given.sessions() as session:
        rows = await newest_tickets(session, person, after=place_of(cursor), limit=limit + 1)
    page, more = rows[:limit], len(rows) > limit
    last = page[-1].ticket if page else None
    return TicketPage(
        tickets=[summary(row) for row in page],
        next=cursor_of(last.opened_at, last.number) if more and last else None,
    )


@router.get(
    "/{number}",
    summary="Read a ticket",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(*TICKET),
)
async def read_one(person: AnyPerson, number: NumberInPath, given: Given) -> TicketView:
    """What somebody may not see of it is null; a stranger's ticket is not found."""
    return await read_ticket(given, person, number)


@router.get(
    "/{number}/invoice",
    summary="Read a ticket's invoice",
    dependencies=[recorded(Reading.INVOICE, "number")],
    responses=problems(*TICKET, ApiCode.INVOICE_NOT_FOUND),
)
async def read_invoice(person: ClientOrTeam, number: NumberInPath, given: Given) -> InvoiceView:
    """The one invoice of a ticket, and its payment."""
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        found = await invoice_of_ticket(session, row.ticket.number)
    if found is None:
        raise Problem(ApiCode.INVOICE_NOT_FOUND)
    invoice, payment = found.invoice, found.payment
    return InvoiceView(
        number=invoice.number,
        ticket=invoice.ticket,
        issued_at=invoice.issued_at,
        minutes=invoice.minutes,
        slices=invoice.slices,
        unit_ttc_cents=invoice.unit_ttc_cents,
        vat_bp=invoice.vat_bp,
        total_ht_cents=invoice.total_ht_cents,
        total_vat_cents=invoice.total_vat_cents,
        total_ttc_cents=invoice.total_ttc_cents,
        credit_notes=[
            Credit(
                number=one.number,
                issued_at=one.issued_at,
                slices=one.slices,
                total_ttc_cents=one.total_ttc_cents,
            )
            for one in found.credits
        ],
        due_cents=found.due_cents,
        payment=Labelled(code=payment.status, label=french.PAYMENTS[payment.status]) if payment else None,
        paid_at=payment.paid_at if payment else None,
        attempts=[
            Attempt(attempt=one.attempt, tried_at=one.tried_at, refusal=one.refusal) for one in found.attempts
        ],
    )


@router.get(
    "/{number}/journal",
    summary="Read a ticket's journal",
    dependencies=[recorded(Reading.TICKET_JOURNAL, "number")],
    responses=problems(*TICKET),
)
async def read_journal(person: BackOfficeOrFinance, number: NumberInPath, given: Given) -> Journal:
    """Who did what, when, from which status to which; oldest first."""
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        lines = await journal_of(session, row.ticket.number)
    return Journal(
        ticket=row.ticket.number,
        entries=[
            Entry(
                at=line.entry.at,
                actor=Named(id=line.entry.actor_id, name=line.actor_name or french.SERVICE),
                role=Labelled(code=line.entry.actor_role, label=french.ROLES[line.entry.actor_role]),
                on_behalf_of=line.entry.on_behalf_of,
                act=line.entry.act,
                before=Labelled(code=line.entry.before, label=french.STATUSES[line.entry.before]),
                after=Labelled(code=line.entry.after, label=french.STATUSES[line.entry.after]),
                details=line.entry.details,
            )
            for line in lines
        ],
    )
