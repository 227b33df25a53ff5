"""Everything kept about one ticket, for its page. What each person may see of it is decided by the API."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.attachments import Attachment
from db.models.disputes import Dispute
from db.models.money import Gain, TariffVersion
from db.models.tickets import Consent, Report, Review, Session, Submission, Ticket
from db.reads.attachments import attached_to
from db.reads.invoices import InvoiceWithPayment, invoice_of_ticket


@dataclass(frozen=True)
class TicketFile:
    """`texts` maps a submission's id to its body, `attachments` to its images; what was erased is missing."""

    tariff: TariffVersion
    sessions: list[Session]
    consents: list[Consent]
    reports: list[Report]
    disputes: list[Dispute]
    review: Review | None
    invoice: InvoiceWithPayment | None
    gains: list[Gain]
    texts: dict[str, dict[str, str]]
    attachments: dict[str, list[Attachment]]

    def text(self, submission_id: str | None, name: str) -> str | None:
        """One entry of what a person wrote or gave."""
        return self.texts.get(submission_id, {}).get(name) if submission_id else None


async def ticket_file(session: AsyncSession, ticket: Ticket) -> TicketFile:
    number = ticket.number
    consents = list(
        await session.scalars(select(Consent).where(Consent.ticket == number).order_by(Consent.session))
    )
    reports = list(
        await session.scalars(select(Report).where(Report.ticket == number).order_by(Report.session))
    )
    disputes = list(
        await session.scalars(select(Dispute).where(Dispute.ticket == number).order_by(Dispute.number))
    )
    review = await session.scalar(
        select(Review).where(Review.ticket == number).order_by(Review.number.desc()).limit(1)
    )
    written = {
        ticket.request_id,
        *(consent.submission_id for consent in consents),
        *(report.submission_id for report in reports),
        *(dispute.submission_id for dispute in disputes),
    }
    if review is not None and review.submission_id is not None:
        written.add(review.submission_id)
    texts = await session.execute(select(Submission.id, Submission.body).where(Submission.id.in_(written)))
    return TicketFile(
        tariff=await session.get_one(TariffVersion, ticket.tariff_version),
        sessions=list(
            await session.scalars(select(Session).where(Session.ticket == number).order_by(Session.number))
        ),
        consents=consents,
        reports=reports,
        disputes=disputes,
        review=review,
        invoice=await invoice_of_ticket(session, number),
        gains=list(await session.scalars(select(Gain).where(Gain.ticket == number).order_by(Gain.session))),
        texts={row.id: row.body for row in texts},
        attachments=await attached_to(session, written),
    )


async def has_consent(session: AsyncSession, number: str) -> bool:
    """Whether the client consented to the session to come: the first one, as long as there is only one."""
    return await session.scalar(select(Consent.session).where(Consent.ticket == number).limit(1)) is not None
