"""What a workflow is started with: its id, and what the Temporal UI shows of it from the first moment."""

from datetime import timedelta
from typing import TypedDict

from temporalio.common import TypedSearchAttributes, WorkflowIDReusePolicy


class StartOptions(TypedDict):
    id: str
    static_summary: str
    static_details: str


class RepeatableStart(StartOptions):
    """Where the same id may be used again, or may not, other than by default."""

    id_reuse_policy: WorkflowIDReusePolicy


class BoundedStart(StartOptions):
    """Where it is of no use any more after a time, whatever became of it."""

    execution_timeout: timedelta


class SearchableStart(StartOptions):
    search_attributes: TypedSearchAttributes


class RepeatableSearchableStart(RepeatableStart, SearchableStart):
    pass
