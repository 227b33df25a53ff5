"""How a ticket's workflow is started: its id, and what the Temporal UI shows of it from the first moment."""

from temporalio.common import SearchAttributePair, TypedSearchAttributes

from domain.ids import ticket_workflow_id
from domain.messages import TicketRequest
from domain.tickets import Status
from workflows import wording
from workflows.search_attributes import APPOINTMENT, CLIENT_ID, DISPUTED, TICKET_NUMBER, TICKET_STATUS
from workflows.starting import SearchableStart


def start_options(request: TicketRequest, public_url: str | None = None) -> SearchableStart:
    """`public_url` is where the pages are: whoever reads of the ticket in the Temporal UI is led to its case
    file."""
    return SearchableStart(
        id=ticket_workflow_id(request.number),
        search_attributes=TypedSearchAttributes(
            [
                SearchAttributePair(TICKET_NUMBER, request.number),
                SearchAttributePair(TICKET_STATUS, Status.REQUESTED.value),
                SearchAttributePair(CLIENT_ID, request.client_id),
                SearchAttributePair(APPOINTMENT, request.start),
                SearchAttributePair(DISPUTED, False),
            ]
        ),
        static_summary=wording.ticket_summary(request.number, request.skill),
        static_details=wording.ticket_details(
            request.number, request.start, request.ceiling_minutes, request.deadlines, public_url
        ),
    )
