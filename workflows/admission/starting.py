"""How a mail about coming in is started."""

from domain.admissions import AdmissionLetterRequest, lasts
from domain.ids import admission_workflow_id
from workflows import wording
from workflows.starting import BoundedStart


def start_options(request: AdmissionLetterRequest) -> BoundedStart:
    """Given up when it has become of no use, whether or not a worker came."""
    return BoundedStart(
        id=admission_workflow_id(request.kind, request.id),
        execution_timeout=lasts(request.kind),
        static_summary=wording.ADMISSION_SUMMARY,
        static_details=wording.ADMISSION_DETAILS[request.kind],
    )
