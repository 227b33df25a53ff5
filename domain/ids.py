"""Names of things: ticket numbers, workflow ids and idempotency keys, and their inverses.

Every key sent to a provider comes from business ids, so that a repeated step sends the same key.
"""

import hashlib
from datetime import datetime

from stdnum import verhoeff

from domain.errors import Refusal, Refused

TICKET_PREFIX = "ticket/"
CARD_PREFIX = "card/"
CARD_PAGE_PREFIX = "card-page:"
ACCOUNT_PAGE_PREFIX = "account-page/"


def ticket_number(sequence: int) -> str:
    """The 8 digits of the `sequence`-th ticket, the last one a check digit (Verhoeff: it catches every
    single misheard digit and every swap of two neighbours). `sequence` is 1 to 9,999,999."""
    if not 1 <= sequence <= 9_999_999:
        raise ValueError("ticket sequence out of range")
    digits = f"{sequence:07d}"
    return digits + verhoeff.calc_check_digit(digits)


def parse_ticket_number(spoken: str) -> str:
    """The number as said or typed (`4829 1573`), checked. Raises `Refused(INVALID_TICKET_NUMBER)`."""
    digits = "".join(spoken.split())
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit() or not verhoeff.is_valid(digits):
        raise Refused(Refusal.INVALID_TICKET_NUMBER)
    return digits


def format_ticket_number(number: str) -> str:
    """As it is read aloud: `4829 1573`."""
    return f"{number[:4]} {number[4:]}"


def ticket_number_or_none(text: object) -> str | None:
    """The number, or None for whatever else: a part of an address may be anything."""
    try:
        return parse_ticket_number(text) if isinstance(text, str) else None
    except Refused:
        return None


def ticket_workflow_id(number: str) -> str:
    return TICKET_PREFIX + number


def ticket_of_workflow(workflow_id: str) -> str:
    """The number of the ticket whose workflow has this id."""
    return workflow_id.removeprefix(TICKET_PREFIX)


def card_workflow_id(client_id: str, request_id: str) -> str:
    """One saving of a card; `request_id` comes from the client's idempotency key."""
    return f"{CARD_PREFIX}{client_id}/{request_id}"


def payout_run_workflow_id(month: str) -> str:
    return f"payouts/{month}"


def payout_workflow_id(month: str, technician_id: str) -> str:
    return f"payouts/{month}/{technician_id}"


def bank_message_workflow_id(sha256: str) -> str:
    return f"bank-message/{sha256}"


def update_id(actor_id: str, command: str, idempotency_key: str) -> str:
    """The Temporal update id of one command of one person. The actor and command are part of it because
    the server answers a repeated id with the first outcome, whoever asks."""
    return hashlib.sha256(f"{actor_id}\n{command}\n{idempotency_key}".encode()).hexdigest()[:40]


def customer_key(client_id: str) -> str:
    return f"customer:{client_id}"


def card_page_key(workflow_id: str) -> str:
    return CARD_PAGE_PREFIX + workflow_id


def card_workflow_of_page(key: str) -> str:
    """The workflow that opened the page with this key."""
    return key.removeprefix(CARD_PAGE_PREFIX)


def intent_key(invoice: str) -> str:
    """One PaymentIntent per invoice, ever."""
    return f"intent:{invoice}"


def confirm_key(invoice: str, attempt: int) -> str:
    """The same key for transport retries of one attempt; a new attempt after a refusal has its own."""
    return f"confirm:{invoice}:{attempt}"


def refund_key(invoice: str, n: int, attempt: int) -> str:
    """One sending of money back: of a case, or of the excess found by the ticket itself (number 0). A new
    attempt after the provider gave the money back has its own."""
    return f"refund:{invoice}:{n}:{attempt}"


def chargeback_workflow_id(reference: str) -> str:
    """`reference` is the provider's."""
    return f"chargeback/{reference}"


