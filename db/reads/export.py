"""All that is kept about one person and is theirs, table by table. Each query is asked once, however much
there is; what of a ticket they may see is decided by the API. Which column goes where, and why some go
nowhere, is listed in `tests/api/test_export_forgets_nothing.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.accesses import Access
from db.models.attachments import Attachment
from db.models.availability import Leave, WorkingStretch
from db.models.bank import BankOrder
from db.models.chargebacks import Chargeback
from db.models.contests import StatementContest
from db.models.disputes import GainRuling
from db.models.documents import StoredDocument
from db.models.money import CreditNote, Gain, Invoice, Payment, PaymentAttempt
from db.models.notifications import Notification
from db.models.payees import Payee
from db.models.payouts import GainClaim, Payout, Statement
from db.models.people import Card, Person, Skill, Technician, TechnicianSkill
from db.models.refunds import Refund, RefundCase, RefundGainRuling
from db.models.reversals import TransferReversal
from db.models.session_logs import SessionLogEntry
from db.models.sign_ins import SignIn, SignInLink
from db.models.tickets import Booking, Consent, JournalEntry, Report, Review, Session, Submission, Ticket
from db.reads.people import KnownPerson, names_of
from db.reads.refunds import CaseFile
from db.reads.ticket_file import TicketFile
from db.reads.ticket_files import refund_cases, ticket_files
from db.reads.tickets import TicketRow, seen_by, ticket_rows
from domain.accesses import STAFF
from domain.tickets import Role

Row = dict[str, Any]
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Kept:
    """`rows` maps the name of a part of the export to its rows, by the names of their fields. `tickets` are
    those of a client or a technician, with `names` of the people that they name besides."""

    person: KnownPerson
    rows: dict[str, list[Row]]
    tickets: list[tuple[TicketRow, TicketFile]]
    refunds: list[CaseFile]
    names: dict[str, str]


async def person_to_export(session: AsyncSession, person_id: str) -> KnownPerson | None:
    """Also of a closed account; None for the system, which is nobody."""
    row = await session.get(Person, person_id)
    if row is None or row.role is Role.SYSTEM:
        return None
    return KnownPerson(row.id, row.role, row.name, row.mail)


async def kept_about(session: AsyncSession, person: KnownPerson) -> Kept:
    rows = {}
    for part, query in _queries(person).items():
        rows[part] = [dict(row) for row in (await session.execute(query)).mappings()]
    theirs = seen_by(person) if person.role not in STAFF else false()
    found = await session.execute(ticket_rows().where(theirs).order_by(Ticket.opened_at, Ticket.number))
    tickets = [TicketRow(*row) for row in found]
    files = await ticket_files(session, [row.ticket for row in tickets])
    # A refund is between the client and us.
    numbers = [row.ticket.number for row in tickets] if person.role is Role.CLIENT else []
    return Kept(
        person,
        rows,
        [(row, files[row.ticket.number]) for row in tickets],
        await refund_cases(session, numbers),
        # The only people whom a client's or a technician's view may name besides: themselves.
        await names_of(session, {person.id}),
    )


def _queries(person: KnownPerson) -> dict[str, Query]:
    return {
        **_account(person),
        **_written(person),
        **_purchases(person),
        **_work(person),
        **_earnings(person),
        **_readings(person),
    }


def _account(person: KnownPerson) -> dict[str, Query]:
    me = person.id
    return {
        "account": select(
            Person.id, Person.role, Person.name, Person.mail, Person.active, Person.created_at
        ).where(Person.id == me),
        "sign_ins": select(SignIn.began_at, SignIn.seen_at, SignIn.revoked_at, SignIn.device)
        .where(SignIn.person_id == me)
        .order_by(SignIn.began_at),
        "sign_in_links": select(SignInLink.asked_at, SignInLink.used_at)
        .where(SignInLink.person_id == me)
        .order_by(SignInLink.asked_at),
        "mails": select(Notification.kind, Notification.ticket, Notification.sent_at)
        .where(Notification.recipient_id == me)
        .order_by(Notification.recorded_at),
    }


def _written(person: KnownPerson) -> dict[str, Query]:
    """What colleagues write in their function is about others: of theirs, that they wrote it."""
    me = person.id
    body = Submission.body if person.role not in STAFF else literal(None).label("body")
    return {
        "writings": select(Submission.id, Submission.kind, body, Submission.recorded_at)
        .where(Submission.author_id == me)
        .order_by(Submission.recorded_at, Submission.id),
        "images": select(
            Attachment.id,
            Attachment.submission_id.label("writing"),
            Attachment.content_type,
            Attachment.width,
            Attachment.height,
            Attachment.size_bytes.label("bytes"),
            Attachment.sha256,
            Attachment.recorded_at,
        )
        .where(Attachment.author_id == me)
        .order_by(Attachment.id),
        "acts": select(
            JournalEntry.ticket,
            JournalEntry.at,
            JournalEntry.act,
            JournalEntry.before,
            JournalEntry.after,
            (JournalEntry.actor_id != me).label("by_team"),
        )
        .where(or_(JournalEntry.actor_id == me, JournalEntry.on_behalf_of == me))
        .order_by(JournalEntry.at, JournalEntry.id),
    }


def _purchases(person: KnownPerson) -> dict[str, Query]:
    me = person.id
    mine = select(Ticket.number).where(Ticket.client_id == me)
    billed = select(Invoice.number).where(Invoice.client_id == me)
    return {
        "cards": select(Card.label, Card.saved_at, Card.customer_reference, Card.card_reference).where(
            Card.client_id == me
        ),
        "consents": select(
            Consent.ticket,
            Consent.session,
            Consent.text_version,
            Consent.given_at,
            Submission.body["anydesk_id"].astext.label("anydesk_id"),
        )
        .join(Submission, Submission.id == Consent.submission_id)
        .where(Consent.ticket.in_(mine))
        .order_by(Consent.given_at),
        "invoices": select(
            Invoice.number,
            Invoice.ticket,
            Invoice.issued_at,
            Invoice.minutes,
            Invoice.slices,
            Invoice.unit_ttc_cents,
            Invoice.vat_bp,
            Invoice.total_ht_cents,
            Invoice.total_vat_cents,
            Invoice.total_ttc_cents,
        )
        .where(Invoice.client_id == me)
        .order_by(Invoice.issued_at),
        "credit_notes": select(
            CreditNote.number,
            CreditNote.invoice,
            CreditNote.issued_at,
            CreditNote.slices,
            CreditNote.total_ht_cents,
            CreditNote.total_vat_cents,
            CreditNote.total_ttc_cents,
        )
        .where(CreditNote.invoice.in_(billed))
        .order_by(CreditNote.issued_at),
        "payments": select(
            Payment.invoice, Payment.intent, Payment.status, Payment.collected_cents, Payment.paid_at
        )
        .where(Payment.invoice.in_(billed))
        .order_by(Payment.invoice),
        "payment_attempts": select(
            PaymentAttempt.invoice,
            PaymentAttempt.attempt,
            PaymentAttempt.tried_at,
            PaymentAttempt.refusal,
            PaymentAttempt.by_hand,
        )
        .where(PaymentAttempt.invoice.in_(billed))
        .order_by(PaymentAttempt.invoice, PaymentAttempt.attempt),
        "refunds_sent": select(
            Refund.invoice,
            Refund.amount_cents,
            Refund.state,
            Refund.reference,
            Refund.sent_at,
            Refund.failed_at,
        )
        .where(Refund.invoice.in_(billed))
        .order_by(Refund.sent_at),
        "chargebacks": select(
            Chargeback.invoice,
            Chargeback.reference,
            Chargeback.status,
            Chargeback.reason,
            Chargeback.amount_cents,
            Chargeback.opened_at,
            Chargeback.closed_at,
        )
        .where(Chargeback.invoice.in_(billed))
        .order_by(Chargeback.opened_at),
    }


def _work(person: KnownPerson) -> dict[str, Query]:
    """A session is the client's too, what is said of it as well; a review only while the ticket is theirs."""
    me = person.id
    held = and_(Session.ticket == Ticket.number, or_(Session.technician_id == me, Ticket.client_id == me))
    told = and_(Session.ticket == Report.ticket, Session.number == Report.session)
    logged = and_(Session.ticket == SessionLogEntry.ticket, Session.number == SessionLogEntry.session)
    seconds = SessionLogEntry.seconds
    return {
        "bookings": select(
            func.lower(Booking.during).label("start"),
            func.upper(Booking.during).label("end"),
            Booking.state,
            Booking.skill,
            Booking.ticket,
            Booking.session,
            Booking.hold_expires_at,
        )
        .outerjoin(Ticket, Ticket.number == Booking.ticket)
        .where(or_(Booking.technician_id == me, Booking.held_by == me, Ticket.client_id == me))
        .order_by(Booking.during),
        "sessions": select(
            Session.ticket, Session.number, Session.started_at, Session.ended_at, Session.ended_by
        )
        .join(Ticket, held)
        .order_by(Session.started_at),
        "remote_controls": select(
            SessionLogEntry.ticket,
            SessionLogEntry.session,
            SessionLogEntry.started_at,
            SessionLogEntry.ended_at,
            seconds,
        )
        .join(Session, logged)
        .join(Ticket, held)
        .order_by(SessionLogEntry.started_at),
        "reports": select(
            Report.ticket,
            Report.session,
            Submission.body["text"].astext.label("text"),
            Report.declared_minutes,
            Report.measured_minutes,
            Report.billed_slices,
            Report.filed_at,
        )
        .join(Submission, Submission.id == Report.submission_id)
        .join(Session, told)
        .join(Ticket, held)
        .order_by(Report.filed_at),
        "reviews": select(
            Review.ticket,
            Review.number,
            Review.stars,
            Submission.body["comment"].astext.label("comment"),
            Review.given_at,
        )
        .join(Ticket, Ticket.number == Review.ticket)
        .outerjoin(Submission, Submission.id == Review.submission_id)
        .where(or_(Ticket.client_id == me, Ticket.technician_id == me))
        .order_by(Review.given_at),
        "skills": select(TechnicianSkill.skill.label("code"), Skill.label, TechnicianSkill.level)
        .join(Skill, Skill.code == TechnicianSkill.skill)
        .where(TechnicianSkill.technician_id == me)
        .order_by(TechnicianSkill.skill),
        "working_hours": select(WorkingStretch.weekday, WorkingStretch.opens, WorkingStretch.closes)
        .where(WorkingStretch.technician_id == me)
        .order_by(WorkingStretch.weekday, WorkingStretch.opens),
        "leaves": select(
            func.lower(Leave.during).label("start"),
            func.upper(Leave.during).label("end"),
            (Leave.recorded_by == me).label("by_myself"),
            Leave.recorded_at,
        )
        .where(Leave.technician_id == me)
        .order_by(Leave.during),
    }


