"""What a mail about a ticket may say. Never a phone number, an AnyDesk id or a code: none is read here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.disputes import Dispute
from db.models.money import Invoice, Payment, PaymentAttempt, TariffVersion
from db.models.people import Card, Person, Skill
from db.models.tickets import Report, Session, Ticket
from domain.tariff import Tariff
from domain.tickets import Status


@dataclass(frozen=True)
class PersonFacts:
    """`active` false: the account was closed, nothing is sent any more."""

    id: str
    name: str
    mail: str
    active: bool


@dataclass(frozen=True)
class SessionFacts:
    """The latest session of the ticket."""

    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ReportFacts:
    """The report of the latest session."""

    declared_minutes: int
    measured_minutes: int
    billed_slices: int
    credible: bool
    filed_at: datetime


@dataclass(frozen=True)
class InvoiceFacts:
    number: str
    issued_at: datetime
    minutes: int
    slices: int
    unit_ttc_cents: int
    vat_bp: int
    total_ht_cents: int
    total_vat_cents: int
    total_ttc_cents: int


@dataclass(frozen=True)
class ChargeFacts:
    """The latest try of the card, counted from 1; `refusal` is the provider's code, None when accepted."""

    attempt: int
    refusal: str | None
    first_tried_at: datetime


@dataclass(frozen=True)
class NoticeFacts:
    """`disputed` tells a suspension asked by the client from one due to the declared duration."""

    ticket: str
    status: Status
    skill: str
    appointment_start: datetime
    appointment_end: datetime
    ceiling_minutes: int
    tariff: Tariff
    wrong_codes: int
    called_at: datetime | None
    disputed: bool
    client: PersonFacts
    technician: PersonFacts | None
    session: SessionFacts | None
    report: ReportFacts | None
    invoice: InvoiceFacts | None
    charge: ChargeFacts | None
    card_label: str | None


async def notice_facts(session: AsyncSession, ticket: str) -> NoticeFacts | None:
    """What is known of the ticket now, in one query; None when there is no such ticket."""
    row = (await session.execute(_query(ticket))).mappings().one_or_none()
    if row is None:
        return None
    return NoticeFacts(
        **_part(row, "ticket"),
        tariff=Tariff(**_part(row, "tariff")),
        client=PersonFacts(**_part(row, "client")),
        technician=PersonFacts(**_part(row, "technician")) if row["technician.id"] else None,
        session=SessionFacts(**_part(row, "session")) if row["session.started_at"] else None,
        report=ReportFacts(**_part(row, "report")) if row["report.filed_at"] else None,
        invoice=InvoiceFacts(**_part(row, "invoice")) if row["invoice.number"] else None,
        charge=ChargeFacts(**_part(row, "charge")) if row["charge.attempt"] else None,
    )


def _part(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The columns labelled `name.…`, without that prefix."""
    prefix = f"{name}."
    return {label.removeprefix(prefix): value for label, value in row.items() if label.startswith(prefix)}


def _query(ticket: str) -> Select[Any]:
    client, technician = aliased(Person), aliased(Person)
    latest_session = (
        select(func.max(Session.number))
        .where(Session.ticket == Ticket.number)
        .correlate(Ticket)
        .scalar_subquery()
    )
    attempts = PaymentAttempt.invoice == Payment.invoice
    latest_attempt = (
        select(func.max(PaymentAttempt.attempt)).where(attempts).correlate(Payment).scalar_subquery()
    )
    first_tried_at = (
        select(func.min(PaymentAttempt.tried_at)).where(attempts).correlate(Payment).scalar_subquery()
    )
    last_try = aliased(PaymentAttempt)
    parts: dict[str, Mapping[str, Any]] = {
        "ticket": {
            "ticket": Ticket.number,
            "skill": Skill.label,
            "disputed": exists().where(Dispute.ticket == Ticket.number),
            "card_label": Card.label,
            **_columns(Ticket, "status", "appointment_start", "appointment_end", "ceiling_minutes"),
            **_columns(Ticket, "wrong_codes", "called_at"),
        },
        "tariff": _columns(TariffVersion, *Tariff.__dataclass_fields__),
        "client": _columns(client, *PersonFacts.__dataclass_fields__),
        "technician": _columns(technician, *PersonFacts.__dataclass_fields__),
        "session": _columns(Session, *SessionFacts.__dataclass_fields__),
        "report": _columns(Report, *ReportFacts.__dataclass_fields__),
        "invoice": _columns(Invoice, *InvoiceFacts.__dataclass_fields__),
        "charge": {"first_tried_at": first_tried_at, **_columns(last_try, "attempt", "refusal")},
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
        .outerjoin(Session, and_(Session.ticket == Ticket.number, Session.number == latest_session))
        .outerjoin(Report, and_(Report.ticket == Session.ticket, Report.session == Session.number))
        .outerjoin(Invoice, Invoice.ticket == Ticket.number)
        .outerjoin(Payment, Payment.invoice == Invoice.number)
        .outerjoin(last_try, and_(last_try.invoice == Payment.invoice, last_try.attempt == latest_attempt))
        .outerjoin(Card, Card.client_id == Ticket.client_id)
        .where(Ticket.number == ticket)
    )


def _columns(table: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(table, name) for name in names}
