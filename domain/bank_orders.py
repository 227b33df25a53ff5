"""What is known of one transfer ordered at the bank, as the bank's answers come in, in any order and more
than once.

Each answer is evidence of a strength of its own, and the strongest one counts. So the same answers end alike,
whichever comes first and however often: what a bank says of a transfer counts for more than what it says of
the whole file, an entry on our account more than a message, and money that came back most of all.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.bank_transfers import BankAnswer, BankAnswerKind
from domain.ledger import BANK, IN_TRANSIT, Posting, technician_payable

# The codes of a payout whose bank gave none.
BANK_REJECTED = "bank_rejected"
BANK_RETURNED = "bank_returned"
# Our own: no account of ours is known to order a transfer from.
BANK_NOT_CONFIGURED = "bank_not_configured"


class OrderState(StrEnum):
    """`waiting`: in no file yet that can be handed in; `ordered`: in one. The others are the bank's."""

    WAITING = "waiting"
    ORDERED = "ordered"
    SETTLED = "settled"
    REJECTED = "rejected"
    RETURNED = "returned"


OPEN = (OrderState.WAITING, OrderState.ORDERED)


@dataclass(frozen=True)
class Told:
    """`by_file`: the bank has said it of the whole file, not of this transfer."""

    state: OrderState
    by_file: bool = False

    def prevails_over(self, known: "Told") -> bool:
        return _STRENGTHS.index(self) > (-1 if known.state in OPEN else _STRENGTHS.index(known))


_STRENGTHS = (
    Told(OrderState.REJECTED, by_file=True),
    # One debit for all of a file has those not in it that were rejected by name.
    Told(OrderState.SETTLED, by_file=True),
    Told(OrderState.REJECTED),
    Told(OrderState.SETTLED),
    Told(OrderState.RETURNED),
)
_STATES = {
    BankAnswerKind.SETTLED: OrderState.SETTLED,
    BankAnswerKind.REJECTED: OrderState.REJECTED,
    BankAnswerKind.RETURNED: OrderState.RETURNED,
}


def told_by(answer: BankAnswer) -> Told | None:
    """None for what decides nothing: taken, which a rejection may still follow, or handed in twice."""
    state = _STATES.get(answer.kind)
    if state is None or answer.sent_before:
        return None
    return Told(state, by_file=answer.reference is None)


@dataclass(frozen=True)
class Order:
    """One sending of a payout, as the ledger needs it."""

    payout: str
    attempt: int
    technician_id: str
    cents: int


def ordered(order: Order) -> Posting:
    """From now on the bank is to pay it."""
    return _posting("sepa-sent", order, technician_payable(order.technician_id), IN_TRANSIT)


def postings(order: Order, before: OrderState, told: Told) -> tuple[Posting, ...]:
    """What the ledger needs once `told` prevails over what was known `before`. None of it is ever taken back:
    what turns out to be otherwise is corrected by a posting of its own."""
    match told.state:
        case OrderState.SETTLED:
            return _leaving(order, before, told)
        case OrderState.REJECTED:
            return _staying(order, before, told)
        case OrderState.RETURNED:
            back = _posting("sepa-returned", order, BANK, technician_payable(order.technician_id))
            return (*_leaving(order, before, told), back)
        case _:
            raise ValueError("no bank tells that")


def _leaving(order: Order, before: OrderState, told: Told) -> tuple[Posting, ...]:
    if before in OPEN:
        return (_posting("sepa-settled", order, IN_TRANSIT, BANK),)
    if before is OrderState.REJECTED:
        return (_correction(order, told, technician_payable(order.technician_id), BANK),)
    return ()


def _staying(order: Order, before: OrderState, told: Told) -> tuple[Posting, ...]:
    payable = technician_payable(order.technician_id)
    if before in OPEN:
        return (_posting("sepa-rejected", order, IN_TRANSIT, payable),)
    if before is OrderState.SETTLED:
        return (_correction(order, told, BANK, payable),)
    return ()


def _correction(order: Order, told: Told, debit: str, credit: str) -> Posting:
    """Each thing that is told prevails once, so that its name makes the key unique."""
    of = "file-" if told.by_file else ""
    posting = _posting("sepa-corrected", order, debit, credit)
    return Posting(f"{posting.key}:{of}{told.state.value}", posting.lines)


def _posting(kind: str, order: Order, debit: str, credit: str) -> Posting:
    return Posting(f"{kind}:{order.payout}:{order.attempt}", ((debit, order.cents), (credit, -order.cents)))
