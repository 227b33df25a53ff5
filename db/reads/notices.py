"""Reading what a mail about a ticket may say, as it is now."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.chargebacks import Chargeback
from db.models.disputes import GainRuling, Ruling
from db.models.money import CreditNote, Gain, Invoice, Payment, PaymentAttempt, PaymentStatus, TariffVersion
from db.models.people import Card, Person, Skill
from db.models.refunds import RefundCase
from db.models.tickets import JournalEntry, Report, Session, Ticket
from db.reads.documents import made_for
from db.reads.invoices import invoice_of_ticket
from db.reads.notice_facts import (
    ChargebackFacts,
    ChargeFacts,
    CreditFacts,
    GainRulingFacts,
    InvoiceFacts,
    NoticeFacts,
    PersonFacts,
    RefundFacts,
    ReportFacts,
    RulingFacts,
    SessionFacts,
    SuspensionCase,
)
from db.reads.refunds import kept_cents
from domain.tariff import Tariff
from domain.tickets import Role, Status

# The acts that suspend a ticket. The free session is given up by the client, or by nobody being free.
SUSPENDING: dict[str, SuspensionCase] = {
    "dispute": SuspensionCase.DISPUTE,
    "report": SuspensionCase.DURATION,
    "absent": SuspensionCase.FREE_SESSION_ABSENT,
    "cancel": SuspensionCase.FREE_SESSION_CANCELLED,
    "withdraw": SuspensionCase.WITHDRAWAL,
}


async def notice_facts(
    session: AsyncSession,
    ticket: str,
    technician_id: str | None = None,
    *,
    refund: int | None = None,
    chargeback: str | None = None,
) -> NoticeFacts | None:
    """What is known of the ticket now, of the technician, the refund case and the chargeback named; None when
    there is no such ticket."""
    named = {"ticket": ticket, "technician": technician_id, "refund": refund, "chargeback": chargeback}
    row = (await session.execute(_query(), named)).mappings().one_or_none()
    if row is None:
        return None
    return NoticeFacts(
        **_part(row, "ticket"),
        tariff=Tariff(**_part(row, "tariff")),
        suspension=_suspension(row["suspended.act"], row["suspended.actor_role"], row["suspended.before"]),
        client=PersonFacts(**_part(row, "client")),
        technician=_person(row, "technician"),
        named=_person(row, "named"),
        last_technician=_person(row, "last_technician"),
        session=SessionFacts(**_part(row, "session")) if row["session.started_at"] else None,
        report=ReportFacts(**_part(row, "report")) if row["report.filed_at"] else None,
        ruling=RulingFacts(**_part(row, "ruling")) if row["ruling.kind"] else None,
        invoice=InvoiceFacts(**_part(row, "invoice")) if row["invoice.number"] else None,
        charge=ChargeFacts(**_part(row, "charge")) if row["charge.first_tried_at"] else None,
        chargeback=ChargebackFacts(**_part(row, "chargeback")) if row["chargeback.status"] else None,
        refund=RefundFacts(**_part(row, "refund")) if row["refund.status"] else None,
        gain_rulings=await _gain_rulings(session, ticket) if row["ruling.kind"] else {},
        earned_cents=await _earned_cents(session, ticket) if row["invoice.number"] else {},
        owed_back_cents=await _owed_back_cents(session, row) if row["invoice.is_paid"] else 0,
        **(await _papers(session, ticket) if row["invoice.number"] else {}),
    )


async def _owed_back_cents(session: AsyncSession, row: Mapping[str, Any]) -> int:
    return max(0, await kept_cents(session, row["invoice.number"]) - int(row["invoice.due_cents"]))


async def _papers(session: AsyncSession, ticket: str) -> dict[str, Any]:
    found = await invoice_of_ticket(session, ticket)
    if found is None:
        return {}
    due, notes = found.invoice.total_ttc_cents, []
    for note in found.credits:
        due -= note.total_ttc_cents
        amounts = (note.total_ht_cents, note.total_vat_cents, note.total_ttc_cents)
        notes.append(CreditFacts(note.number, note.issued_at, *amounts, due))
    issued, made = [found.invoice.number, *(one.number for one in notes)], await made_for(session, ticket)
    return {
        "credits": tuple(notes),
        "undocumented": tuple(number for number in issued if number not in made),
    }


def _person(row: Mapping[str, Any], name: str) -> PersonFacts | None:
    return PersonFacts(**_part(row, name)) if row[f"{name}.id"] else None


def _suspension(act: str | None, actor_role: Role | None, before: Status | None) -> SuspensionCase | None:
    if act is None:
        return None
    case = SUSPENDING[act]
    if before in {Status.INVOICED, Status.UNPAID}:
        return SuspensionCase.INVOICE_DISPUTE
    gave_up = case is SuspensionCase.FREE_SESSION_CANCELLED and actor_role is Role.SYSTEM
    return SuspensionCase.FREE_SESSION_NOBODY if gave_up else case


async def _gain_rulings(session: AsyncSession, ticket: str) -> dict[str, GainRulingFacts]:
    rulings = await session.execute(
        select(Session.technician_id, GainRuling.kind, GainRuling.minutes)
        .join(Session, and_(Session.ticket == GainRuling.ticket, Session.number == GainRuling.session))
        .where(GainRuling.ticket == ticket)
        .order_by(GainRuling.session)
    )
    return {technician_id: GainRulingFacts(kind, minutes) for technician_id, kind, minutes in rulings}


async def _earned_cents(session: AsyncSession, ticket: str) -> dict[str, int]:
    rows = await session.execute(
        select(Gain.technician_id, func.sum(Gain.amount_cents))
        .where(Gain.ticket == ticket)
        .group_by(Gain.technician_id)
    )
    return {technician_id: int(cents) for technician_id, cents in rows}


def _part(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The columns labelled `name.…`, without that prefix."""
    prefix = f"{name}."
    return {label.removeprefix(prefix): value for label, value in row.items() if label.startswith(prefix)}


