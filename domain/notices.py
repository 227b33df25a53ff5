"""What people are told, and who: the catalogue of the messages a ticket sends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours
from domain.tickets import Role


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


RECIPIENTS: dict[Notice, tuple[Role, ...]] = {
    Notice.BOOKED: (Role.CLIENT, Role.TECHNICIAN),
    Notice.RESCHEDULED: (Role.CLIENT, Role.TECHNICIAN),
    Notice.TECHNICIAN_CHANGED: (Role.CLIENT, Role.TECHNICIAN),
    Notice.RELEASED: (Role.TECHNICIAN,),
    Notice.SLOTS_OFFERED: (Role.CLIENT,),
    Notice.REMINDER: (Role.CLIENT, Role.TECHNICIAN),
    Notice.REPORT_READY: (Role.CLIENT,),
    Notice.REPORT_DUE: (Role.TECHNICIAN,),
    Notice.REVIEW_DUE: (Role.CLIENT,),
    Notice.INVOICE_ISSUED: (Role.CLIENT,),
    Notice.CREDIT_NOTE_ISSUED: (Role.CLIENT,),
    Notice.DOCUMENT_LATE: (Role.BACK_OFFICE,),
    Notice.PAYMENT_REFUSED: (Role.CLIENT,),
    Notice.SUSPENDED: (Role.CLIENT, Role.TECHNICIAN, Role.BACK_OFFICE),
    Notice.RULED: (Role.CLIENT, Role.TECHNICIAN),
    Notice.CANCELLED: (Role.CLIENT,),
    Notice.CANCELLATION_CONFIRMED: (Role.CLIENT,),
    Notice.WITHDRAWN: (Role.CLIENT, Role.BACK_OFFICE),
    Notice.CLIENT_ABSENT: (Role.CLIENT,),
    Notice.INCIDENT: (Role.BACK_OFFICE,),
    Notice.CEILING_REACHED: (Role.CLIENT, Role.TECHNICIAN),
    Notice.SESSION_TIMED_OUT: (Role.TECHNICIAN, Role.BACK_OFFICE),
    Notice.TO_ASSIGN: (Role.BACK_OFFICE,),
    Notice.NO_CALL: (Role.BACK_OFFICE,),
    Notice.NOT_STARTED: (Role.BACK_OFFICE,),
    Notice.WRONG_CODES: (Role.BACK_OFFICE,),
    Notice.LONG_SESSION: (Role.BACK_OFFICE,),
    Notice.REPORT_OVERDUE: (Role.BACK_OFFICE,),
    Notice.STILL_SUSPENDED: (Role.BACK_OFFICE,),
    Notice.PAYMENT_LATE: (Role.BACK_OFFICE,),
    Notice.UNPAID: (Role.BACK_OFFICE, Role.CLIENT),
    Notice.STILL_UNPAID: (Role.BACK_OFFICE,),
    Notice.REFUND_ASKED: (Role.CLIENT, Role.BACK_OFFICE),
    Notice.REFUND_WAITING: (Role.BACK_OFFICE,),
    Notice.REFUND_RULED: (Role.CLIENT,),
    Notice.REFUND_BY_BANK: (Role.CLIENT,),
    Notice.GAIN_CORRECTED: (Role.TECHNICIAN,),
    Notice.GAIN_GIVEN_BACK: (Role.TECHNICIAN,),
    Notice.REFUND_UNFUNDED: (Role.BACK_OFFICE,),
    Notice.REFUND_FAILED: (Role.BACK_OFFICE,),
    Notice.EXCESS_RETURNED: (Role.BACK_OFFICE,),
    Notice.CHARGEBACK_OPENED: (Role.BACK_OFFICE,),
    Notice.CHARGEBACK_DUE: (Role.BACK_OFFICE,),
    Notice.CHARGEBACK_CLOSED: (Role.BACK_OFFICE,),
    Notice.CHARGEBACK_LOST: (Role.BACK_OFFICE,),
}


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