PAYEE = [
    *(Payee.series, Payee.legal_name, Payee.siren, Payee.vat_number, Payee.street, Payee.postal_code),
    *(Payee.city, Payee.is_company, Payee.first_name, Payee.last_name, Payee.birth_date, Payee.tax_number),
    *(Payee.mandate, Payee.mandate_signed_at, Payee.vigilance_until, Payee.rail, Payee.iban),
    *(Payee.wanted_rail, Payee.wanted_iban, Payee.wanted_at),
    *(Payee.account_ready, Payee.account_missing, Payee.account_asked_at),
]


def _earnings(person: KnownPerson) -> dict[str, Query]:
    me = person.id
    own = select(Statement.key).where(Statement.technician_id == me)
    numbers = select(Statement.number).where(Statement.technician_id == me)
    asked, answered = aliased(Submission), aliased(Submission)
    return {
        "payee": select(Technician.account_reference, Technician.suspended_at, *PAYEE)
        .select_from(Technician)
        .outerjoin(Payee, Payee.technician_id == Technician.id)
        .where(Technician.id == me),
        "gains": select(
            Gain.ticket,
            Gain.session,
            Gain.number,
            Gain.slices,
            Gain.amount_cents,
            Gain.month,
            Gain.accepted_at,
            Statement.number.label("statement"),
        )
        .outerjoin(GainClaim, GainClaim.gain_id == Gain.id)
        .outerjoin(Statement, Statement.key == GainClaim.statement)
        .where(Gain.technician_id == me)
        .order_by(Gain.accepted_at, Gain.id),
        "gain_rulings": select(GainRuling.ticket, GainRuling.session, GainRuling.kind, GainRuling.minutes)
        .join(Session, and_(Session.ticket == GainRuling.ticket, Session.number == GainRuling.session))
        .where(Session.technician_id == me)
        .order_by(GainRuling.ticket, GainRuling.session),
        "refund_gain_rulings": select(
            RefundCase.ticket, RefundGainRuling.session, RefundGainRuling.kind, RefundGainRuling.minutes
        )
        .join(
            RefundCase,
            and_(RefundCase.invoice == RefundGainRuling.invoice, RefundCase.n == RefundGainRuling.n),
        )
        .join(
            Session,
            and_(Session.ticket == RefundCase.ticket, Session.number == RefundGainRuling.session),
        )
        .where(Session.technician_id == me)
        .order_by(RefundCase.ticket, RefundGainRuling.session),
        "statements": select(
            Statement.number,
            Statement.month,
            Statement.issued_at,
            Statement.total_cents,
            Statement.vat_bp,
            Statement.vat_cents,
            Payout.status,
            Payout.rail,
            Payout.transfer,
            Payout.paid_at,
        )
        .outerjoin(Payout, Payout.key == Statement.key)
        .where(Statement.technician_id == me)
        .order_by(Statement.sequence),
        "bank_orders": select(
            BankOrder.reference,
            BankOrder.name,
            BankOrder.iban,
            BankOrder.amount_cents,
            BankOrder.state,
            BankOrder.ordered_at,
            BankOrder.settled_on,
            BankOrder.closed_at,
        )
        .where(BankOrder.payout.in_(own))
        .order_by(BankOrder.ordered_at),
        "transfer_reversals": select(
            TransferReversal.transfer, TransferReversal.amount_cents, TransferReversal.at
        )
        .where(TransferReversal.payout.in_(own))
        .order_by(TransferReversal.at),
        "contests": select(
            StatementContest.statement,
            StatementContest.tickets,
            asked.body["text"].astext.label("text"),
            StatementContest.asked_at,
            answered.body["text"].astext.label("answer"),
            StatementContest.outcome,
            StatementContest.answered_at,
        )
        .join(asked, asked.id == StatementContest.submission_id)
        .outerjoin(answered, answered.id == StatementContest.answer_id)
        .where(StatementContest.statement.in_(numbers))
        .order_by(StatementContest.asked_at),
    }


