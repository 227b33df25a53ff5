"""How what concerns a technician's account is begun: the look at it by a notice, its page by its owner."""

from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy

from domain.ids import account_page_workflow_id, account_workflow_id
from domain.payees import AccountPageRequest, AccountRequest
from workflows import wording
from workflows.search_attributes import TECHNICIAN_ID
from workflows.starting import RepeatableSearchableStart, RepeatableStart


def start_options(request: AccountRequest) -> RepeatableStart:
    return RepeatableStart(
        id=account_workflow_id(request.reference),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=wording.ACCOUNT_SUMMARY,
        static_details=wording.ACCOUNT_DETAILS,
    )


def page_start_options(request: AccountPageRequest, request_id: str) -> RepeatableSearchableStart:
    """The same asking twice is one. That of which no link came may be begun anew."""
    return RepeatableSearchableStart(
        id=account_page_workflow_id(request.technician_id, request_id),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        search_attributes=TypedSearchAttributes([SearchAttributePair(TECHNICIAN_ID, request.technician_id)]),
        static_summary=wording.ACCOUNT_PAGE_SUMMARY,
        static_details=wording.ACCOUNT_PAGE_DETAILS,
    )
