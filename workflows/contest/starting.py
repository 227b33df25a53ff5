"""How the contest of a statement is started: its id, and what the Temporal UI shows of it."""

from domain.contests import ContestRequest
from domain.ids import contest_workflow_id
from workflows import wording
from workflows.starting import StartOptions


def start_options(request: ContestRequest) -> StartOptions:
    """A statement is contested once."""
    return StartOptions(
        id=contest_workflow_id(request.statement),
        static_summary=wording.contest_summary(request.statement),
        static_details=wording.CONTEST_DETAILS,
    )
