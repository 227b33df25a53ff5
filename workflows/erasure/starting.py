"""How an erasure is started: its id, and what the Temporal UI shows of it."""

from domain.erasures import ErasureRequest
from domain.ids import erasure_workflow_id
from workflows.erasure import wording
from workflows.starting import StartOptions


def start_options(request: ErasureRequest) -> StartOptions:
    return StartOptions(
        id=erasure_workflow_id(request.person_id, request.key),
        static_summary=wording.SUMMARY,
        static_details=wording.DETAILS,
    )