def _readings(person: KnownPerson) -> dict[str, Query]:
    """Those of a ticket are told to its client; those of a list name nobody. The person's own readings of
    others, a colleague's or a technician's, are told without whom they were about."""
    me = person.id
    numbers: Sequence[Query] = (
        select(Ticket.number).where(Ticket.client_id == me),
        select(Statement.number).where(Statement.technician_id == me),
    )
    subjects: list[ColumnElement[bool]] = [Access.subject == me]
    subjects += [Access.subject.in_(one) for one in numbers]
    invoices = select(Invoice.number).where(Invoice.client_id == me)
    owners = or_(
        StoredDocument.invoice.in_(invoices),
        StoredDocument.number.in_(select(Statement.number).where(Statement.technician_id == me)),
    )
    return {
        "documents": select(
            StoredDocument.number,
            StoredDocument.kind,
            StoredDocument.ticket,
            StoredDocument.sha256,
            StoredDocument.made_at,
        )
        .where(owners)
        .order_by(StoredDocument.made_at, StoredDocument.number),
        "accesses": select(Access.at, Access.kind, Access.role)
        .where(or_(*subjects), Access.person_id != me)
        .order_by(Access.at, Access.id),
        "own_accesses": select(Access.at, Access.kind)
        .where(Access.person_id == me)
        .order_by(Access.at, Access.id),
    }
