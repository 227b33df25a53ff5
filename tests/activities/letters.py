"""Letters as tests write and read them: one ticket with everything on it, and one with hardly anything."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from activities.wording.letters import Letter, Letters
from activities.wording.promised_dates import promised_dates
from db.reads.notice_facts import (
    ChargeFacts,
    CreditFacts,
    InvoiceFacts,
    NoticeFacts,
    PersonFacts,
    ReportFacts,
    RulingFacts,
    SessionFacts,
    SuspensionCase,
)
from domain import opening_hours
from domain.catalogue import RECIPIENTS
from domain.deadlines import PRODUCTION
from domain.notices import Notice
from domain.rulings import RulingKind
from domain.tariff import Tariff
from domain.ticket_steps import Evidence
from domain.tickets import Role, Status
from tests.support.keys import TOKEN_KEY

LETTERS = Letters("https://omeasupport.test", TOKEN_KEY)
FRIDAY = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
# Clients and technicians have a page of it.
TICKET_URLS = dict.fromkeys(Role, "https://omeasupport.test/dossiers/48291573") | {
    Role.CLIENT: "https://omeasupport.test/demandes/48291573",
    Role.TECHNICIAN: "https://omeasupport.test/interventions/48291573",
}
EVERY_LETTER = [(notice, role) for notice in Notice for role in RECIPIENTS[notice]]
TARIFF = Tariff("2026-01", 15, 1, 2, 1500, 2000, 800)


def a_person(name: str) -> PersonFacts:
    return PersonFacts(id=name, name=name, mail="person@example.fr", active=True)


FACTS = NoticeFacts(
    ticket="48291573",
    status=Status.SCHEDULED,
    skill="Internet et Wi-Fi",
    opened_at=FRIDAY,
    appointment_start=MONDAY,
    appointment_end=MONDAY + timedelta(hours=1),
    flexible=False,
    sequence=0,
    ceiling_minutes=60,
    tariff=TARIFF,
    wrong_codes=3,
    called_at=MONDAY,
    suspension=SuspensionCase.DISPUTE,
    client=a_person("Claire Petit"),
    technician=a_person("Jean-Marc Leroy"),
    named=None,
    last_technician=a_person("Jean-Marc Leroy"),
    session=SessionFacts(MONDAY, MONDAY + timedelta(minutes=40)),
    report=ReportFacts(40, 40, Evidence.STAMPS, 3, True, MONDAY + timedelta(hours=1)),
    first_slices=3,
    ruling=RulingFacts(RulingKind.BILL, None, MONDAY + timedelta(hours=4)),
    reduced_minutes=None,
    invoice=InvoiceFacts(
        "F2026-000123", MONDAY + timedelta(days=1), 40, 3, 1500, 2000, 3750, 750, 4500, 4500
    ),
    charge=ChargeFacts(1, "insufficient_funds", MONDAY + timedelta(days=1)),
    card_label="visa 4242",
    credits=(CreditFacts("A2026-000012", MONDAY + timedelta(days=2), 1250, 250, 1500, 3000),),
    undocumented=("F2026-000123",),
)
BARE = replace(
    FACTS,
    suspension=SuspensionCase.DURATION,
    technician=None,
    last_technician=None,
    session=None,
    first_slices=None,
    charge=None,
    card_label=None,
    called_at=None,
)


def a_letter(notice: Notice, role: Role, facts: NoticeFacts = FACTS, at: datetime = FRIDAY) -> Letter:
    """As the first of those it is for reads it."""
    people = {Role.CLIENT: facts.client, Role.TECHNICIAN: facts.concerned}
    return a_letter_to(people.get(role), notice, role, facts, at)


def a_letter_to(
    recipient: PersonFacts | None, notice: Notice, role: Role, facts: NoticeFacts, at: datetime = FRIDAY
) -> Letter:
    dates = promised_dates(facts, at, PRODUCTION, opening_hours.PRODUCTION)
    number = facts.credits[0].number if facts.credits else None
    return LETTERS.write(notice, role, recipient, facts, dates, PRODUCTION, number=number)


def said(notice: Notice, role: Role, facts: NoticeFacts = FACTS, at: datetime = FRIDAY) -> str:
    return plain(a_letter(notice, role, facts, at).text)


def plain(text: str) -> str:
    """With ordinary spaces, and on one line."""
    return re.sub(r"\s+", " ", text)


class WellFormed(HTMLParser):
    """Checks that every tag that opens is closed, and collects the words that are shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.shown: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.shown.append(data)
