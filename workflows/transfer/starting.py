"""How the look at a payout's transfers is begun: by a notice of the provider's, or by finance."""

from temporalio.common import WorkflowIDReusePolicy

from domain.ids import transfer_workflow_id
from domain.reversals import TransferRequest
from workflows import wording
from workflows.starting import RepeatableStart


def start_options(request: TransferRequest) -> RepeatableStart:
    return RepeatableStart(
        id=transfer_workflow_id(request.payout),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=wording.TRANSFER_SUMMARY,
        static_details=wording.TRANSFER_DETAILS,
    )
