"""Refusals: what the service says no to, each with a stable code that frontends may rely on."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why an act was refused. The French sentence for each is in `api/french.py`."""

    NOT_ALLOWED_IN_STATUS = "not_allowed_in_status"
    TICKET_CLOSED = "ticket_closed"
    CONSENT_MISSING = "consent_missing"
    WRONG_CODE = "wrong_code"
    TOO_EARLY = "too_early"
    TOO_LATE_TO_RESCHEDULE = "too_late_to_reschedule"
    APPOINTMENT_PASSED = "appointment_passed"
    WITHDRAWAL_OVER = "withdrawal_over"
    CALLS_MISSING = "calls_missing"
    CEILING_NOT_RAISED = "ceiling_not_raised"
    TECHNICIAN_BOOKED_NEXT = "technician_booked_next"
    TECHNICIAN_NOT_FREE = "technician_not_free"
    REPORT_MISSING = "report_missing"
    RULING_MINUTES = "ruling_minutes"
    GAIN_RULINGS = "gain_rulings"
    REWORKS_EXHAUSTED = "reworks_exhausted"
    NOTHING_BILLABLE = "nothing_billable"
    NOTHING_DUE = "nothing_due"
    PAYMENT_ON_ITS_WAY = "payment_on_its_way"
    PROVIDER_AWAY = "provider_away"
    NOTHING_TO_REFUND = "nothing_to_refund"
    REFUND_OPEN = "refund_open"
    CHARGED_BACK = "charged_back"
    CHARGEBACK_CLOSED = "chargeback_closed"
    REFUND_CLOSED = "refund_closed"
    REFUND_MINUTES = "refund_minutes"
    NOT_YOUR_TICKET = "not_your_ticket"
    INVALID_TICKET_NUMBER = "invalid_ticket_number"
    INVALID_PHONE = "invalid_phone"
    INVALID_ANYDESK_ID = "invalid_anydesk_id"
    INVALID_IBAN = "invalid_iban"
    INVALID_DURATION = "invalid_duration"
    INVALID_MONTH = "invalid_month"
    FUTURE_MONTH = "future_month"
    FUTURE_YEAR = "future_year"
    PERIOD_ORDER = "period_order"
    UNKNOWN_SKILL = "unknown_skill"
    SLOT_NOT_OFFERED = "slot_not_offered"
    SLOT_TAKEN = "slot_taken"
    HOLD_EXPIRED = "hold_expired"
    WORKING_HOURS_ORDER = "working_hours_order"
    WORKING_HOURS_OVERLAP = "working_hours_overlap"
    LEAVE_ORDER = "leave_order"
    LEAVE_PAST = "leave_past"
    LEAVE_OVERLAPS = "leave_overlaps"
    CARD_MISSING = "card_missing"
    NO_TARIFF = "no_tariff"
    TARIFF_PAST = "tariff_past"
    TARIFF_TOO_FAR = "tariff_too_far"
    TARIFF_PRICE = "tariff_price"
    TARIFF_SLICES = "tariff_slices"
    TARIFF_GAIN = "tariff_gain"
    TARIFF_VERSION_TAKEN = "tariff_version_taken"
    TARIFF_DATE_TAKEN = "tariff_date_taken"
    RUN_IN_PROGRESS = "run_in_progress"
    ATTACHMENT_UNKNOWN = "attachment_unknown"
    ATTACHMENT_TOO_MANY = "attachment_too_many"


class Refused(Exception):
    """An act that the rules do not allow. Carries the code and ids or numbers only, never free text."""

    def __init__(self, code: Refusal, **details: str | int) -> None:
        super().__init__(code.value)
        self.code = code
        self.details = details
