"""How a refund case is started, and what watches an excess: their ids, and what the Temporal UI shows of them
from the first moment."""

from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy

from domain.ids import refund_workflow_id
from domain.refunds import ExcessRequest, RefundRequest
from workflows import wording
from workflows.search_attributes import CLIENT_ID, TICKET_NUMBER
from workflows.starting import RepeatableStart, SearchableStart


def excess_start_options(request: ExcessRequest) -> RepeatableStart:
    """Under the number 0 that the excess has among the refunds of its invoice. One that is over is begun
    again by a later notice."""
    return RepeatableStart(
        id=refund_workflow_id(request.invoice, 0),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=wording.excess_summary(request.invoice),
        static_details=wording.EXCESS_DETAILS,
    )


def start_options(request: RefundRequest) -> SearchableStart:
    return SearchableStart(
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
