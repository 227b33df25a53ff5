"""A ticket, as lists and as its own page show it. What somebody may not see is null."""

from typing import Any

from pydantic import ConfigDict

from api.shapes.attachments import EXAMPLE as ATTACHMENT_EXAMPLE
from api.shapes.attachments import AttachmentShown
from api.shapes.common import Labelled, Moment, Named, Shape
from api.shapes.disputes import DisputeRaised, GainRuled, IncidentReported, RulingGiven, TakenOver

SUMMARY_EXAMPLE: dict[str, Any] = {
    "number": "00000420",
    "spoken_number": "0000 0420",
    "status": {"code": "scheduled", "label": "planifiée"},
    "outcome": None,
    "skill": {"code": "internet", "label": "Internet et Wi-Fi"},
    "start": "2026-11-24T10:00:00+01:00",
    "end": "2026-11-24T11:00:00+01:00",
    "ceiling_minutes": 60,
    "opened_at": "2026-11-23T16:12:08+01:00",
    "client": {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11", "name": "Claire Petit"},
    "technician": {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12", "name": "Thomas Leroy"},
}


class TicketSummary(Shape):
    number: str
    spoken_number: str
    status: Labelled
    outcome: Labelled | None
    skill: Labelled
    start: Moment
    end: Moment
    ceiling_minutes: int
    opened_at: Moment
    client: Named
    technician: Named | None


class Codes(Shape):
    """`technician_code` is what the technician says to prove who they are; `client_code` is what the client
    answers, and the technician types in."""

    technician_code: str
    client_code: str | None


class ConsentGiven(Shape):
    text_version: str
    given_at: Moment


class SessionHeld(Shape):
    """Those after the first are free. `ended_by` tells who or what ended it; null while it goes on."""

    number: int
    started_at: Moment
    ended_at: Moment | None
    ended_by: Labelled | None


class ReportFiled(Shape):
    session: int
    text: str | None
    attachments: list[AttachmentShown]
    declared_minutes: int
    measured_minutes: int
    billed_slices: int
    credible: bool
    evidence: Labelled
    filed_at: Moment


class ReviewGiven(Shape):
    stars: int
    comment: str | None
    given_at: Moment


class Prices(Shape):
    """Frozen at booking. Cents; the client's price includes VAT, the technician's rate does not."""

    tariff: str
    slice_minutes: int
    slice_price_ttc_cents: int | None
    slice_gain_ht_cents: int | None


class CreditNoteSummary(Shape):
    """What is no longer owed of the invoice. `document` is where its PDF is, null until it is made."""

    number: str
    issued_at: Moment
    total_ttc_cents: int
    document: str | None


class InvoiceSummary(Shape):
    """`document` is where its PDF is, null until it is made."""

    number: str
    total_ttc_cents: int
    payment: Labelled | None
    document: str | None
    credit_notes: list[CreditNoteSummary]


class GainSummary(Shape):
    session: int
    amount_cents: int
    accepted_at: Moment


class AssignmentReason(Shape):
    technician: Named
    reason: Labelled


class CallAnnounced(Shape):
    """Who will call the client, and when: anybody else who calls is not from here."""

    technician: str
    start: Moment


class Next(Shape):
    """Who must act now (`command` says what, if it is one on the ticket), by when, and what happens
    otherwise. Without `by` the wait has no end of its own."""

    who: Labelled
    command: Labelled | None
    by: Moment | None
    otherwise: Labelled


class TicketView(TicketSummary):
    """`actions` are the commands that this person may give now, as far as the status tells; `sequence` is
    that of the appointment's calendar entry; `dispute` the last of `disputes`;
    `attachments` the images of the request."""

    acknowledged_at: Moment | None
    called_at: Moment | None
    closed_at: Moment | None
    description: str | None
    attachments: list[AttachmentShown] | None
    phone: str | None
    anydesk_id: str | None
    codes: Codes | None
    consent: ConsentGiven | None
    sessions: list[SessionHeld]
    report: ReportFiled | None
    review: ReviewGiven | None
    dispute: DisputeRaised | None
    disputes: list[DisputeRaised] | None
    rulings: list[RulingGiven] | None
    gain_rulings: list[GainRuled] | None
    taken_over: TakenOver | None
    incidents: list[IncidentReported] | None
    prices: Prices
    invoice: InvoiceSummary | None
    gain: GainSummary | None
    wrong_codes: int | None
    assignment: list[AssignmentReason] | None
    sequence: int
    who_calls: CallAnnounced | None
    next: Next | None
    actions: list[str]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **SUMMARY_EXAMPLE,
                    "acknowledged_at": None,
                    "called_at": None,
                    "closed_at": None,
                    "description": "Plus de Wi-Fi dans la chambre depuis le changement de box.",
                    "attachments": [ATTACHMENT_EXAMPLE],
                    "phone": "+33612345678",
                    "anydesk_id": None,
                    "codes": {"technician_code": "4071", "client_code": "2958"},
                    "consent": None,
                    "sessions": [],
                    "report": None,
                    "review": None,
                    "dispute": None,
                    "disputes": [],
                    "rulings": [],
                    "gain_rulings": None,
                    "taken_over": None,
                    "incidents": None,
                    "prices": {
                        "tariff": "2026-01",
                        "slice_minutes": 15,
                        "slice_price_ttc_cents": 1500,
                        "slice_gain_ht_cents": None,
                    },
                    "invoice": None,
                    "gain": None,
                    "wrong_codes": None,
                    "assignment": None,
                    "sequence": 0,
                    "who_calls": {"technician": "Thomas Leroy", "start": "2026-11-24T10:00:00+01:00"},
                    "next": {
                        "who": {"code": "client", "label": "client"},
                        "command": {"code": "consent", "label": "consentir à la prise en main"},
                        "by": "2026-11-24T10:00:00+01:00",
                        "otherwise": {
                            "code": "no_session",
                            "label": "sans cet accord, la séance ne peut pas commencer",
                        },
                    },
                    "actions": ["reschedule", "cancel", "withdraw", "consent"],
                }
            ]
        }
    )


class TicketPage(Shape):
    """`next` is the cursor of the page after; null on the last one."""

    tickets: list[TicketSummary]
    next: str | None

    model_config = ConfigDict(json_schema_extra={"examples": [{"tickets": [SUMMARY_EXAMPLE], "next": None}]})
