"""What a ticket's workflow says to the activities that move its money, and what they answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.rulings import Bill, EarnedGain
from domain.tariff import Tariff
from domain.ticket_steps import Act, RecordReview, Rule


@dataclass(frozen=True)
class Accept:
    """The intervention is accepted, by the client, by silence or by a ruling: gains born, invoice issued, at
    once. `ruling` is recorded with it, if it is one."""

    act: Act
    tariff: Tariff
    bill: Bill
    gains: tuple[EarnedGain, ...]
    review: RecordReview | None = None
    ruling: Rule | None = None


@dataclass(frozen=True)
class Accepted:
    invoice: str


@dataclass(frozen=True)
class Resettle:
    """A ruling, or a free session's acceptance, on a ticket that was invoiced before: what is now owed is
    `bill`, None for nothing. The invoice stands; the difference is credited, and gains are corrected."""

    act: Act
    name: str
    tariff: Tariff
    bill: Bill | None
    gains: tuple[EarnedGain, ...]
    review: RecordReview | None = None
    ruling: Rule | None = None


@dataclass(frozen=True)
class Resettled:
    """What is left to pay of the invoice. A credit note is for ever: nothing due stays nothing due.
    `credit_note` is the number of the one just issued, if any."""

    due_cents: int
    credit_note: str | None = None


@dataclass(frozen=True)
class MakeDocument:
    """Make the document of an invoice, a credit note or a statement, dated `at`."""

    number: str
    at: datetime


@dataclass(frozen=True)
class ChargeInvoice:
    """`attempt` counts from 1; the same attempt repeated collects nothing more. `by_hand` tells a try that
    somebody asked for from those of the calendar; with `return_url` the client is there to confirm it."""

    act: Act
    invoice: str
    attempt: int
    by_hand: bool = False
    return_url: str | None = None


@dataclass(frozen=True)
class ChargeAnswer:
    """`refusal` is the provider's code of a refused card, None when the money is on its way or the client is
    to confirm at `confirm_url`. `withheld` tells that the card was not tried at all: the ticket is suspended
    or closed, or nothing is due any more."""

    refusal: str | None = None
    confirm_url: str | None = None
    withheld: bool = False


@dataclass(frozen=True)
class CheckPayment:
    act: Act
    invoice: str


@dataclass(frozen=True)
class ChargeCancelled:
    """Whether nothing can be collected any more. `intent` is what was cancelled; None, there was none."""

    cancelled: bool
    intent: str | None = None


@dataclass(frozen=True)
class WriteOff:
    """What is left due of the invoice is given up. `submission_id` holds the reason, `cancelled` is the
    intent that was."""

    act: Act
    invoice: str
    submission_id: str
    cancelled: str | None


class PaymentState(StrEnum):
    PAID = "paid"
    WAIVED = "waived"
    ON_ITS_WAY = "on_its_way"
    REFUSED = "refused"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True)
class PaymentFound:
    """What the provider answered when it was asked."""

    state: PaymentState
