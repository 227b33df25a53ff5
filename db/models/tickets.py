"""Tickets and all that belongs to their process: bookings, sessions, reports, reviews, journal."""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, ticket_number, uuid
from domain.ticket_steps import EndedBy, Evidence
from domain.tickets import Outcome, Role, Status


class BookingState(StrEnum):
    HELD = "held"
    BOOKED = "booked"


class SubmissionKind(StrEnum):
    REQUEST = "request"
    ANYDESK_ID = "anydesk_id"
    REPORT = "report"
    REVIEW = "review"
    DISPUTE = "dispute"
    PAYOUT_REASON = "payout_reason"
    DECLINE = "decline"
    CANCEL = "cancel"
    INCIDENT = "incident"
    REASSIGN = "reassign"
    RULING = "ruling"
    WRITE_OFF = "write_off"
    REFUND = "refund"
    REFUND_RULING = "refund_ruling"
    CHARGEBACK = "chargeback"
    CONTEST = "contest"
    CONTEST_ANSWER = "contest_answer"


class Submission(Base):
    """What a person wrote or gave: free text, phone, AnyDesk id. Erasable, and the only place for it.

    `author_id` is null for what was given on the command line, where nobody signs in.
    """

    __tablename__ = "submissions"

    id: Mapped[generated_id]
    author_id: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[SubmissionKind] = mapped_column(enum_of(SubmissionKind, "kind"))
    body: Mapped[dict[str, str]] = mapped_column(JSONB)
    recorded_at: Mapped[recorded]


class Ticket(Base):
    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (status <> 'closed')", "outcome_when_closed"),
        CheckConstraint("appointment_start < appointment_end", "appointment_order"),
        CheckConstraint("ceiling_minutes > 0 AND mod(ceiling_minutes, 15) = 0", "ceiling"),
        CheckConstraint("required_level BETWEEN 1 AND 3", "required_level"),
    )

    number: Mapped[ticket_number] = mapped_column(primary_key=True)
    client_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), index=True)
    technician_id: Mapped[uuid | None] = mapped_column(ForeignKey("technicians.id"), index=True)
    skill: Mapped[str] = mapped_column(ForeignKey("skills.code"))
    required_level: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    status: Mapped[Status] = mapped_column(enum_of(Status, "status"), index=True)
    outcome: Mapped[Outcome | None] = mapped_column(enum_of(Outcome, "outcome"))
    appointment_start: Mapped[instant]
    appointment_end: Mapped[instant]
    ceiling_minutes: Mapped[int]
    tariff_version: Mapped[str] = mapped_column(ForeignKey("tariffs.version"))
    request_id: Mapped[uuid] = mapped_column(ForeignKey("submissions.id"), index=True)
    client_code: Mapped[str | None] = mapped_column(String(4))
    technician_code: Mapped[str | None] = mapped_column(String(4))
    assignment: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """Why each technician was chosen, passed over or struck out; see `domain.matching`."""
    sequence: Mapped[int] = mapped_column(server_default="0")
    """How often the appointment was given another hour or technician; the SEQUENCE of its calendar entry."""
    flexible: Mapped[bool] = mapped_column(server_default="false")
    """While to assign: any time from `appointment_start` on will do."""
    taken_over_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    taken_over_at: Mapped[instant | None]
    wrong_codes: Mapped[int] = mapped_column(server_default="0")
    opened_at: Mapped[instant]
    acknowledged_at: Mapped[instant | None]
    called_at: Mapped[instant | None]
    closed_at: Mapped[instant | None]


class StatusChange(Base):
    """The changes of status that exist at all; filled from `domain.tickets.CHANGES` by the migration."""

    __tablename__ = "status_changes"

    before: Mapped[Status] = mapped_column(enum_of(Status, "before"), primary_key=True)
    after: Mapped[Status] = mapped_column(enum_of(Status, "after"), primary_key=True)


class Booking(Base):
    """A technician's time, held for a few minutes or booked for a ticket. No two may overlap."""

    __tablename__ = "bookings"
    __table_args__ = (
        ExcludeConstraint(
            ("technician_id", "="), ("during", "&&"), using="gist", name="ex_bookings_no_overlap"
        ),
        CheckConstraint("NOT isempty(during)", "during_not_empty"),
        CheckConstraint(
            "(state = 'held') = (hold_expires_at IS NOT NULL) AND (state = 'booked') = (ticket IS NOT NULL)",
            "held_or_booked",
        ),
        CheckConstraint("(ticket IS NOT NULL) = (session IS NOT NULL)", "session"),
        UniqueConstraint("ticket", "session"),
    )

    id: Mapped[generated_id]
    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"))
    during: Mapped[Range[instant]] = mapped_column(TSTZRANGE)
    state: Mapped[BookingState] = mapped_column(enum_of(BookingState, "state"))
    held_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    skill: Mapped[str] = mapped_column(ForeignKey("skills.code"))
    hold_expires_at: Mapped[instant | None]
    ticket: Mapped[ticket_number | None] = mapped_column(ForeignKey("tickets.number"))
    session: Mapped[int | None]
    recorded_at: Mapped[recorded]


class Consent(Base):
    """A client's consent to remote control for one session, with the technician and at the hour that
    `sequence` names. Append-only."""

    __tablename__ = "consents"

    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    session: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, server_default="0")
    text_version: Mapped[str] = mapped_column(String(32))
    submission_id: Mapped[uuid] = mapped_column(ForeignKey("submissions.id"), index=True)
    given_at: Mapped[instant]


class Session(Base):
    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", "order"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", "ended"),
    )

    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"))
    started_at: Mapped[instant]
    ended_at: Mapped[instant | None]
    ended_by: Mapped[EndedBy | None] = mapped_column(enum_of(EndedBy, "ended_by"))


class Report(Base):
    __tablename__ = "reports"

    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    session: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid] = mapped_column(ForeignKey("submissions.id"), index=True)
    declared_minutes: Mapped[int]
    measured_minutes: Mapped[int]
    evidence: Mapped[Evidence] = mapped_column(enum_of(Evidence, "evidence"), server_default="stamps")
    billed_slices: Mapped[int]
    credible: Mapped[bool]
    filed_at: Mapped[instant]


class Review(Base):
    """A client's opinion of a ticket. Given again, it is another row: the last one counts."""

    __tablename__ = "reviews"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", "stars"),)

    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    stars: Mapped[int]
    submission_id: Mapped[uuid | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    given_at: Mapped[instant]


class JournalEntry(Base):
    """Who did what, on whose behalf, before → after. Ids and enums only. Append-only."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("ticket", "key"),
        Index("ix_journal_ticket_recorded", "ticket", "recorded_at"),
    )

    id: Mapped[generated_id]
    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"))
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[instant]
    actor_id: Mapped[str] = mapped_column(String(40))
    actor_role: Mapped[Role] = mapped_column(enum_of(Role, "actor_role"))
    on_behalf_of: Mapped[uuid | None]
    act: Mapped[str] = mapped_column(String(40))
    before: Mapped[Status] = mapped_column(enum_of(Status, "before"))
    after: Mapped[Status] = mapped_column(enum_of(Status, "after"))
    details: Mapped[dict[str, str | int | bool]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    recorded_at: Mapped[recorded]
