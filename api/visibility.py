"""What each person may see of a ticket that they may see at all.

| | client | its technician | back office | finance |
|---|---|---|---|---|
| description, report, review, and images attached to them | yes | yes | yes | – |
| reasons of dissatisfaction, and their images | yes | – | yes | – |
| rulings / their reasons | yes / – | – | yes / yes | – |
| rulings on gains | – | of their own sessions | yes | – |
| incidents | – | their own | yes | – |
| phone number, AnyDesk id | their own | from shortly before the appointment until the report | – | – |
| technician's code / client's code, until the session | both | the technician's | – | – |
| invoice, credit notes, their documents and client's price | yes | – | yes | yes |
| gain / technician's rate | – | their own / yes | yes | yes |
| why this technician, wrong codes, who took over | – | – | yes | – |
| who calls, and when | until the session | – | – | – |

Contact details are for the technician who has the ticket now: one who lost it does not find it any more.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from api import french
from api.next_step import is_free, next_step
from api.seen_disputes import disputes, gain_rulings, incidents, rulings, taken_over
from api.shapes.attachments import AttachmentShown
from api.shapes.common import Labelled, Named
from api.shapes.tickets import (
    AssignmentReason,
    CallAnnounced,
    Codes,
    ConsentGiven,
    CreditNoteSummary,
    GainSummary,
    InvoiceSummary,
    Prices,
    ReportFiled,
    ReviewGiven,
    SessionHeld,
    TicketSummary,
    TicketView,
)
from api.shown_images import images_of
from db.models.tickets import Ticket
from db.reads.people import KnownPerson
from db.reads.ticket_file import TicketFile
from db.reads.tickets import TicketRow
from domain.deadlines import Deadlines
from domain.ids import format_ticket_number
from domain.opening_hours import OpeningHours
from domain.tickets import COMMAND_ROLES, LEGAL, Command, Role, Status

CONTACT_STATUSES = {Status.SCHEDULED, Status.IN_SESSION, Status.TO_REPORT}


def summary(row: TicketRow) -> TicketSummary:
    ticket = row.ticket
    return TicketSummary(
        number=ticket.number,
        spoken_number=format_ticket_number(ticket.number),
        status=Labelled(code=ticket.status, label=french.STATUSES[ticket.status]),
        outcome=Labelled(code=ticket.outcome, label=french.OUTCOMES[ticket.outcome])
        if ticket.outcome
        else None,
        skill=Labelled(code=ticket.skill, label=row.skill_label),
        start=ticket.appointment_start,
        end=ticket.appointment_end,
        ceiling_minutes=ticket.ceiling_minutes,
        opened_at=ticket.opened_at,
        client=Named(id=ticket.client_id, name=row.client_name),
        technician=Named(id=ticket.technician_id, name=row.technician_name)
        if ticket.technician_id and row.technician_name
        else None,
    )


def may_contact(ticket: Ticket, now: datetime, contact_window: timedelta) -> bool:
    """Whether the assigned technician may know how to reach the client: from shortly before the appointment
    until the report, and never while the ticket is suspended."""
    return ticket.status in CONTACT_STATUSES and now >= ticket.appointment_start - contact_window


def actions(person: KnownPerson, ticket: Ticket, file: TicketFile) -> list[str]:
    """The right to withdraw ended with the session that was to be paid for."""
    over = {Command.WITHDRAW} if is_free(file) else set()
    return [
        command.value
        for command in Command
        if person.role in COMMAND_ROLES[command] and ticket.status in LEGAL[command] and command not in over
    ]


def ticket_view(
    row: TicketRow,
    file: TicketFile,
    person: KnownPerson,
    names: Mapping[str, str],
    now: datetime,
    deadlines: Deadlines,
    hours: OpeningHours,
) -> TicketView:
    """`names` are those of the people that it names besides; see `TicketFile.names`."""
    ticket, role = row.ticket, person.role
    texts = role is not Role.FINANCE
    reachable = role is Role.CLIENT or (
        role is Role.TECHNICIAN
        and person.id == ticket.technician_id
        and may_contact(ticket, now, deadlines.contact_window)
    )
    raised = disputes(file, role)
    return TicketView(
        **dict(summary(row)),
        acknowledged_at=ticket.acknowledged_at,
        called_at=ticket.called_at,
        closed_at=ticket.closed_at,
        description=file.text(ticket.request_id, "description") if texts else None,
        attachments=images_of(file, ticket.request_id, "description") if texts else None,
        phone=file.text(ticket.request_id, "phone") if reachable else None,
        anydesk_id=_anydesk_id(file) if reachable else None,
        codes=_codes(ticket, role),
        consent=_consent(file),
        sessions=[
            SessionHeld(
                number=one.number,
                started_at=one.started_at,
                ended_at=one.ended_at,
                ended_by=Labelled(code=one.ended_by, label=french.ENDED_BY[one.ended_by])
                if one.ended_by
                else None,
            )
            for one in file.sessions
        ],
        report=_report(file) if texts else None,
        review=_review(file) if texts else None,
        dispute=raised[-1] if raised else None,
        disputes=raised,
        rulings=rulings(file, role),
        gain_rulings=gain_rulings(file, person),
        taken_over=taken_over(ticket, role, names),
        incidents=incidents(file, person, names),
        prices=_prices(file, role),
        invoice=_invoice(file) if role is not Role.TECHNICIAN else None,
        gain=_gain(file, person) if role is not Role.CLIENT else None,
        wrong_codes=ticket.wrong_codes if role is Role.BACK_OFFICE else None,
        assignment=_assignment(ticket, names) if role is Role.BACK_OFFICE else None,
        sequence=ticket.sequence,
        who_calls=_who_calls(row) if role is Role.CLIENT else None,
        next=next_step(ticket, file, now, deadlines, hours),
        actions=actions(person, ticket, file),
    )


def _who_calls(row: TicketRow) -> CallAnnounced | None:
    if row.ticket.status is not Status.SCHEDULED or row.technician_name is None:
        return None
    return CallAnnounced(technician=row.technician_name, start=row.ticket.appointment_start)


def attachments_in(view: TicketView) -> dict[str, AttachmentShown]:
    """The images that a view shows, by their id. Whoever has the view may see them, and nobody else."""
    shown = [
        *(view.attachments or []),
        *(view.report.attachments if view.report else []),
        *(image for dispute in view.disputes or [] for image in dispute.attachments),
    ]
    return {one.id: one for one in shown}


def _anydesk_id(file: TicketFile) -> str | None:
    return file.text(file.consent.submission_id, "anydesk_id") if file.consent else None


def _codes(ticket: Ticket, role: Role) -> Codes | None:
    """Both are of use until the session begins, and only then."""
    if ticket.status is not Status.SCHEDULED or not ticket.technician_code or not ticket.client_code:
        return None
    match role:
        case Role.CLIENT:
            return Codes(technician_code=ticket.technician_code, client_code=ticket.client_code)
        case Role.TECHNICIAN:
            return Codes(technician_code=ticket.technician_code, client_code=None)
        case _:
            return None


def _consent(file: TicketFile) -> ConsentGiven | None:
    given = file.consent
    return ConsentGiven(text_version=given.text_version, given_at=given.given_at) if given else None


def _report(file: TicketFile) -> ReportFiled | None:
    if not file.reports:
        return None
    last = file.reports[-1]
    return ReportFiled(
        session=last.session,
        text=file.text(last.submission_id, "text"),
        attachments=images_of(file, last.submission_id, "text"),
        declared_minutes=last.declared_minutes,
        measured_minutes=last.measured_minutes,
        billed_slices=last.billed_slices,
        credible=last.credible,
        evidence=Labelled(code=last.evidence, label=french.EVIDENCE[last.evidence]),
        filed_at=last.filed_at,
    )


def _review(file: TicketFile) -> ReviewGiven | None:
    review = file.review
    if review is None:
        return None
    comment = file.text(review.submission_id, "comment")
    return ReviewGiven(stars=review.stars, comment=comment, given_at=review.given_at)


def _prices(file: TicketFile, role: Role) -> Prices:
    tariff = file.tariff
    return Prices(
        tariff=tariff.version,
        slice_minutes=tariff.slice_minutes,
        slice_price_ttc_cents=tariff.price_ttc_cents if role is not Role.TECHNICIAN else None,
        slice_gain_ht_cents=tariff.technician_ht_cents if role is not Role.CLIENT else None,
    )


def _invoice(file: TicketFile) -> InvoiceSummary | None:
    if file.invoice is None:
        return None
    invoice, payment = file.invoice.invoice, file.invoice.payment
    page = f"/v1/tickets/{invoice.ticket}"
    return InvoiceSummary(
        number=invoice.number,
        total_ttc_cents=invoice.total_ttc_cents,
        payment=Labelled(code=payment.status, label=french.PAYMENTS[payment.status]) if payment else None,
        document=f"{page}/invoice.pdf" if invoice.number in file.documents else None,
        credit_notes=[
            CreditNoteSummary(
                number=one.number,
                issued_at=one.issued_at,
                total_ttc_cents=one.total_ttc_cents,
                document=f"{page}/credit-notes/{one.number}.pdf" if one.number in file.documents else None,
            )
            for one in file.invoice.credits
        ],
    )


def _gain(file: TicketFile, person: KnownPerson) -> GainSummary | None:
    """A technician's own; the last one for the team."""
    gains = [
        one for one in file.gains if person.role is not Role.TECHNICIAN or one.technician_id == person.id
    ]
    if not gains:
        return None
    last = gains[-1]
    return GainSummary(session=last.session, amount_cents=last.amount_cents, accepted_at=last.accepted_at)


def _assignment(ticket: Ticket, names: Mapping[str, str]) -> list[AssignmentReason]:
    return [
        AssignmentReason(
            technician=Named(id=technician_id, name=names.get(technician_id, "")),
            reason=Labelled(code=reason, label=french.ASSIGNMENT.get(reason, reason)),
        )
        for technician_id, reason in sorted(ticket.assignment.items())
    ]
