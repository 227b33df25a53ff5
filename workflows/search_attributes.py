"""What the Temporal UI can be searched by. They travel in clear: ids, enums and times only."""

from typing import Any

from temporalio.common import SearchAttributeKey

TICKET_NUMBER = SearchAttributeKey.for_keyword("TicketNumber")
TICKET_STATUS = SearchAttributeKey.for_keyword("TicketStatus")
TECHNICIAN_ID = SearchAttributeKey.for_keyword("TechnicianId")
CLIENT_ID = SearchAttributeKey.for_keyword("ClientId")
APPOINTMENT = SearchAttributeKey.for_datetime("Appointment")
DISPUTED = SearchAttributeKey.for_bool("Disputed")
PAYOUT_MONTH = SearchAttributeKey.for_keyword("PayoutMonth")

KEYS: tuple[SearchAttributeKey[Any], ...] = (
    TICKET_NUMBER,
    TICKET_STATUS,
    TECHNICIAN_ID,
    CLIENT_ID,
    APPOINTMENT,
    DISPUTED,
    PAYOUT_MONTH,
)

# Name to type (a value of Temporal's `IndexedValueType`), for the setting up of a namespace.
ALL: dict[str, int] = {key.name: int(key.indexed_value_type) for key in KEYS}
