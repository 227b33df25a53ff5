"""The payment provider's events: which concern a workflow, which are known and of no use, and no others.

One that is in neither table is parked and counted, so that somebody looks: it may be money.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain import ids


@dataclass(frozen=True)
class Concern:
    """Whom an event concerns. `mark` is the id, among those written on its object, that says which one;
    `workflow` makes the workflow's id of it; `signal` is the hint that it gets. `begins` tells what the first
    notice begins, whichever that is; None where a workflow has been waiting for it."""

    mark: str
    workflow: Callable[[str], str]
    signal: str
    begins: Callable[[str], "Begins | None"] = lambda _: None


class Begins(StrEnum):
    """A process that nobody asks for: the provider's notices begin it."""

    CHARGEBACK = "chargeback"
    EXCESS = "excess"
    ACCOUNT = "account"
    TRANSFER = "transfer"


def _of_refund(key: str) -> Begins | None:
    """A case's own workflow sent the money and waits; an excess was sent by the ticket's, which is over."""
    return Begins.EXCESS if ids.refunded_by(key)[1] == 0 else None


CONCERNS: dict[str, Concern] = {
    "payment_intent.succeeded": Concern("ticket", ids.ticket_workflow_id, "payment_news"),
    "refund.updated": Concern("refund", ids.refund_workflow_of, "refund_news", _of_refund),
    "refund.failed": Concern("refund", ids.refund_workflow_of, "refund_news", _of_refund),
    **dict.fromkeys(
        (
            "charge.dispute.created",
            "charge.dispute.updated",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.funds_reinstated",
            "charge.dispute.closed",
        ),
        Concern("object", ids.chargeback_workflow_id, "chargeback_news", lambda _: Begins.CHARGEBACK),
    ),
    "account.updated": Concern("object", ids.account_workflow_id, "account_news", lambda _: Begins.ACCOUNT),
    "transfer.reversed": Concern(
        "payout", ids.transfer_workflow_id, "transfer_news", lambda _: Begins.TRANSFER
    ),
    "checkout.session.completed": Concern("card_page", ids.card_workflow_of_page, "page_news"),
}

ANSWERED = "the answer to our own request says so"
PAYMENT_TELLS = "the payment's own event tells the same"
PAGE_TELLS = "the card page's own event tells the same"
NOT_KEPT = "nothing of it is kept here"

# Known, and of no use: each with the reason.
IGNORED: dict[str, str] = {
    "payment_intent.created": ANSWERED,
    "payment_intent.canceled": ANSWERED,
    "payment_intent.payment_failed": ANSWERED,
    "payment_intent.requires_action": ANSWERED,
    "payment_intent.processing": "its end has an event of its own",
    "charge.succeeded": PAYMENT_TELLS,
    "charge.failed": PAYMENT_TELLS,
    "charge.updated": PAYMENT_TELLS,
    "charge.refunded": ANSWERED,
    "charge.refund.updated": "the refund's own event tells the same",
    "refund.created": ANSWERED,
    "transfer.created": ANSWERED,
    "transfer.updated": ANSWERED,
    "checkout.session.expired": "a page that nobody used ends by itself, a day after it was opened",
    "setup_intent.created": PAGE_TELLS,
    "setup_intent.succeeded": PAGE_TELLS,
    "setup_intent.requires_action": PAGE_TELLS,
    "setup_intent.setup_failed": PAGE_TELLS,
    "setup_intent.canceled": PAGE_TELLS,
    "payment_method.attached": PAGE_TELLS,
    "payment_method.detached": NOT_KEPT,
    "payment_method.updated": NOT_KEPT,
    "payment_method.automatically_updated": NOT_KEPT,
    "customer.created": ANSWERED,
    "customer.updated": NOT_KEPT,
    "customer.deleted": ANSWERED,
    "file.created": ANSWERED,
    "balance.available": "the balance is read every quarter of an hour",
    "payout.created": "the balance's own entries tell, once the money has left",
    "payout.updated": "the balance's own entries tell",
    "payout.paid": "the balance's own entries tell",
    "payout.failed": "the balance's own entries tell",
    "payout.reconciliation_completed": NOT_KEPT,
}


class UnknownEvent(Exception):
    """An event of a kind that nobody has decided about."""


class Unaddressed(Exception):
    """An event that somebody waits for, without the mark that says who."""


@dataclass(frozen=True)
class Recipient:
    """A workflow and the signal it gets; `begins` as its `Concern` says."""

    workflow: str
    signal: str
    begins: Begins | None = None


def recipient(kind: str, subject: Mapping[str, str]) -> Recipient | None:
    """The workflow that an event concerns; None for one that is known and of no use.

    Raises `UnknownEvent`, and `Unaddressed` when what we write on each of our payments and card pages is not
    on it.
    """
    if kind in IGNORED:
        return None
    if (concern := CONCERNS.get(kind)) is None:
        raise UnknownEvent
    if (mark := subject.get(concern.mark)) is None:
        raise Unaddressed
    begins = concern.begins(mark)
    # A chargeback must say of which payment it is.
    if begins is Begins.CHARGEBACK and "intent" not in subject:
        raise Unaddressed
    return Recipient(concern.workflow(mark), concern.signal, begins)


def begins(kind: str, subject: Mapping[str, str]) -> bool:
    """Whether a process may owe its beginning to such an event."""
    try:
        of = recipient(kind, subject)
    except (UnknownEvent, Unaddressed):
        return False
    return of is not None and of.begins is not None
