"""The files of many tickets at once: as many queries for a thousand as for one. A single one is read by
`db.reads.ticket_file`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.disputes import Dispute, GainRuling, Ruling
from db.models.documents import StoredDocument
from db.models.money import CreditNote, Gain, Invoice, Payment, PaymentAttempt, TariffVersion
from db.models.refunds import RefundCase, RefundGainRuling
from db.models.tickets import Consent, JournalEntry, Report, Review, Session, Submission, Ticket
from db.reads.attachments import attached_to
from db.reads.invoices import InvoiceWithPayment
from db.reads.refunds import CaseFile
from db.reads.ticket_file import TicketFile, submission_of
from domain.tickets import Command

Row = TypeVar("Row")


def _by(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


async def ticket_files(session: AsyncSession, tickets: Collection[Ticket]) -> dict[str, TicketFile]:
    """By the ticket's number; each is what `ticket_file` reads."""
    numbers = [ticket.number for ticket in tickets]
    consents = await _consents(session, tickets)
    reports = _by(
        await session.scalars(select(Report).where(Report.ticket.in_(numbers)).order_by(Report.session)),
        lambda row: row.ticket,
    )
    disputes = _by(
        await session.scalars(select(Dispute).where(Dispute.ticket.in_(numbers)).order_by(Dispute.number)),
        lambda row: row.ticket,
    )
    rulings = _by(
        await session.scalars(select(Ruling).where(Ruling.ticket.in_(numbers)).order_by(Ruling.number)),
        lambda row: row.ticket,
    )
    gain_rulings = _by(
        await session.scalars(
            select(GainRuling).where(GainRuling.ticket.in_(numbers)).order_by(GainRuling.session)
        ),
        lambda row: row.ticket,
    )
    sessions = _by(
        await session.scalars(select(Session).where(Session.ticket.in_(numbers)).order_by(Session.number)),
        lambda row: row.ticket,
    )
    gains = _by(
        await session.scalars(select(Gain).where(Gain.ticket.in_(numbers)).order_by(Gain.session)),
        lambda row: row.ticket,
    )
    incidents = _by(
        await session.scalars(
            select(JournalEntry)
            .where(JournalEntry.ticket.in_(numbers), JournalEntry.act == Command.INCIDENT.value)
            .order_by(JournalEntry.at, JournalEntry.id)
        ),
        lambda row: row.ticket,
    )
    reviews = {
        row.ticket: row
        for row in await session.scalars(
            select(Review).where(Review.ticket.in_(numbers)).order_by(Review.number)
        )
    }
    named = {ticket.request_id for ticket in tickets}
    named |= {row.submission_id for row in consents.values()}
    for written in (reports, disputes, rulings):
        named |= {row.submission_id for rows in written.values() for row in rows}
    named |= {row.submission_id for row in reviews.values() if row.submission_id}
    named |= {one for rows in incidents.values() for row in rows if (one := submission_of(row))}
    texts = await texts_of(session, named)
    attachments = await attached_to(session, named)
    tariffs = {
        row.version: row
        for row in await session.scalars(
            select(TariffVersion).where(TariffVersion.version.in_({one.tariff_version for one in tickets}))
        )
    }
    documents = defaultdict(set)
    for number, ticket in await session.execute(
        select(StoredDocument.number, StoredDocument.ticket).where(StoredDocument.ticket.in_(numbers))
    ):
        documents[ticket].add(number)
    invoices = await _invoices(session, numbers)
    since = await _since(session, numbers)
    return {
        ticket.number: TicketFile(
            tariff=tariffs[ticket.tariff_version],
            sessions=sessions[ticket.number],
            consent=consents.get(ticket.number),
            reports=reports[ticket.number],
            disputes=disputes[ticket.number],
            rulings=rulings[ticket.number],
            gain_rulings=gain_rulings[ticket.number],
            incidents=incidents[ticket.number],
            since=since.get(ticket.number, ticket.opened_at),
            review=reviews.get(ticket.number),
            invoice=invoices.get(ticket.number),
            gains=gains[ticket.number],
            documents=documents[ticket.number],
            texts=texts,
            attachments=attachments,
        )
        for ticket in tickets
    }


async def texts_of(session: AsyncSession, submissions: Collection[str]) -> dict[str, dict[str, str]]:
    rows = await session.execute(select(Submission.id, Submission.body).where(Submission.id.in_(submissions)))
    return {row.id: row.body for row in rows}


async def refund_cases(session: AsyncSession, numbers: Collection[str]) -> list[CaseFile]:
    """Those of all these tickets, oldest first; each is what `cases_of_ticket` reads."""
    cases = list(
        await session.scalars(
            select(RefundCase).where(RefundCase.ticket.in_(numbers)).order_by(RefundCase.opened_at)
        )
    )
    gains = _by(
        await session.scalars(
            select(RefundGainRuling)
            .where(RefundGainRuling.invoice.in_({case.invoice for case in cases}))
            .order_by(RefundGainRuling.session)
        ),
        lambda row: f"{row.invoice} {row.n}",
    )
    written = {one for case in cases for one in (case.submission_id, case.ruling_id) if one is not None}
    texts = await texts_of(session, written)
    return [CaseFile(case, gains[f"{case.invoice} {case.n}"], texts) for case in cases]


async def _consents(session: AsyncSession, tickets: Collection[Ticket]) -> dict[str, Consent]:
    rows = await session.scalars(
        select(Consent)
        .join(Ticket, Ticket.number == Consent.ticket)
        .where(Consent.ticket.in_([one.number for one in tickets]), Consent.sequence == Ticket.sequence)
        .order_by(Consent.session)
    )
    return {row.ticket: row for row in rows}


async def _invoices(session: AsyncSession, numbers: Collection[str]) -> dict[str, InvoiceWithPayment]:
    rows = (
        await session.execute(
            select(Invoice, Payment)
            .outerjoin(Payment, Payment.invoice == Invoice.number)
            .where(Invoice.ticket.in_(numbers))
        )
    ).all()
    invoices = {invoice.number for invoice, _ in rows}
    attempts = _by(
        await session.scalars(
            select(PaymentAttempt)
            .where(PaymentAttempt.invoice.in_(invoices))
            .order_by(PaymentAttempt.attempt)
        ),
        lambda row: row.invoice,
    )
    notes = _by(
        await session.scalars(
            select(CreditNote).where(CreditNote.invoice.in_(invoices)).order_by(CreditNote.number)
        ),
        lambda row: row.invoice,
    )
    return {
        invoice.ticket: InvoiceWithPayment(invoice, payment, attempts[invoice.number], notes[invoice.number])
        for invoice, payment in rows
    }


async def _since(session: AsyncSession, numbers: Collection[str]) -> dict[str, datetime]:
    rows = await session.execute(
        select(JournalEntry.ticket, func.max(JournalEntry.at))
        .where(
            JournalEntry.ticket.in_(numbers),
            or_(JournalEntry.before != JournalEntry.after, JournalEntry.details.has_key("sequence")),
        )
        .group_by(JournalEntry.ticket)
    )
    return {row[0]: row[1] for row in rows}