def chargeback_answer_key(reference: str, answer_by: datetime | None) -> str:
    """A bank reads one answer; an inquiry that becomes a chargeback has another date, and asks for more."""
    by = int(answer_by.timestamp()) if answer_by else 0
    return f"chargeback:{reference}:answer:{by}"


def chargeback_file_key(reference: str) -> str:
    return f"chargeback:{reference}:invoice"


def chargeback_concession_key(reference: str) -> str:
    return f"chargeback:{reference}:concession"


def refund_workflow_id(invoice: str, n: int) -> str:
    return f"refund/{invoice}/{n}"


def refund_workflow_of(key: str) -> str:
    """The workflow that watches what was sent back under this key."""
    return refund_workflow_id(*refunded_by(key))


def refunded_by(key: str) -> tuple[str, int]:
    """The invoice of which money was sent back under this key, and the number of its case; 0 is an excess."""
    _, invoice, n, _ = key.split(":")
    return invoice, int(n)


def transfers_queue(task_queue: str) -> str:
    """The task queue of transfers, beside that of everything else."""
    return f"{task_queue}-transfers"


def statement_number(series: int, sequence: int) -> str:
    """`AF0007-00012`: the number of a self-billed invoice, in the technician's own series."""
    return f"AF{series:04d}-{sequence:05d}"


def statement_sequence(number: str) -> int:
    """The place of a statement in its technician's series."""
    return int(number.rpartition("-")[2])


def amount_key(invoice: str, amount_cents: int) -> str:
    """The intent of an invoice set to what is left due of it."""
    return f"amount:{invoice}:{amount_cents}"


def cancel_key(invoice: str) -> str:
    return f"cancel:{invoice}"


def payout_key(month: str, technician_id: str, n: int) -> str:
    """One claim of one technician in one month: `payout:{YYYY-MM}:{technician}:{n}`."""
    return f"payout:{month}:{technician_id}:{n}"


def payout_number(key: str) -> int:
    """The `n` of a payout's key."""
    return int(key.rpartition(":")[2])


def transfer_workflow_id(payout: str) -> str:
    """What looks after the transfers of this payout, by its key."""
    return f"transfer/{payout}"


def reversal_key(payout: str, attempt: int, n: int) -> str:
    """Taking back the transfer that this attempt has sent; `n` counts from 1 and grows with each refusal."""
    return f"reversal:{payout}:{attempt}:{n}"


def contest_workflow_id(statement: str) -> str:
    """`statement` is its number; one is contested once."""
    return f"contest/{statement}"


def erasure_workflow_id(person_id: str, key: str) -> str:
    """`key` is that of the request; a person has one erasure at a time, but may ask again after a change of
    mind, while the mail about that is still on its way."""
    return f"erasure/{person_id}/{key}"


def sign_in_workflow_id(link_id: str) -> str:
    """The mailing of one sign-in link."""
    return f"sign-in/{link_id}"


def admission_workflow_id(kind: str, about: str) -> str:
    """One mail about coming in; `about` is the id of the row that it tells of."""
    return f"admission/{kind}/{about}"


def text_message_workflow_id(key: str) -> str:
    """One message by SMS; `key` is that of the notification it belongs to."""
    return f"sms/{key}"


def account_workflow_id(reference: str) -> str:
    """`reference` is the provider's."""
    return f"account/{reference}"


def account_key(technician_id: str) -> str:
    return f"account:{technician_id}"


def account_page_workflow_id(technician_id: str, request_id: str) -> str:
    """One asking for the provider's page; `request_id` comes from the technician's idempotency key."""
    return f"{ACCOUNT_PAGE_PREFIX}{technician_id}/{request_id}"


def account_page_key(workflow_id: str) -> str:
    """Of the one link that is made for this asking: each can be used once."""
    return f"account-page:{workflow_id.removeprefix(ACCOUNT_PAGE_PREFIX)}"


def account_details_key(page_key: str) -> str:
    """What we know of the technician, given to the provider before that page is opened."""
    return f"{page_key}:details"
