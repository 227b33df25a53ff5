"""Everything kept about one ticket, for its page. What each person may see of it is decided by the API."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.attachments import Attachment
from db.models.chargebacks import Chargeback
from db.models.disputes import Dispute, GainRuling, Ruling
from db.models.documents import StoredDocument
from db.models.money import Gain, TariffVersion
from db.models.people import Person
from db.models.refunds import RefundCase, RefundGainRuling
from db.models.tickets import Consent, JournalEntry, Report, Review, Session, Submission, Ticket
from db.reads.gathered import Wanted, gather
from db.reads.invoices import InvoiceWithPayment, invoice_in, invoice_wanted
from db.reads.refunds import CaseFile
from db.reads.technicians import working_technicians
from db.reads.views import ShownName
from domain.rulings import RulingKind
from domain.tickets import Command, Role


@dataclass(frozen=True)
class TicketFile:
    """`texts` maps a submission's id to its body, `attachments` to its images; what was erased is missing.
    `consent` is that to the present appointment. `since` is when the ticket came to its status, or to its
    present appointment, and `calls` are those made since. `documents` are the numbers of those that are made.
    `names` are those of the people whom the assignment, a take-over or an incident names, as far as the asker
    may be told; `technicians` those, by id and in order, among whom the team may choose another."""

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
    names: dict[str, str] = field(default_factory=dict)
    technicians: dict[str, str] = field(default_factory=dict)
    calls: list[datetime] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    refunds: list[CaseFile] = field(default_factory=list)
    chargebacks: list[Chargeback] = field(default_factory=list)

    def text(self, submission_id: str | None, name: str) -> str | None:
        """One entry of what a person wrote or gave."""
        return self.texts.get(submission_id, {}).get(name) if submission_id else None


async def ticket_file(
    session: AsyncSession, ticket: Ticket, *, whole: bool = False, technicians_on: date | None = None
) -> TicketFile:
    """In two statements, whatever there is: its rows, then what they name. Only `whole`, for the team, has
    all of the journal, the refunds and what banks took back; only with `technicians_on` those who may work on
    that day."""
    number = ticket.number
    rows = await gather(
        session,
        Wanted(TariffVersion, TariffVersion.version == ticket.tariff_version, (TariffVersion.version,)),
        Wanted(Session, Session.ticket == number, (Session.number,)),
        Wanted(Consent, _is_to_the_present_appointment(ticket), (Consent.session,)),
        Wanted(Report, Report.ticket == number, (Report.session,)),
        Wanted(Dispute, Dispute.ticket == number, (Dispute.number,)),
        Wanted(Ruling, Ruling.ticket == number, (Ruling.number,)),
        Wanted(GainRuling, GainRuling.ticket == number, (GainRuling.session,)),
        Wanted(
            JournalEntry,
            JournalEntry.ticket == number if whole else _is_told(number),
            (JournalEntry.at, JournalEntry.recorded_at, JournalEntry.id),
        ),
        Wanted(Review, Review.ticket == number, (Review.number,)),
        *invoice_wanted(number),
        Wanted(Gain, Gain.ticket == number, (Gain.session,)),
        Wanted(
            StoredDocument,
            StoredDocument.ticket == number,
            (StoredDocument.number,),
            without=frozenset({"facts"}),
        ),
        *(_of_the_team(number) if whole else ()),
    )
    cases = rows.of(RefundCase) if whole else []
    consent, review = rows.last(Consent), rows.last(Review)
    journal = rows.of(JournalEntry)
    incidents = [entry for entry in journal if entry.act == Command.INCIDENT.value]
    written = [
        ticket.request_id,
        consent.submission_id if consent else None,
        review.submission_id if review else None,
        *(report.submission_id for report in rows.of(Report)),
        *(dispute.submission_id for dispute in rows.of(Dispute)),
        *(ruling.submission_id for ruling in rows.of(Ruling)),
        *(submission_of(incident) for incident in incidents),
        *(text for case in cases for text in (case.submission_id, case.ruling_id)),
    ]
    since = max((one.at for one in journal if _is_step(one)), default=ticket.opened_at)
    named = {submission_id for submission_id in written if submission_id is not None}
    told_of = journal if whole else incidents
    people = {*ticket.assignment, *(one.actor_id for one in told_of if one.actor_role is not Role.SYSTEM)}
    people |= {ticket.taken_over_by} if ticket.taken_over_by else set()
    told = await gather(
        session,
        Wanted(Submission, Submission.id.in_(named), (Submission.id,)),
        Wanted(Attachment, Attachment.submission_id.in_(named), (Attachment.id,)),
        Wanted(ShownName, ShownName.id.in_(people), (ShownName.id,)),
        *((working_technicians(technicians_on),) if technicians_on else ()),
    )
    attachments: dict[str, list[Attachment]] = {}
    for attachment in told.of(Attachment):
        attachments.setdefault(attachment.submission_id or "", []).append(attachment)
    texts = {one.id: one.body for one in told.of(Submission)}
    return TicketFile(
        tariff=rows.of(TariffVersion)[0],
        sessions=rows.of(Session),
        consent=consent,
        reports=rows.of(Report),
        disputes=rows.of(Dispute),
        rulings=rows.of(Ruling),
        gain_rulings=rows.of(GainRuling),
        incidents=incidents,
        since=since,
        calls=[one.at for one in journal if one.act == Command.CALL.value and one.at >= since],
        review=review,
        invoice=invoice_in(rows),
        gains=rows.of(Gain),
        documents={one.number for one in rows.of(StoredDocument)},
        texts=texts,
        attachments=attachments,
        names={one.id: one.name for one in told.of(ShownName)},
        technicians={one.id: one.name for one in told.of(Person)} if technicians_on else {},
        journal=journal if whole else [],
        refunds=[
            CaseFile(case, [one for one in rows.of(RefundGainRuling) if one.n == case.n], texts)
            for case in cases
        ],
        chargebacks=rows.of(Chargeback) if whole else [],
    )


def _of_the_team(number: str) -> tuple[Wanted, ...]:
    cases = select(RefundCase.invoice).where(RefundCase.ticket == number)
    return (
        Wanted(RefundCase, RefundCase.ticket == number, (RefundCase.n,)),
        Wanted(RefundGainRuling, RefundGainRuling.invoice.in_(cases), (RefundGainRuling.session,)),
        Wanted(Chargeback, Chargeback.ticket == number, (Chargeback.opened_at,)),
    )


async def has_consent(session: AsyncSession, ticket: Ticket) -> bool:
    """Whether the client consented to the session to come, at its present hour and with its technician."""
    given = select(Consent.ticket).where(_is_to_the_present_appointment(ticket)).limit(1)
    return await session.scalar(given) is not None


async def is_free_session(session: AsyncSession, number: str) -> bool:
    """Whether the session under way or to come is a free one, after a ruling."""
    rework = select(Ruling.number).where(Ruling.ticket == number, Ruling.kind == RulingKind.REWORK)
    return await session.scalar(rework.limit(1)) is not None


def submission_of(entry: JournalEntry) -> str | None:
    """What was written with a journalled act."""
    written = entry.details.get("submission")
    return str(written) if written else None


def _is_to_the_present_appointment(ticket: Ticket) -> ColumnElement[bool]:
    """Its sequence names the session too: each session has appointments of its own, and the sequence never
    goes back."""
    return and_(Consent.ticket == ticket.number, Consent.sequence == ticket.sequence)


def _is_told(number: str) -> ColumnElement[bool]:
    """Incidents, calls, and what tells since when the ticket is as it is."""
    return and_(
        JournalEntry.ticket == number,
        or_(
            JournalEntry.act.in_((Command.INCIDENT.value, Command.CALL.value)),
            JournalEntry.before != JournalEntry.after,
            JournalEntry.details.has_key("sequence"),
        ),
    )


def _is_step(entry: JournalEntry) -> bool:
    """Only an act that gives the appointment another hour or technician has a `sequence`."""
    return entry.before != entry.after or "sequence" in entry.details
