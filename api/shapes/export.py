"""All that is kept about a person, as one file: who they are, what they did, what was done for them."""

from typing import Any

from pydantic import ConfigDict

from api.shapes.common import Labelled, Moment, Shape
from api.shapes.export_money import (
    BankOrderRow,
    ChargebackRow,
    ContestRow,
    CreditNoteRow,
    DocumentRow,
    GainRow,
    GainRulingRow,
    InvoiceRow,
    PayeeRow,
    PaymentAttemptRow,
    PaymentRow,
    RefundSentRow,
    StatementRow,
    TransferReversalRow,
    YearDeclared,
)
from api.shapes.refunds import RefundView
from api.shapes.tickets import TicketView


class Account(Shape):
    id: str
    role: Labelled
    name: str
    mail: str
    active: bool
    created_at: Moment


class SignInRow(Shape):
    began_at: Moment
    seen_at: Moment
    revoked_at: Moment | None
    device: str
    second_factor: Labelled | None
    second_factor_at: Moment | None


class AcceptedTextRow(Shape):
    """A version of a text that the person accepted, or was shown, at the sign-up or since (`by_team`: on the
    telephone)."""

    text: Labelled
    version: str
    accepted_at: Moment
    by_team: bool


class ApplicationRow(Shape):
    """To become a technician: `levels` are what the person said of themselves, by skill; `reason` is that of
    a refusal."""

    name: str
    mail: str
    levels: dict[str, int]
    text: str
    privacy: str
    asked_at: Moment
    decided_at: Moment | None
    reason: str | None


class IdentityRow(Shape):
    """Who the person is at a service by which they sign in."""

    issuer: str
    subject: str
    linked_at: Moment
    used_at: Moment | None
    removed_at: Moment | None


class ErasureRow(Shape):
    """That the person asked for their account to be erased."""

    asked_by: Labelled
    asked_at: Moment
    due_at: Moment
    withdrawn_at: Moment | None
    erased_at: Moment | None


class AuthenticatorRow(Shape):
    """The application that makes the person's codes; its secret would only help to forge them."""

    confirmed_at: Moment


class SignInLinkRow(Shape):
    asked_at: Moment
    used_at: Moment | None


class MessagePreferencesRow(Shape):
    """None at all for who has chosen nothing: they are told everything."""

    sms: bool
    reminders: bool
    phone: str | None
    chosen_at: Moment


class MailRow(Shape):
    """`ticket` is null for a message that is not about one; `refused_at` is when the person's mail server
    said that it never would take it."""

    kind: str
    ticket: str | None
    channel: Labelled
    sent_at: Moment | None
    refused_at: Moment | None


class WritingRow(Shape):
    """What the person wrote or gave, field by field; null for a colleague's, which is about others."""

    id: str
    kind: Labelled
    body: dict[str, str] | None
    recorded_at: Moment


class ImageRow(Shape):
    """`link` is where the image itself is, null while it is attached to no ticket."""

    id: str
    writing: str | None
    content_type: str
    width: int
    height: int
    bytes: int
    sha256: str
    recorded_at: Moment
    link: str | None


class ActRow(Shape):
    """What the person did on a ticket, or the team did on their behalf (`by_team`)."""

    ticket: str
    at: Moment
    act: Labelled
    before: Labelled
    after: Labelled
    by_team: bool


class CardRow(Shape):
    """The card itself is kept by the payment provider, under these references."""

    label: str | None
    saved_at: Moment | None
    customer_reference: str
    card_reference: str | None


class ConsentRow(Shape):
    ticket: str
    session: int
    text_version: str
    given_at: Moment
    anydesk_id: str | None


class RefundCaseRow(RefundView):
    ticket: str
    invoice: str


class BookingRow(Shape):
    start: Moment
    end: Moment
    state: str
    skill: str
    ticket: str | None
    session: int | None
    hold_expires_at: Moment | None


class SessionRow(Shape):
    ticket: str
    number: int
    started_at: Moment
    ended_at: Moment | None
    ended_by: Labelled | None


class RemoteControlRow(Shape):
    """As the log of remote control has it."""

    ticket: str
    session: int
    started_at: Moment
    ended_at: Moment
    seconds: int


class ReportRow(Shape):
    ticket: str
    session: int
    text: str | None
    declared_minutes: int
    measured_minutes: int
    billed_slices: int
    filed_at: Moment


