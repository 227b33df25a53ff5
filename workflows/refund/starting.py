"""How a refund case is started: its id, and what the Temporal UI shows of it from the first moment."""

from typing import TypedDict

from temporalio.common import SearchAttributePair, TypedSearchAttributes

from domain.ids import refund_workflow_id
from domain.refunds import RefundRequest
from workflows import wording
from workflows.search_attributes import CLIENT_ID, TICKET_NUMBER


class StartOptions(TypedDict):
    id: str
    search_attributes: TypedSearchAttributes
    static_summary: str
    static_details: str


def start_options(request: RefundRequest) -> StartOptions:
    return StartOptions(
        id=refund_workflow_id(request.invoice, request.n),
        search_attributes=TypedSearchAttributes(
            [
                SearchAttributePair(TICKET_NUMBER, request.ticket),
                SearchAttributePair(CLIENT_ID, request.client_id),
            ]
        ),
        static_summary=wording.refund_summary(request.invoice, request.n),
        static_details=wording.REFUND_DETAILS,
    )
