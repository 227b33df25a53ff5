"""The money in the export of one's own data: what was bought, what was earned. Euro cents."""

from datetime import date

from api.shapes.common import Labelled, Moment, Shape


class InvoiceRow(Shape):
    number: str
    ticket: str
    issued_at: Moment
    minutes: int
    slices: int
    unit_ttc_cents: int
    vat_bp: int
    total_ht_cents: int
    total_vat_cents: int
    total_ttc_cents: int


class CreditNoteRow(Shape):
    number: str
    invoice: str
    issued_at: Moment
    slices: int
    total_ht_cents: int
    total_vat_cents: int
    total_ttc_cents: int


class PaymentRow(Shape):
    """`intent` is the payment provider's reference."""

    invoice: str
    intent: str
    status: Labelled
    collected_cents: int | None
    paid_at: Moment | None


class PaymentAttemptRow(Shape):
    """`refusal` is the code of the bank's refusal, null for a try that was accepted."""

    invoice: str
    attempt: int
    tried_at: Moment
    refusal: str | None
    by_hand: bool


class RefundSentRow(Shape):
    invoice: str
    amount_cents: int
    state: Labelled
    reference: str
    sent_at: Moment
    failed_at: Moment | None


class ChargebackRow(Shape):
    """A payment that the person contested at their bank."""

    invoice: str
    reference: str
    status: Labelled
    reason: str
    amount_cents: int
    opened_at: Moment
    closed_at: Moment | None


class PayeeRow(Shape):
    """A technician as somebody who is paid. Their own numbers are whole: the file is theirs."""

    account_reference: str | None
    vetted_at: Moment | None
    suspended_at: Moment | None
    series: int | None
    legal_name: str | None
    siren: str | None
    vat_number: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    is_company: bool | None
    first_name: str | None
    last_name: str | None
    birth_date: date | None
    tax_number: str | None
    mandate: str | None
    mandate_signed_at: Moment | None
    vigilance_until: date | None
    rail: Labelled | None
    iban: str | None
    wanted_rail: Labelled | None
    wanted_iban: str | None
    wanted_at: Moment | None
    account_ready: bool | None
    account_missing: str | None
    account_asked_at: Moment | None


class GainRow(Shape):
    """VAT excluded. Number 0 is the gain itself, the others correct it."""

    ticket: str
    session: int
    number: int
    slices: int
    amount_cents: int
    month: str
    accepted_at: Moment
    statement: str | None


class GainRulingRow(Shape):
    """What was decided of a session's gain."""

    ticket: str
    session: int
    kind: Labelled
    minutes: int | None


class StatementRow(Shape):
    number: str
    month: str
    issued_at: Moment
    total_cents: int
    vat_bp: int | None
    vat_cents: int
    status: Labelled | None
    rail: Labelled | None
    transfer: str | None
    paid_at: Moment | None


class BankOrderRow(Shape):
    reference: str
    name: str
    iban: str
    amount_cents: int
    state: Labelled
    ordered_at: Moment
    settled_on: date | None
    closed_at: Moment | None


class TransferReversalRow(Shape):
    transfer: str
    amount_cents: int
    at: Moment


class ContestRow(Shape):
    """`tickets` are those that the contest is about, none for all of the statement."""

    statement: str
    tickets: list[str]
    text: str | None
    asked_at: Moment
    answer: str | None
    outcome: Labelled | None
    answered_at: Moment | None


class YearDeclared(Shape):
    """A year of which the tax office is told; `link` is what it is told."""

    year: int
    link: str


class DocumentRow(Shape):
    """A PDF of record; `link` is where it is."""

    number: str
    kind: Labelled
    ticket: str | None
    sha256: str
    made_at: Moment
    link: str
