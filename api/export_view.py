"""From what is kept about a person to what they are given of it. Pure; slow for hundreds of tickets: done
beside the event loop."""

from datetime import datetime
from typing import Any

from api.french_export import LABELS
from api.french_export_explained import explained
from api.seen_refunds import seen_case
from api.shapes.common import Labelled
from api.shapes.export import PersonalData, RefundCaseRow
from api.shapes.tickets import TicketView
from api.visibility import attachments_in, ticket_view
from db.reads.export import Kept, Row
from domain.deadlines import Deadlines
from domain.documents import Company, DocumentKind
from domain.opening_hours import PARIS, OpeningHours
from domain.tickets import Role

# What a technician sees on the page around the appointment is no data of theirs: a file outlives the hour.
CONTACT = {"phone": None, "anydesk_id": None, "codes": None}


def personal_data(
    kept: Kept, company: Company, now: datetime, deadlines: Deadlines, hours: OpeningHours
) -> PersonalData:
    """`now` is timezone-aware."""
    tickets = [_ticket(kept, place, now, deadlines, hours) for place in range(len(kept.tickets))]
    parts: dict[str, Any] = {part: [_labelled(part, row) for row in rows] for part, rows in kept.rows.items()}
    links = {
        image.id: f"/v1/tickets/{view.number}/attachments/{image.id}"
        for view in tickets
        for image in attachments_in(view).values()
    }
    for image in parts["images"]:
        image["link"] = links.get(image["id"])
    for stretch in parts["working_hours"]:
        stretch["opens"], stretch["closes"] = f"{stretch['opens']:%H:%M}", f"{stretch['closes']:%H:%M}"
    for document in parts["documents"]:
        document["link"] = _link(document)
    [account] = parts.pop("account")
    payee = parts.pop("payee")
    return PersonalData.model_validate(
        {
            **parts,
            "made_at": now,
            "explained": explained(company, kept.person.role),
            "account": account,
            "payee": payee[0] if payee else None,
            "tickets": tickets,
            "refunds": [
                RefundCaseRow(
                    **dict(seen_case(file, Role.CLIENT)), ticket=file.case.ticket, invoice=file.case.invoice
                )
                for file in kept.refunds
            ],
            "declarations": [
                {"year": year, "link": f"/v1/me/yearly-statements/{year}.pdf"}
                for year in sorted(
                    {
                        row["paid_at"].astimezone(PARIS).year
                        for row in kept.rows["statements"]
                        if row["paid_at"] is not None
                    }
                )
            ],
        }
    )


def _ticket(kept: Kept, place: int, now: datetime, deadlines: Deadlines, hours: OpeningHours) -> TicketView:
    row, file = kept.tickets[place]
    view = ticket_view(row, file, kept.person, kept.names, now, deadlines, hours)
    hidden = CONTACT if kept.person.role is Role.TECHNICIAN else {}
    return view.model_copy(update={"next": None, "actions": [], **hidden})


def _labelled(part: str, row: Row) -> Row:
    shown = dict(row)
    for name, value in row.items():
        labels = LABELS.get((part, name))
        if labels is not None and value is not None:
            shown[name] = Labelled(code=str(value), label=labels.get(value, str(value)))
    return shown


def _link(document: Row) -> str:
    number, page = document["number"], f"/v1/tickets/{document['ticket']}"
    match DocumentKind(document["kind"].code):
        case DocumentKind.INVOICE:
            return f"{page}/invoice.pdf"
        case DocumentKind.CREDIT_NOTE:
            return f"{page}/credit-notes/{number}.pdf"
        case DocumentKind.SELF_BILLED:
            return f"/v1/statements/{number}.pdf"
