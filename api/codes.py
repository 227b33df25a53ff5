"""The API's own codes, beside the refusals of the domain, and the HTTP status of each."""

from enum import StrEnum
from http import HTTPStatus

from domain.errors import Refusal


class ApiCode(StrEnum):
    """Why a request was not answered as asked. The French sentence for each is in `api/french.py`."""

    NOT_SIGNED_IN = "not_signed_in"
    SIGN_IN_INVALID = "sign_in_invalid"
    SIGN_IN_EXPIRED = "sign_in_expired"
    ROLE_NOT_ALLOWED = "role_not_allowed"
    NOT_FOUND = "not_found"
    TICKET_NOT_FOUND = "ticket_not_found"
    INVOICE_NOT_FOUND = "invoice_not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    MALFORMED_JSON = "malformed_json"
    BODY_TOO_LARGE = "body_too_large"
    INVALID_INPUT = "invalid_input"
    UNKNOWN_TECHNICIAN = "unknown_technician"
    CARD_PAGE_CLOSED = "card_page_closed"
    CONSENT_TEXT_OUTDATED = "consent_text_outdated"
    TICKET_NUMBER_MISMATCH = "ticket_number_mismatch"
    IDEMPOTENCY_KEY_MISSING = "idempotency_key_missing"
    IDEMPOTENCY_KEY_INVALID = "idempotency_key_invalid"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    SIGNATURE_INVALID = "signature_invalid"
    NO_WORKER = "no_worker"
    TEMPORAL_UNAVAILABLE = "temporal_unavailable"
    DATABASE_UNAVAILABLE = "database_unavailable"
    INTERNAL_ERROR = "internal_error"


Code = Refusal | ApiCode
REFUSALS = frozenset(Refusal)

STATUS: dict[Code, HTTPStatus] = {
    ApiCode.NOT_SIGNED_IN: HTTPStatus.UNAUTHORIZED,
    ApiCode.SIGN_IN_INVALID: HTTPStatus.UNAUTHORIZED,
    ApiCode.SIGN_IN_EXPIRED: HTTPStatus.UNAUTHORIZED,
    ApiCode.ROLE_NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    ApiCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ApiCode.TICKET_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ApiCode.INVOICE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ApiCode.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    ApiCode.MALFORMED_JSON: HTTPStatus.BAD_REQUEST,
    ApiCode.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ApiCode.INVALID_INPUT: HTTPStatus.UNPROCESSABLE_ENTITY,
    ApiCode.UNKNOWN_TECHNICIAN: HTTPStatus.UNPROCESSABLE_ENTITY,
    ApiCode.CARD_PAGE_CLOSED: HTTPStatus.CONFLICT,
    ApiCode.CONSENT_TEXT_OUTDATED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ApiCode.TICKET_NUMBER_MISMATCH: HTTPStatus.UNPROCESSABLE_ENTITY,
    ApiCode.IDEMPOTENCY_KEY_MISSING: HTTPStatus.BAD_REQUEST,
    ApiCode.IDEMPOTENCY_KEY_INVALID: HTTPStatus.BAD_REQUEST,
    ApiCode.IDEMPOTENCY_KEY_REUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ApiCode.SIGNATURE_INVALID: HTTPStatus.BAD_REQUEST,
    ApiCode.NO_WORKER: HTTPStatus.SERVICE_UNAVAILABLE,
    ApiCode.TEMPORAL_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ApiCode.DATABASE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ApiCode.INTERNAL_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
    Refusal.NOT_ALLOWED_IN_STATUS: HTTPStatus.CONFLICT,
    Refusal.TICKET_CLOSED: HTTPStatus.CONFLICT,
    Refusal.CONSENT_MISSING: HTTPStatus.CONFLICT,
    Refusal.WRONG_CODE: HTTPStatus.FORBIDDEN,
    Refusal.TOO_EARLY: HTTPStatus.CONFLICT,
    Refusal.TOO_LATE_TO_RESCHEDULE: HTTPStatus.CONFLICT,
    Refusal.APPOINTMENT_PASSED: HTTPStatus.CONFLICT,
    Refusal.WITHDRAWAL_OVER: HTTPStatus.CONFLICT,
    Refusal.CALLS_MISSING: HTTPStatus.CONFLICT,
    Refusal.CEILING_NOT_RAISED: HTTPStatus.CONFLICT,
    Refusal.TECHNICIAN_BOOKED_NEXT: HTTPStatus.CONFLICT,
    Refusal.TECHNICIAN_NOT_FREE: HTTPStatus.CONFLICT,
    Refusal.REPORT_MISSING: HTTPStatus.CONFLICT,
    Refusal.RULING_MINUTES: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.GAIN_RULINGS: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.REWORKS_EXHAUSTED: HTTPStatus.CONFLICT,
    Refusal.NOTHING_BILLABLE: HTTPStatus.CONFLICT,
    Refusal.NOT_YOUR_TICKET: HTTPStatus.NOT_FOUND,
    Refusal.INVALID_TICKET_NUMBER: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.INVALID_PHONE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.INVALID_ANYDESK_ID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.INVALID_DURATION: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.INVALID_MONTH: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.FUTURE_MONTH: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.UNKNOWN_SKILL: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.SLOT_NOT_OFFERED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.SLOT_TAKEN: HTTPStatus.CONFLICT,
    Refusal.HOLD_EXPIRED: HTTPStatus.CONFLICT,
    Refusal.CARD_MISSING: HTTPStatus.CONFLICT,
    Refusal.NO_TARIFF: HTTPStatus.CONFLICT,
    Refusal.RUN_IN_PROGRESS: HTTPStatus.CONFLICT,
}
