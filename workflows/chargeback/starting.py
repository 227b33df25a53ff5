"""How a chargeback's workflow is started, by the first notice of it, whichever comes first."""

from temporalio.common import WorkflowIDReusePolicy

from domain.chargebacks import ChargebackRequest
from domain.ids import chargeback_workflow_id
from workflows import wording
from workflows.starting import RepeatableStart


def start_options(request: ChargebackRequest) -> RepeatableStart:
    """One that is over is begun again: the bank may have changed its mind, or else nothing new is found."""
    return RepeatableStart(
        id=chargeback_workflow_id(request.chargeback),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=wording.CHARGEBACK_SUMMARY,
        static_details=wording.CHARGEBACK_DETAILS,
    )
