"""How a chargeback's workflow is started, by the first notice of it, whichever comes first."""

from typing import TypedDict

from temporalio.common import WorkflowIDReusePolicy

from domain.chargebacks import ChargebackRequest
from domain.ids import chargeback_workflow_id
from workflows import wording


class StartOptions(TypedDict):
    id: str
    id_reuse_policy: WorkflowIDReusePolicy
    static_summary: str
    static_details: str


def start_options(request: ChargebackRequest) -> StartOptions:
    """One that is over is begun again: the bank may have changed its mind, or else nothing new is found."""
    return StartOptions(
        id=chargeback_workflow_id(request.chargeback),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=wording.CHARGEBACK_SUMMARY,
        static_details=wording.CHARGEBACK_DETAILS,
    )
