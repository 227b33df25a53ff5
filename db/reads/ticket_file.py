"""Everything kept about one ticket, for its page. What each person may see of it is decided by the API."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.attachments import Attachment
from db.models.disputes import Dispute, GainRuling, Ruling
from db.models.money import Gain, TariffVersion
from db.models.tickets import Consent, JournalEntry, Report, Review, Session, Submission, Ticket
from db.reads.attachments import attached_to
from db.reads.documents import made_for
from db.reads.invoices import InvoiceWithPayment, invoice_of_ticket
from domain.rulings import RulingKind
from domain.tickets import Command


@dataclass(frozen=True)
class TicketFile:
    """`texts` maps a submission's id to its body, `attachments` to its images; what was erased is missing.
    `consent` is that to the present appointment. `since` is when the ticket came to its status, or to its
    present appointment. `documents` are the numbers of those that are made."""

    tariff: TariffVersion
    sessions: list[Session]
    consent: Consent | None
    reports: list[Report]
    disputes: list[Dispute]
    rulings: list[Ruling]
    gain_rulings: list[GainRuling]
    incidents: list[JournalEntry]
    since: datetime
    review: Review | None
    invoice: InvoiceWithPayment | None
    gains: list[Gain]
    documents: set[str]
    texts: dict[str, dict[str, str]]
    attachments: dict[str, list[Attachment]]

    def text(self, submission_id: str | None, name: str) -> str | None:
        """One entry of what a person wrote or gave."""
        return self.texts.get(submission_id, {}).get(name) if submission_id else None


async def ticket_file(session: AsyncSession, ticket: Ticket) -> TicketFile:
    number = ticket.number
    consent = await _consent(session, ticket)
    reports = list(
        await session.scalars(select(Report).where(Report.ticket == number).order_by(Report.session))
    )
    disputes = list(
        await session.scalars(select(Dispute).where(Dispute.ticket == number).order_by(Dispute.number))
    )
    rulings = list(
        await session.scalars(select(Ruling).where(Ruling.ticket == number).order_by(Ruling.number))
    )
    review = await session.scalar(
        select(Review).where(Review.ticket == number).order_by(Review.number.desc()).limit(1)
    )
    incidents = await _incidents(session, number)
    written = [
        ticket.request_id,
        consent.submission_id if consent else None,
        review.submission_id if review else None,
        *(report.submission_id for report in reports),
        *(dispute.submission_id for dispute in disputes),
        *(ruling.submission_id for ruling in rulings),
        *(submission_of(incident) for incident in incidents),
    ]
    named = {submission_id for submission_id in written if submission_id is not None}
    texts = await session.execute(select(Submission.id, Submission.body).where(Submission.id.in_(named)))
    return TicketFile(
        tariff=await session.get_one(TariffVersion, ticket.tariff_version),
        sessions=list(
            await session.scalars(select(Session).where(Session.ticket == number).order_by(Session.number))
        ),
        consent=consent,
        reports=reports,
        disputes=disputes,
        rulings=rulings,
        gain_rulings=list(
            await session.scalars(
                select(GainRuling).where(GainRuling.ticket == number).order_by(GainRuling.session)
            )
        ),
        incidents=incidents,
        since=await _since(session, ticket),
        review=review,
        invoice=await invoice_of_ticket(session, number),
        gains=list(await session.scalars(select(Gain).where(Gain.ticket == number).order_by(Gain.session))),
        documents=await made_for(session, number),
        texts={row.id: row.body for row in texts},
        attachments=await attached_to(session, named),
    )


async def has_consent(session: AsyncSession, ticket: Ticket) -> bool:
    """Whether the client consented to the session to come, at its present hour and with its technician."""
    return await _consent(session, ticket) is not None


async def is_free_session(session: AsyncSession, number: str) -> bool:
    """Whether the session under way or to come is a free one, after a ruling."""
    rework = select(Ruling.number).where(Ruling.ticket == number, Ruling.kind == RulingKind.REWORK)
    return await session.scalar(rework.limit(1)) is not None


def submission_of(entry: JournalEntry) -> str | None:
    """What was written with a journalled act."""
    written = entry.details.get("submission")
    return str(written) if written else None


async def _consent(session: AsyncSession, ticket: Ticket) -> Consent | None:
    """The one given to the present appointment. Its sequence names the session too: each session has
    appointments of its own, and the sequence never goes back."""
    return await session.scalar(
        select(Consent)
        .where(Consent.ticket == ticket.number, Consent.sequence == ticket.sequence)
        .order_by(Consent.session.desc())
        .limit(1)
    )


async def _incidents(session: AsyncSession, number: str) -> list[JournalEntry]:
    query = (
        select(JournalEntry)
        .where(JournalEntry.ticket == number, JournalEntry.act == Command.INCIDENT.value)
        .order_by(JournalEntry.at, JournalEntry.id)
    )
    return list(await session.scalars(query))


async def _since(session: AsyncSession, ticket: Ticket) -> datetime:
    """Only an act that gives the appointment another hour or technician has a `sequence`."""
    at = await session.scalar(
        select(func.max(JournalEntry.at)).where(
            JournalEntry.ticket == ticket.number,
            or_(JournalEntry.before != JournalEntry.after, JournalEntry.details.has_key("sequence")),
        )
    )
    return at or ticket.opened_at
