"""How the look at a technician's account is begun, by a notice of it."""

from typing import TypedDict

from temporalio.common import WorkflowIDReusePolicy

from domain.ids import account_workflow_id
from domain.payees import AccountRequest
from workflows import wording


class StartOptions(TypedDict):
    id: str
    id_reuse_policy: WorkflowIDReusePolicy
    static_summary: str
    static_details: str


def start_options(request: AccountRequest) -> StartOptions:
    return StartOptions(
        id=account_workflow_id(request.reference),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=wording.ACCOUNT_SUMMARY,
        static_details=wording.ACCOUNT_DETAILS,
    )
