"""How the mailing of a sign-in link is started."""

from domain.ids import sign_in_workflow_id
from domain.sign_ins import LINK_LASTS, SignInRequest
from workflows import wording
from workflows.starting import BoundedStart


def start_options(request: SignInRequest) -> BoundedStart:
    """Given up when the link is dead, whether or not a worker came: a late one would only confuse."""
    return BoundedStart(
        id=sign_in_workflow_id(request.link_id),
        execution_timeout=LINK_LASTS,
        static_summary=wording.SIGN_IN_SUMMARY,
        static_details=wording.SIGN_IN_DETAILS,
    )
