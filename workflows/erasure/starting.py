"""How an erasure is started: its id, and what the Temporal UI shows of it."""

from domain.erasures import ErasureRequest
from domain.ids import erasure_workflow_id
from workflows.erasure import wording
from workflows.starting import StartOptions


def start_options(request: ErasureRequest) -> StartOptions:
    """One that was withdrawn may be asked for anew, under the same id."""
    return StartOptions(
        id=erasure_workflow_id(request.person_id),
        static_summary=wording.SUMMARY,
        static_details=wording.DETAILS,
    )
