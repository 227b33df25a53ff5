"""How the reading of a bank's message is started: its id, and what the Temporal UI shows of it."""

from domain.bank_steps import BankMessageRequest
from domain.ids import bank_message_workflow_id
from workflows.bank import wording
from workflows.starting import StartOptions


def start_options(request: BankMessageRequest) -> StartOptions:
    """The id is made of the message's own bytes: brought twice, it is read once."""
    return StartOptions(
        id=bank_message_workflow_id(request.sha256),
        static_summary=wording.SUMMARY,
        static_details=wording.DETAILS,
    )
