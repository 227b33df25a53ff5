"""Chargebacks, and what a bank may be told of the ticket that one is about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from db.models.chargebacks import Chargeback
from db.models.documents import StoredDocument
from db.models.money import Invoice, Payment, TariffVersion
from db.models.people import Person, Skill
from db.models.tickets import Consent, JournalEntry, Report, Review, Session, Submission, Ticket


@dataclass(frozen=True)
class Charged:
    """What a payment was for."""

    invoice: str
    ticket: str
    client_id: str


@dataclass(frozen=True)
class SessionEvidence:
    """One session: its stamps, the consent to it, and the report of it."""

    started_at: datetime
    ended_at: datetime | None
    consented_at: datetime | None
    consent_version: str | None
    measured_minutes: int | None
    report: str | None


@dataclass(frozen=True)
class TicketEvidence:
    """`acts` are those of people, in order: (when, by which role, what)."""

    ticket: str
    invoice: str
    skill: str
    client_name: str
    ordered_at: datetime
    total_ttc_cents: int
    slice_minutes: int
    acts: list[tuple[datetime, str, str]]
    sessions: list[SessionEvidence]
    stars: int | None
    review: str | None
    added: str | None
    pdf: bytes | None


async def charged_by(session: AsyncSession, intent: str) -> Charged | None:
    """None for a payment that is none of ours."""
    row = (
        await session.execute(
            select(Invoice.number, Invoice.ticket, Invoice.client_id)
            .join(Payment, Payment.invoice == Invoice.number)
            .where(Payment.intent == intent)
        )
    ).one_or_none()
    return Charged(*row) if row is not None else None


async def newest_chargebacks(session: AsyncSession, *, limit: int) -> list[Chargeback]:
    """Those to answer first, by the date until which they can be; then the others, newest first."""
    query = select(Chargeback).order_by(
        (Chargeback.status == "to_answer").desc(), Chargeback.answer_by, Chargeback.opened_at.desc()
    )
    return list(await session.scalars(query.limit(limit)))


async def chargeback_of(session: AsyncSession, reference: str) -> Chargeback | None:
    return await session.get(Chargeback, reference)


async def evidence_of(session: AsyncSession, chargeback: Chargeback, added: str | None) -> TicketEvidence:
    """`added` names what the team wrote for this."""
    invoice, ticket, skill, client, slice_minutes = (
        await session.execute(
            select(Invoice, Ticket, Skill.label, Person.name, TariffVersion.slice_minutes)
            .join(Ticket, Ticket.number == Invoice.ticket)
            .join(Skill, Skill.code == Ticket.skill)
            .join(TariffVersion, TariffVersion.version == Ticket.tariff_version)
            .join(Person, Person.id == Invoice.client_id)
            .where(Invoice.number == chargeback.invoice)
        )
    ).one()
    review = await session.scalar(
        select(Review).where(Review.ticket == ticket.number).order_by(Review.number.desc()).limit(1)
    )
    document = await session.get(StoredDocument, invoice.number, options=[undefer(StoredDocument.pdf)])
    return TicketEvidence(
        ticket=ticket.number,
        invoice=invoice.number,
        skill=skill,
        client_name=client,
        ordered_at=ticket.opened_at,
        total_ttc_cents=invoice.total_ttc_cents,
        slice_minutes=slice_minutes,
        acts=await _acts(session, ticket.number),
        sessions=await _sessions(session, ticket.number),
        stars=review.stars if review else None,
        review=await _text(session, review.submission_id if review else None, "comment"),
        added=await _text(session, added, "text"),
        pdf=document.pdf if document else None,
    )


async def _acts(session: AsyncSession, ticket: str) -> list[tuple[datetime, str, str]]:
    rows = await session.execute(
        select(JournalEntry.at, JournalEntry.actor_role, JournalEntry.act)
        .where(JournalEntry.ticket == ticket)
        .order_by(JournalEntry.at, JournalEntry.id)
    )
    return [(at, str(role), act) for at, role, act in rows]


async def _sessions(session: AsyncSession, ticket: str) -> list[SessionEvidence]:
    rows = await session.execute(
        select(Session, Report)
        .outerjoin(Report, (Report.ticket == Session.ticket) & (Report.session == Session.number))
        .where(Session.ticket == ticket)
        .order_by(Session.number)
    )
    found = []
    for held, report in rows.all():
        consent = await session.scalar(
            select(Consent)
            .where(Consent.ticket == ticket, Consent.session == held.number)
            .order_by(Consent.sequence.desc())
            .limit(1)
        )
        found.append(
            SessionEvidence(
                started_at=held.started_at,
                ended_at=held.ended_at,
                consented_at=consent.given_at if consent else None,
                consent_version=consent.text_version if consent else None,
                measured_minutes=report.measured_minutes if report else None,
                report=await _text(session, report.submission_id if report else None, "text"),
            )
        )
    return found


async def _text(session: AsyncSession, submission_id: str | None, name: str) -> str | None:
    submission = await session.get(Submission, submission_id) if submission_id else None
    return submission.body.get(name) if submission else None
