"""How the contest of a statement is started: its id, and what the Temporal UI shows of it."""

from typing import TypedDict

from domain.contests import ContestRequest
from domain.ids import contest_workflow_id
from workflows import wording


class StartOptions(TypedDict):
    id: str
    static_summary: str
    static_details: str


def start_options(request: ContestRequest) -> StartOptions:
    """A statement is contested once."""
    return StartOptions(
        id=contest_workflow_id(request.statement),
        static_summary=wording.contest_summary(request.statement),
        static_details=wording.CONTEST_DETAILS,
    )