class ReviewRow(Shape):
    """Given again, it is another one: the last counts."""

    ticket: str
    number: int
    stars: int
    comment: str | None
    given_at: Moment


class SkillRow(Shape):
    code: str
    label: str
    level: int


class WorkingHoursRow(Shape):
    """Monday is 0; hours are those of Paris."""

    weekday: int
    opens: str
    closes: str


class LeaveRow(Shape):
    start: Moment
    end: Moment
    by_myself: bool
    recorded_at: Moment


class DraftRow(Shape):
    ticket: str
    text: str
    declared_minutes: int | None
    saved_at: Moment


class AccessRow(Shape):
    """Who of us read or changed something of the person's: their role, never their name."""

    at: Moment
    kind: Labelled
    role: Labelled


class OwnAccessRow(Shape):
    """What the person read or did of others, without whom."""

    at: Moment
    kind: Labelled


class Explained(Shape):
    """What article 15 of the GDPR wants told beside the data: a heading and its sentences."""

    heading: str
    paragraphs: list[str]


# A client who has just signed in for the first time.
EMPTY = (
    "erasures accepted_texts applications identities authenticators sign_in_links "
    "message_preferences mails tickets "
    "bookings consents sessions remote_controls reports reviews writings images acts cards invoices "
    "credit_notes payments payment_attempts refunds refunds_sent chargebacks skills working_hours "
    "leaves drafts gains gain_rulings refund_gain_rulings statements bank_orders transfer_reversals contests "
    "declarations documents accesses own_accesses"
)
EXAMPLE: dict[str, Any] = {
    **{part: [] for part in EMPTY.split()},
    "made_at": "2026-11-24T10:00:00+01:00",
    "explained": [
        {"heading": "Vos droits", "paragraphs": ["Vous pouvez demander la rectification de vos données."]}
    ],
    "account": {
        "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11",
        "role": {"code": "client", "label": "client"},
        "name": "Claire Petit",
        "mail": "claire.petit@example.fr",
        "active": True,
        "created_at": "2026-11-23T16:00:00+01:00",
    },
    "sign_ins": [
        {
            "began_at": "2026-11-24T09:58:00+01:00",
            "seen_at": "2026-11-24T09:58:00+01:00",
            "revoked_at": None,
            "device": "Firefox, Windows",
            "second_factor": None,
            "second_factor_at": None,
        }
    ],
    "payee": None,
}


class PersonalData(Shape):
    """Everything kept about one person that is theirs to see. A part that does not concern their role is
    empty. Amounts are euro cents; `tickets` are as their own pages show them, without what may be done next;
    a technician's without the client's telephone number and codes."""

    made_at: Moment
    explained: list[Explained]
    account: Account
    accepted_texts: list[AcceptedTextRow]
    applications: list[ApplicationRow]
    identities: list[IdentityRow]
    authenticators: list[AuthenticatorRow]
    erasures: list[ErasureRow]
    sign_ins: list[SignInRow]
    sign_in_links: list[SignInLinkRow]
    message_preferences: list[MessagePreferencesRow]
    mails: list[MailRow]
    tickets: list[TicketView]
    bookings: list[BookingRow]
    consents: list[ConsentRow]
    sessions: list[SessionRow]
    remote_controls: list[RemoteControlRow]
    reports: list[ReportRow]
    reviews: list[ReviewRow]
    writings: list[WritingRow]
    images: list[ImageRow]
    acts: list[ActRow]
    cards: list[CardRow]
    invoices: list[InvoiceRow]
    credit_notes: list[CreditNoteRow]
    payments: list[PaymentRow]
    payment_attempts: list[PaymentAttemptRow]
    refunds: list[RefundCaseRow]
    refunds_sent: list[RefundSentRow]
    chargebacks: list[ChargebackRow]
    skills: list[SkillRow]
    working_hours: list[WorkingHoursRow]
    leaves: list[LeaveRow]
    drafts: list[DraftRow]
    payee: PayeeRow | None
    gains: list[GainRow]
    gain_rulings: list[GainRulingRow]
    refund_gain_rulings: list[GainRulingRow]
    statements: list[StatementRow]
    bank_orders: list[BankOrderRow]
    transfer_reversals: list[TransferReversalRow]
    contests: list[ContestRow]
    declarations: list[YearDeclared]
    documents: list[DocumentRow]
    accesses: list[AccessRow]
    own_accesses: list[OwnAccessRow]

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
