"""A notice as a person reads it: subject, plain text and HTML, from one template a notice and recipient.

The template is written once; what `layout.j2` and `parts.j2` are depends on the form: `text/` or `html/`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from activities.wording.invariants import InvariantNews, summary
from activities.wording.promised_dates import PromisedDates
from db.reads.admissions import SignUpToTell
from db.reads.contests import ContestToTell
from db.reads.earnings import EarningsToTell
from db.reads.notice_facts import NoticeFacts, PersonFacts
from db.reads.sign_ins import LinkToSend
from db.reads.vetting import PapersThatEnd
from db.stores.erasures import ErasureToTell
from domain import admissions, contact, french
from domain.admissions import SIGN_UP_LASTS
from domain.card_refusals import card_refusal
from domain.contests import ANSWERED_WITHIN
from domain.deadlines import Deadlines
from domain.earnings import EarningsMail
from domain.erasures import ErasureMail
from domain.ids import format_ticket_number
from domain.invariants import Change
from domain.notices import Notice
from domain.opening_hours import PARIS
from domain.payees import CONTESTABLE_DAYS
from domain.refund_failures import refund_failure
from domain.sign_ins import LINK_LASTS, link_url
from domain.signed_links import payment_url, review_url
from domain.tickets import Role

HERE = Path(__file__).parent
FILTERS = {
    "card_refusal": card_refusal,
    "day": french.day,
    "exact_moment": french.exact_moment,
    "euros": french.euros,
    "hour": french.hour,
    "length": french.length,
    "minutes": french.minutes,
    "moment": french.moment,
    "month": french.month,
    "percent": french.percent,
    "refund_failure": refund_failure,
    "sentence": french.sentence,
    "short_moment": french.short_moment,
    "typeset": french.typeset,
    "without_blank_lines": french.without_blank_lines,
    "wrapped": french.wrapped,
}
SERVICE = {
    "service_phone": contact.PHONE,
    "service_phone_link": contact.PHONE_LINK,
    "service_hours": french.typeset(f"{contact.HOURS} (heure de Paris)"),
    "service_mail": contact.MAIL,
}


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


class Letters:
    """`link_key` signs the links by which a client reviews or pays without signing in, and those by which
    people sign in."""

    def __init__(self, public_url: str, link_key: bytes) -> None:
        self._public_url = public_url
        self._link_key = link_key
        self._text = _environment("text", autoescape=False)
        self._html = _environment("html", autoescape=True)

    def write(
        self,
        notice: Notice,
        role: Role,
        recipient: PersonFacts | None,
        facts: NoticeFacts,
        dates: PromisedDates,
        deadlines: Deadlines,
        number: str | None = None,
    ) -> Letter:
        """`recipient` is None for the back office's shared mailbox; `number` is that of the document which
        the mail brings."""
        words = self._words(role, recipient, facts, dates) | {
            "credit": next((one for one in facts.credits if one.number == number), None),
            "deadlines": deadlines,
        }
        if role is Role.CLIENT:
            words |= self._links(facts, dates.at, deadlines)
        return self._letter(f"{notice}.{role}.j2", words)

    def write_of_invariants(self, news: Sequence[InvariantNews], at: datetime) -> Letter:
        """What has changed in the checks of that moment, for the back office. It is about no one ticket."""
        by_change = {change.value: [one for one in news if one.change is change] for change in Change}
        words = by_change | {
            "at": at,
            "summary": summary(news),
            "ticket": None,
            "recipient_name": "",
            "checks_url": f"{self._public_url}/controles",
        }
        return self._letter("invariants.back_office.j2", words)

    def write_of_contest(self, told: ContestToTell) -> Letter:
        """That a statement is contested, for the back office. It is about no one ticket."""
        contest = told.file.contest
        words = {
            "answer_by": contest.asked_at + ANSWERED_WITHIN,
            "asked_at": contest.asked_at,
            # Of the mailbox's readers only finance has the page: their own desk begins with it.
            "home_url": f"{self._public_url}/",
            "number": contest.statement,
            "recipient_name": "",
            "technician_name": french.one_line(told.technician.name),
            "ticket": None,
            "tickets": [format_ticket_number(number) for number in contest.tickets],
        }
        return self._letter("contest_asked.back_office.j2", words)

    def write_of_contest_answer(self, told: ContestToTell) -> Letter:
        """How it was answered, for the technician."""
        gain = told.file.gain
        words = {
            "corrected_cents": gain.amount_cents if gain else None,
            "corrected_ticket": format_ticket_number(gain.ticket) if gain else "",
            "number": told.file.contest.statement,
            "recipient_name": french.one_line(told.technician.name),
            "statement_url": f"{self._public_url}/gain/releves/{told.file.contest.statement}",
            "ticket": None,
        }
        return self._letter("contest_answered.technician.j2", words)

    def write_of_sign_in(self, link: LinkToSend) -> Letter:
        """A link to sign in by, for whoever asked. It is about no ticket."""
        words = {
            "asked_at": link.asked_at,
            "good_until": link.asked_at + LINK_LASTS,
            "recipient_name": french.one_line(link.name),
            "sign_in_url": link_url(self._public_url, self._link_key, link.id, link.asked_at),
            "ticket": None,
        }
        return self._letter("sign_in.anybody.j2", words)

    def write_of_sign_up(self, told: SignUpToTell) -> Letter:
        """The link that opens an account; or, where the address is somebody's already, that it is."""
        # Nobody is greeted by what a stranger has typed: a name could be any sentence, sent to anybody.
        if told.known:
            words: dict[str, Any] = {
                "recipient_name": "",
                "sign_in_url": f"{self._public_url}/v1/sign-in",
                "ticket": None,
            }
            return self._letter("account_known.anybody.j2", words)
        words = {
            "good_until": told.asked_at + SIGN_UP_LASTS,
            "recipient_name": "",
            "sign_up_url": admissions.link_url(self._public_url, self._link_key, told.id, told.asked_at),
            "ticket": None,
        }
        return self._letter("sign_up.anybody.j2", words)

    def write_of_client_added(self, name: str) -> Letter:
        """That the team has opened an account for a client on the phone."""
        words = {
            "ask_url": f"{self._public_url}/demandes/nouvelle",
            "privacy_url": f"{self._public_url}/v1/sign-up/texts/privacy",
            "recipient_name": french.one_line(name),
            "sign_in_url": f"{self._public_url}/v1/sign-in",
            "terms_url": f"{self._public_url}/v1/sign-up/texts/terms",
            "ticket": None,
        }
        return self._letter("client_added.client.j2", words)

    def write_of_received_application(self) -> Letter:
        """That a technician's application has come. Nobody is greeted by what a stranger has typed."""
        return self._letter("application_received.anybody.j2", {"recipient_name": "", "ticket": None})

    def write_of_accepted_application(self, name: str) -> Letter:
        words = {
            "recipient_name": french.one_line(name),
            "sign_in_url": f"{self._public_url}/v1/sign-in",
            "ticket": None,
        }
        return self._letter("application_accepted.technician.j2", words)

    def write_of_refused_application(self, name: str, reason: str) -> Letter:
        words = {"recipient_name": french.one_line(name), "reason": reason, "ticket": None}
        return self._letter("application_refused.anybody.j2", words)

    def write_of_papers(self, papers: PapersThatEnd, *, ended: bool) -> Letter:
        """That a technician's certificate ends soon, or has ended."""
        words = {
            "ended": ended,
            "recipient_name": french.one_line(papers.name),
            "ticket": None,
            "until": datetime.combine(papers.until, time(12), PARIS),
        }
        return self._letter("papers_end.technician.j2", words)

    def write_of_earnings(self, mail: EarningsMail, told: EarningsToTell) -> Letter:
        """To a technician, of a gain, a statement, or what holds a transfer."""
        words = {
            "contestable_days": CONTESTABLE_DAYS,
            "gain": told.gain,
            "gain_ticket": format_ticket_number(told.gain.ticket) if told.gain else "",
            "gains_url": f"{self._public_url}/gain",
            "held_cents": told.held_cents,
            "hold": told.hold,
            "month": told.month,
            "papers_url": f"{self._public_url}/dossier",
            "recipient_name": french.one_line(told.name),
            "statement": told.statement,
            "ticket": None,
        }
        return self._letter(f"{mail}.technician.j2", words)

    def write_of_erasure(self, mail: ErasureMail, told: ErasureToTell) -> Letter:
        """To whoever leaves, or has left: then without a name. To the team without one either. It is about no
        ticket."""
        words = {
            "asked_at": told.asked_at,
            "due_at": told.due_at,
            "erased_at": told.erased_at,
            "erasure_url": f"{self._public_url}/compte/depart",
            "person_url": f"{self._public_url}/personnes/{told.person_id}",
            "kept_records": told.kept_records,
            "kept_until": told.kept_until.strftime("%d/%m/%Y") if told.kept_until else "",
            "recipient_name": french.one_line(told.name),
            "ticket": None,
        }
        reader = "back_office" if mail is ErasureMail.FAILED else "anybody"
        return self._letter(f"{mail}.{reader}.j2", words)

    def _letter(self, name: str, words: dict[str, Any]) -> Letter:
        words = words | {"help_url": self._help_url(name)}
        text = self._text.get_template(name)
        subject = "".join(text.blocks["subject"](text.new_context(words)))
        return Letter(
            subject=french.typeset(french.one_line(subject)),
            text=re.sub(r"\n{3,}", "\n\n", text.render(words).strip()) + "\n",
            html=french.typeset(self._html.get_template(name).render(words)),
        )

    def _links(self, facts: NoticeFacts, at: datetime, deadlines: Deadlines) -> dict[str, str]:
        """From the event that the mail tells of: a mail sent twice is one mail."""
        given = (self._public_url, self._link_key, facts.ticket, facts.client.id)
        return {
            "review_url": review_url(*given, at + deadlines.review),
            "payment_url": payment_url(*given, at),
        }

    def _help_url(self, name: str) -> str | None:
        """The page that explains, by who the template is for. The team needs none; nor may a mail to sign in
        by, which perhaps nobody asked for, lead anywhere else."""
        pages = {"client": "/aide", "technician": "/aide/techniciens"}
        page = pages.get(name.split(".")[1])
        return f"{self._public_url}{page}" if page else None

    def ticket_url(self, role: Role, facts: NoticeFacts) -> str:
        pages = {Role.CLIENT: "demandes", Role.TECHNICIAN: "interventions"}
        return f"{self._public_url}/{pages.get(role, 'dossiers')}/{facts.ticket}"

    def _words(
        self, role: Role, recipient: PersonFacts | None, facts: NoticeFacts, dates: PromisedDates
    ) -> dict[str, Any]:
        tariff = facts.tariff
        technician, concerned = facts.technician, facts.concerned
        return {
            "appointment_start": facts.appointment_start,
            "at_most": tariff.price(facts.ceiling_minutes // tariff.slice_minutes).ttc_cents,
            "called_at": facts.called_at,
            "card": french.card(facts.card_label or ""),
            "ceiling_minutes": facts.ceiling_minutes,
            "charge": facts.charge,
            "chargeback": facts.chargeback,
            "dates": dates,
            "client_name": french.one_line(facts.client.name),
            "earned_cents": facts.earned_cents.get(recipient.id) if recipient else None,
            "expected_minutes": facts.expected_slices * tariff.slice_minutes,
            "expected_total": tariff.price(facts.expected_slices).ttc_cents,
            "flexible": facts.flexible,
            "gain_ruling": facts.gain_rulings.get(recipient.id) if recipient else None,
            "invoice": facts.invoice,
            "is_free": facts.is_free,
            "is_own": recipient is not None and recipient == technician,
            "opened_at": facts.opened_at,
            "owed_back_cents": facts.owed_back_cents,
            "recipient_name": french.one_line(recipient.name) if recipient else "",
            "refund": facts.refund,
            "report": facts.report,
            "ruling": facts.ruling,
            "session": facts.session,
            "skill": french.one_line(facts.skill),
            "status": facts.status,
            "suspension": facts.suspension,
            "tariff": tariff,
            "technician_first_name": french.first_name(technician.name) if technician else "",
            "technician_name": french.one_line(concerned.name) if concerned else "",
            "undocumented": facts.undocumented,
            "ticket": format_ticket_number(facts.ticket),
            "ticket_url": self.ticket_url(role, facts),
            "wrong_codes": facts.wrong_codes,
        }


@cache
def _environment(form: str, *, autoescape: bool) -> Environment:
    """One for all, for each has its own templates to compile, which takes longer than all else."""
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
