"""What steps refer to and only the API had written: texts and clients. Temporal has only their ids."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from db.models.tickets import SubmissionKind
from deploy.recovery.histories import Step
from deploy.recovery.remembered import act_of
from domain.ticket_steps import Cause

# What the submission of a step is, where a step has one of a kind only.
KINDS = {
    "record_consent": SubmissionKind.ANYDESK_ID,
    "file_report": SubmissionKind.REPORT,
    "record_review": SubmissionKind.REVIEW,
    "suspend": SubmissionKind.DISPUTE,
    "suspend_without_dispute": SubmissionKind.CANCEL,
    "close": SubmissionKind.CANCEL,
    "record_reason": SubmissionKind.INCIDENT,
    "write_off": SubmissionKind.WRITE_OFF,
    "open_refund": SubmissionKind.REFUND,
    "settle_refund": SubmissionKind.REFUND_RULING,
    "answer_chargeback": SubmissionKind.CHARGEBACK,
    "concede_chargeback": SubmissionKind.CHARGEBACK,
    "record_contest": SubmissionKind.CONTEST,
}
SOUGHT = {Cause.DECLINE: SubmissionKind.DECLINE, Cause.REASSIGN: SubmissionKind.REASSIGN}


class Text(NamedTuple):
    id: str
    kind: SubmissionKind
    author: str | None


def texts_of(step: Step) -> Iterator[Text]:
    """Every text that a step names."""
    act = act_of(step)
    author = act.actor.id if act is not None else None
    for identifier, kind in _named(step):
        if identifier is not None:
            yield Text(identifier, kind, author if kind is not SubmissionKind.REQUEST else _client(step))


def _named(step: Step) -> Iterable[tuple[str | None, SubmissionKind]]:
    message: Any = step.message
    match step.name:
        case "book":
            yield message.request.submission_id, SubmissionKind.REQUEST
        case "find_technician" if message.cause in SOUGHT:
            yield message.submission_id, SOUGHT[message.cause]
        case "open_run":
            yield message.request.reason_id, SubmissionKind.PAYOUT_REASON
        case "take_back_transfer":
            yield message.asked.reason_id, SubmissionKind.PAYOUT_REASON
        case "rule_refund":
            yield message.ruled.submission_id, SubmissionKind.REFUND_RULING
        case "answer_contest":
            yield message.answered.submission_id, SubmissionKind.CONTEST_ANSWER
        case name if name in KINDS:
            yield message.submission_id, KINDS[name]
    review, ruling = getattr(message, "review", None), getattr(message, "ruling", None)
    if review is not None:
        yield review.submission_id, SubmissionKind.REVIEW
    if ruling is not None:
        yield ruling.submission_id, SubmissionKind.RULING


def _client(step: Step) -> str:
    return str(step.message.request.client_id)


def client_of(step: Step) -> str | None:
    """The client without whose account a step cannot be."""
    match step.name:
        case "book":
            return _client(step)
        case "open_card_page":
            return str(step.message.client_id)
        case _:
            return None
