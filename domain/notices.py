"""What people are told about a ticket. Who, when, and by what: `domain/catalogue.py`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours


class Notice(StrEnum):
    BOOKED = "booked"
    RESCHEDULED = "rescheduled"
    TECHNICIAN_CHANGED = "technician_changed"
    RELEASED = "released"
    SLOTS_OFFERED = "slots_offered"
    REMINDER = "reminder"
    REPORT_READY = "report_ready"
    REPORT_DUE = "report_due"
    REVIEW_DUE = "review_due"
    INVOICE_ISSUED = "invoice_issued"
    CREDIT_NOTE_ISSUED = "credit_note_issued"
    DOCUMENT_LATE = "document_late"
    PAYMENT_REFUSED = "payment_refused"
    SUSPENDED = "suspended"
    RULED = "ruled"
    CANCELLED = "cancelled"
    CANCELLATION_CONFIRMED = "cancellation_confirmed"
    WITHDRAWN = "withdrawn"
    CLIENT_ABSENT = "client_absent"
    INCIDENT = "incident"
    CEILING_REACHED = "ceiling_reached"
    SESSION_TIMED_OUT = "session_timed_out"
    TO_ASSIGN = "to_assign"
    NO_CALL = "no_call"
    NOT_STARTED = "not_started"
    WRONG_CODES = "wrong_codes"
    LONG_SESSION = "long_session"
    REPORT_OVERDUE = "report_overdue"
    STILL_SUSPENDED = "still_suspended"
    PAYMENT_LATE = "payment_late"
    UNPAID = "unpaid"
    STILL_UNPAID = "still_unpaid"
    REFUND_ASKED = "refund_asked"
    REFUND_WAITING = "refund_waiting"
    REFUND_RULED = "refund_ruled"
    REFUND_UNFUNDED = "refund_unfunded"
    REFUND_FAILED = "refund_failed"
    REFUND_BY_BANK = "refund_by_bank"
    EXCESS_RETURNED = "excess_returned"
    GAIN_CORRECTED = "gain_corrected"
    GAIN_GIVEN_BACK = "gain_given_back"
    CHARGEBACK_OPENED = "chargeback_opened"
    CHARGEBACK_DUE = "chargeback_due"
    CHARGEBACK_CLOSED = "chargeback_closed"
    CHARGEBACK_LOST = "chargeback_lost"


@dataclass(frozen=True)
class Notify:
    """Tell those concerned of one event. `occasion` tells repeats of the same kind apart; the dates that are
    promised follow from the deadlines and hours frozen on the ticket. `technician_id` is the technician to
    tell where that is no longer the ticket's own."""

    ticket: str
    kind: str
    at: datetime
    deadlines: Deadlines
    hours: OpeningHours
    occasion: str = ""
    technician_id: str | None = None
