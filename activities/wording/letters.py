"""A notice as a person reads it: subject, plain text and HTML, from one template a notice and recipient.

The template is written once; what `layout.j2` and `parts.j2` are depends on the form: `text/` or `html/`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from activities.wording import french
from activities.wording.promised_dates import PromisedDates
from db.reads.notices import NoticeFacts
from domain.deadlines import Deadlines
from domain.ids import format_ticket_number
from domain.notices import Notice
from domain.tickets import Role

HERE = Path(__file__).parent
FILTERS = {
    "day": french.day,
    "euros": french.euros,
    "hour": french.hour,
    "length": french.length,
    "minutes": french.minutes,
    "moment": french.moment,
    "percent": french.percent,
    "short_moment": french.short_moment,
    "typeset": french.typeset,
    "without_blank_lines": french.without_blank_lines,
    "wrapped": french.wrapped,
}
SERVICE = {
    "service_phone": "09 71 38 04 96",
    "service_phone_link": "tel:+33971380496",
    "service_hours": "du lundi au samedi, de 8\u00a0h à 19\u00a0h",
    "service_mail": "contact@omeasupport.com",
}


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


class Letters:
    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._text = _environment("text", autoescape=False)
        self._html = _environment("html", autoescape=True)

    def write(
        self, notice: Notice, role: Role, facts: NoticeFacts, dates: PromisedDates, deadlines: Deadlines
    ) -> Letter:
        name = f"{notice}.{role}.j2"
        words = self._words(role, facts, dates) | {"deadlines": deadlines}
        text = self._text.get_template(name)
        subject = "".join(text.blocks["subject"](text.new_context(words)))
        return Letter(
            subject=french.typeset(french.one_line(subject)),
            text=re.sub(r"\n{3,}", "\n\n", text.render(words).strip()) + "\n",
            html=french.typeset(self._html.get_template(name).render(words)),
        )

    def _words(self, role: Role, facts: NoticeFacts, dates: PromisedDates) -> dict[str, Any]:
        tariff = facts.tariff
        technician = facts.technician
        recipient = {Role.CLIENT: facts.client, Role.TECHNICIAN: technician}.get(role)
        return {
            "appointment_start": facts.appointment_start,
            "at_most": tariff.price(facts.ceiling_minutes // tariff.slice_minutes).ttc_cents,
            "called_at": facts.called_at,
            "card": french.card(facts.card_label or ""),
            "ceiling_minutes": facts.ceiling_minutes,
            "charge": facts.charge,
            "dates": dates,
            "disputed": facts.disputed,
            "expected_total": tariff.price(facts.report.billed_slices).ttc_cents if facts.report else None,
            "invoice": facts.invoice,
            "recipient_name": french.one_line(recipient.name) if recipient else "",
            "report": facts.report,
            "session": facts.session,
            "skill": french.one_line(facts.skill),
            "tariff": tariff,
            "technician_first_name": french.first_name(technician.name) if technician else "",
            "technician_name": french.one_line(technician.name) if technician else "",
            "ticket": format_ticket_number(facts.ticket),
            "ticket_url": f"{self._public_url}/v1/tickets/{facts.ticket}",
            "wrong_codes": facts.wrong_codes,
        }


def _environment(form: str, *, autoescape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([HERE / form, HERE / "notices"]),
        autoescape=autoescape,  # noqa: S701  # false for plain text only
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(SERVICE)
    return environment
