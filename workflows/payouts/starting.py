"""How a payout run is started, by whoever starts it: its id, and what the Temporal UI shows of it."""

from temporalio.common import SearchAttributePair, TypedSearchAttributes

from domain.ids import payout_run_workflow_id, payout_workflow_id
from domain.payout_steps import TechnicianOrder
from domain.payouts import PayoutRunRequest
from workflows.payouts import wording
from workflows.search_attributes import PAYOUT_MONTH, TECHNICIAN_ID
from workflows.starting import SearchableStart


def start_options(request: PayoutRunRequest) -> SearchableStart:
    """The id is the month's: a second start while a run is open is refused by the server, and one after its
    end is a rerun."""
    return SearchableStart(
        id=payout_run_workflow_id(request.month),
        search_attributes=TypedSearchAttributes([SearchAttributePair(PAYOUT_MONTH, request.month)]),
        static_summary=wording.run_summary(request.month),
        static_details=wording.run_details(request),
    )


def technician_start_options(order: TechnicianOrder) -> SearchableStart:
    return SearchableStart(
        id=payout_workflow_id(order.month, order.technician_id),
        search_attributes=TypedSearchAttributes(
            [
                SearchAttributePair(PAYOUT_MONTH, order.month),
                SearchAttributePair(TECHNICIAN_ID, order.technician_id),
            ]
        ),
        static_summary=wording.technician_summary(order.month, order.technician_id),
        static_details=wording.technician_details(order.cut_off),
    )
