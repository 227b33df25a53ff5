"""Of the export of one's own data: what happened on tickets, and a technician's time."""

from sqlalchemy import and_, func, or_, select

from db.models.availability import Leave, WorkingStretch
from db.models.drafts import ReportDraft
from db.models.people import Skill, TechnicianSkill
from db.models.session_logs import SessionLogEntry
from db.models.tickets import Booking, Report, Review, Session, Submission, Ticket
from db.reads.export_account import Query
from db.reads.people import KnownPerson


def work(person: KnownPerson) -> dict[str, Query]:
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
        "drafts": select(
            ReportDraft.ticket, ReportDraft.text, ReportDraft.declared_minutes, ReportDraft.saved_at
        )
        .where(ReportDraft.technician_id == me)
        .order_by(ReportDraft.ticket),
    }
