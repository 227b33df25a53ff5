"""What a mail about a ticket may say. Never a phone number, an AnyDesk id, a code or a free text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.chargebacks import ChargebackStatus
from domain.refunds import RefundKind, RefundStatus
from domain.rulings import GainKind, RulingKind
from domain.tariff import Tariff
from domain.ticket_steps import Evidence
from domain.tickets import Status


@dataclass(frozen=True)
class PersonFacts:
    """`active` false: the account was closed, nothing is sent any more."""

    id: str
    name: str
    mail: str
    active: bool


@dataclass(frozen=True)
class SessionFacts:
    """The latest session of the ticket."""

    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ReportFacts:
    """The report of the latest session."""

    declared_minutes: int
    measured_minutes: int
    evidence: Evidence
    billed_slices: int
    credible: bool
    filed_at: datetime


class SuspensionCase(StrEnum):
    """Why a ticket was suspended last. The free session is the one that a ruling has given the client."""

    DISPUTE = "dispute"
    INVOICE_DISPUTE = "invoice_dispute"
    DURATION = "duration"
    FREE_SESSION_ABSENT = "free_session_absent"
    FREE_SESSION_CANCELLED = "free_session_cancelled"
    FREE_SESSION_NOBODY = "free_session_nobody"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class RulingFacts:
    """The latest ruling; `minutes` only where it reduces what is billed."""

    kind: RulingKind
    minutes: int | None
    ruled_at: datetime


@dataclass(frozen=True)
class GainRulingFacts:
    """The ruling on the latest session of one technician."""

    kind: GainKind
    minutes: int | None


@dataclass(frozen=True)
class InvoiceFacts:
    """`due_cents` is what its credit notes leave of the total, VAT included, whether paid or not."""

    number: str
    issued_at: datetime
    minutes: int
    slices: int
    unit_ttc_cents: int
    vat_bp: int
    total_ht_cents: int
    total_vat_cents: int
    total_ttc_cents: int
    due_cents: int
    is_paid: bool = False


@dataclass(frozen=True)
class RefundFacts:
    """The refund case that the notice is about. The amount is what goes back; `failure` is why it did not."""

    status: RefundStatus
    kind: RefundKind | None
    amount_cents: int | None
    credit_note: str | None
    failure: str | None


@dataclass(frozen=True)
class CreditFacts:
    """A credit note; `due_cents` is what all credit notes so far leave of the invoice."""

    number: str
    issued_at: datetime
    total_ht_cents: int
    total_vat_cents: int
    total_ttc_cents: int
    due_cents: int


@dataclass(frozen=True)
class ChargebackFacts:
    """The chargeback that the notice is about. One that is lost and never answered was given in to."""

    status: ChargebackStatus
    is_inquiry: bool
    reason: str
    amount_cents: int
    answer_by: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True)
class ChargeFacts:
    """The latest try of the card: `refusal` is the provider's code, None when accepted. `attempts` counts
    those of the calendar, and `first_tried_at` was the first of them."""

    attempts: int
    refusal: str | None
    first_tried_at: datetime


@dataclass(frozen=True)
class NoticeFacts:
    """`technician` is the ticket's own, `named` the one whom the notice names instead, `last_technician` the
    one who held the latest session. `first_slices` are those of the first session's report: later sessions
    are free. `reduced_minutes` are those of the latest ruling that reduced what is billed. `gain_rulings`
    goes by technician, as does what they earn of the ticket, all corrections counted. `undocumented` are the
    numbers of the invoice and the credit notes without a document yet, `owed_back_cents` what we have of
    the client's money, once an invoice is paid, beyond what is due."""

    ticket: str
    status: Status
    skill: str
    opened_at: datetime
    appointment_start: datetime
    appointment_end: datetime
    flexible: bool
    sequence: int
    ceiling_minutes: int
    tariff: Tariff
    wrong_codes: int
    called_at: datetime | None
    suspension: SuspensionCase | None
    client: PersonFacts
    technician: PersonFacts | None
    named: PersonFacts | None
    last_technician: PersonFacts | None
    session: SessionFacts | None
    report: ReportFacts | None
    first_slices: int | None
    ruling: RulingFacts | None
    reduced_minutes: int | None
    invoice: InvoiceFacts | None
    charge: ChargeFacts | None
    card_label: str | None
    refund: RefundFacts | None = None
    chargeback: ChargebackFacts | None = None
    gain_rulings: Mapping[str, GainRulingFacts] = field(default_factory=dict)
    earned_cents: Mapping[str, int] = field(default_factory=dict)
    owed_back_cents: int = 0
    credits: tuple[CreditFacts, ...] = ()
    undocumented: tuple[str, ...] = ()

    @property
    def concerned(self) -> PersonFacts | None:
        """The technician that the notice is about."""
        return self.named or self.technician

    @property
    def is_free(self) -> bool:
        """Whether the session to come, or the last one, is a free one after a ruling."""
        return self.ruling is not None and self.ruling.kind is RulingKind.REWORK

    @property
    def expected_slices(self) -> int:
        """What the client would be billed: as ruled, or else as the first session was reported."""
        if self.reduced_minutes is not None:
            most = self.ceiling_minutes // self.tariff.slice_minutes
            return min(self.tariff.slices(self.reduced_minutes), most)
        return self.first_slices or 0