@cache
def _query() -> Select[Any]:
    """Of the parameters `ticket`, `technician`, `refund` and `chargeback`. Put together once: that takes
    longer than asking."""
    client, technician, named, last_technician = (aliased(Person) for _ in range(4))
    first_report, last_try = aliased(Report), aliased(PaymentAttempt)
    this_case = and_(RefundCase.invoice == Invoice.number, RefundCase.n == bindparam("refund"))
    attempts = PaymentAttempt.invoice == Payment.invoice
    latest_attempt = (
        select(func.max(PaymentAttempt.attempt)).where(attempts).correlate(Payment).scalar_subquery()
    )
    first_tried_at = (
        select(func.min(PaymentAttempt.tried_at)).where(attempts).correlate(Payment).scalar_subquery()
    )
    of_the_calendar = (
        select(func.count())
        .where(attempts, PaymentAttempt.by_hand.is_(False))
        .correlate(Payment)
        .scalar_subquery()
    )
    person = PersonFacts.__dataclass_fields__
    parts: dict[str, Mapping[str, Any]] = {
        "ticket": {
            "ticket": Ticket.number,
            "skill": Skill.label,
            "card_label": Card.label,
            "first_slices": first_report.billed_slices,
            "reduced_minutes": _latest_reduction(),
            **_columns(Ticket, "status", "opened_at", "appointment_start", "appointment_end", "flexible"),
            **_columns(Ticket, "sequence", "ceiling_minutes", "wrong_codes", "called_at"),
        },
        "tariff": _columns(TariffVersion, *Tariff.__dataclass_fields__),
        "suspended": _columns(JournalEntry, "act", "actor_role", "before"),
        "client": _columns(client, *person),
        "technician": _columns(technician, *person),
        "named": _columns(named, *person),
        "last_technician": _columns(last_technician, *person),
        "session": _columns(Session, *SessionFacts.__dataclass_fields__),
        "report": _columns(Report, *ReportFacts.__dataclass_fields__),
        "ruling": _columns(Ruling, *RulingFacts.__dataclass_fields__),
        "invoice": {
            **_columns(Invoice, *(set(InvoiceFacts.__dataclass_fields__) - {"due_cents", "is_paid"})),
            "is_paid": func.coalesce(Payment.status == PaymentStatus.PAID, False),
            "due_cents": Invoice.total_ttc_cents - _credited_cents(),
        },
        "chargeback": _columns(Chargeback, *ChargebackFacts.__dataclass_fields__),
        "refund": _columns(RefundCase, *RefundFacts.__dataclass_fields__),
        "charge": {
            "attempts": of_the_calendar,
            "refusal": last_try.refusal,
            "first_tried_at": first_tried_at,
        },
    }
    labelled = [
        column.label(f"{part}.{name}") for part, columns in parts.items() for name, column in columns.items()
    ]
    return (
        select(*labelled)
        .select_from(Ticket)
        .join(Skill, Skill.code == Ticket.skill)
        .join(TariffVersion, TariffVersion.version == Ticket.tariff_version)
        .join(client, client.id == Ticket.client_id)
        .outerjoin(technician, technician.id == Ticket.technician_id)
        .outerjoin(named, named.id == bindparam("technician"))
        .outerjoin(Session, and_(Session.ticket == Ticket.number, Session.number == _latest(Session)))
        .outerjoin(last_technician, last_technician.id == Session.technician_id)
        .outerjoin(Report, and_(Report.ticket == Session.ticket, Report.session == Session.number))
        .outerjoin(first_report, and_(first_report.ticket == Ticket.number, first_report.session == 1))
        .outerjoin(Ruling, and_(Ruling.ticket == Ticket.number, Ruling.number == _latest(Ruling)))
        .outerjoin(JournalEntry, JournalEntry.id == _latest_suspension())
        .outerjoin(Invoice, Invoice.ticket == Ticket.number)
        .outerjoin(Payment, Payment.invoice == Invoice.number)
        .outerjoin(last_try, and_(last_try.invoice == Payment.invoice, last_try.attempt == latest_attempt))
        .outerjoin(Chargeback, Chargeback.reference == bindparam("chargeback"))
        .outerjoin(RefundCase, this_case)
        .outerjoin(Card, Card.client_id == Ticket.client_id)
        .where(Ticket.number == bindparam("ticket"))
    )


def _columns(table: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(table, name) for name in names}


def _latest(table: type[Session] | type[Ruling]) -> Any:
    """The number of the ticket's latest one."""
    one = aliased(table)
    return select(func.max(one.number)).where(one.ticket == Ticket.number).correlate(Ticket).scalar_subquery()


def _latest_reduction() -> Any:
    one = aliased(Ruling)
    return (
        select(one.minutes)
        .where(one.ticket == Ticket.number, one.minutes.is_not(None))
        .order_by(one.number.desc())
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )


def _credited_cents() -> Any:
    return (
        select(cast(func.coalesce(func.sum(CreditNote.total_ttc_cents), 0), BigInteger))
        .where(CreditNote.invoice == Invoice.number)
        .correlate(Invoice)
        .scalar_subquery()
    )


def _latest_suspension() -> Any:
    """The act that suspended the ticket last, or was the last to say that it is to stay so."""
    one = aliased(JournalEntry)
    return (
        select(one.id)
        .where(one.ticket == Ticket.number, one.after == Status.SUSPENDED, one.act.in_(SUSPENDING))
        .order_by(one.recorded_at.desc(), one.id.desc())
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )
