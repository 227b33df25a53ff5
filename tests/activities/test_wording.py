"""What people read: every notice to every recipient, with the figures right and hostile text harmless."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from activities.wording import french
from activities.wording.letters import Letter, Letters
from activities.wording.promised_dates import promised_dates
from db.reads.notices import (
    ChargeFacts,
    InvoiceFacts,
    NoticeFacts,
    PersonFacts,
    ReportFacts,
    SessionFacts,
)
from domain import opening_hours
from domain.deadlines import PRODUCTION
from domain.notices import RECIPIENTS, Notice
from domain.tariff import Tariff
from domain.tickets import Role, Status

MONDAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
TICKET_URL = "https://omeasupport.test/v1/tickets/48291573"
EVERY_LETTER = [(notice, role) for notice in Notice for role in RECIPIENTS[notice]]
TARIFF = Tariff("2026-01", 15, 1, 2, 1500, 2000, 800)


def a_person(name: str) -> PersonFacts:
    return PersonFacts(id="person", name=name, mail="person@example.fr", active=True)


FACTS = NoticeFacts(
    ticket="48291573",
    status=Status.SCHEDULED,
    skill="Internet et Wi-Fi",
    appointment_start=MONDAY,
    appointment_end=MONDAY + timedelta(hours=1),
    ceiling_minutes=60,
    tariff=TARIFF,
    wrong_codes=3,
    called_at=MONDAY,
    disputed=True,
    client=a_person("Claire Petit"),
    technician=a_person("Jean-Marc Leroy"),
    session=SessionFacts(MONDAY, MONDAY + timedelta(minutes=40)),
    report=ReportFacts(40, 40, 3, True, MONDAY + timedelta(hours=1)),
    invoice=InvoiceFacts("F2026-000123", MONDAY + timedelta(days=1), 40, 3, 1500, 2000, 3750, 750, 4500),
    charge=ChargeFacts(1, "insufficient_funds", MONDAY + timedelta(days=1)),
    card_label="visa 4242",
)
BARE = replace(
    FACTS, disputed=False, technician=None, session=None, charge=None, card_label=None, called_at=None
)


def a_letter(notice: Notice, role: Role, facts: NoticeFacts = FACTS) -> Letter:
    letters = Letters("https://omeasupport.test")
    dates = promised_dates(facts, MONDAY - timedelta(days=3), PRODUCTION, opening_hours.PRODUCTION)
    return letters.write(notice, role, facts, dates, PRODUCTION)


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


@pytest.mark.parametrize(("notice", "role"), EVERY_LETTER)
@pytest.mark.parametrize("facts", [FACTS, BARE], ids=["full", "bare"])
def test_every_letter_says_which_ticket_where_to_act_and_whom_to_call(
    notice: Notice, role: Role, facts: NoticeFacts
) -> None:
    letter = a_letter(notice, role, facts)
    assert "4829 1573" in plain(letter.subject)
    assert TICKET_URL in letter.text.splitlines()
    assert f'href="{TICKET_URL}"' in letter.html
    html = WellFormed(letter.html)
    shown = plain(" ".join(html.shown))
    for said in (plain(letter.text), shown):
        assert "4829 1573" in said
        assert "09 71 38 04 96" in said
        assert "du lundi au samedi, de 8 h à 19 h" in said
        assert "contact@omeasupport.com" in said
        assert "None" not in said
        assert "Bonjour ," not in said
    assert html.tags >= {"html", "title", "h1", "main", "footer"}
    assert not html.tags & {"script", "img", "form", "iframe"}
    assert '<html lang="fr">' in letter.html
    # Its own lines are short; an address may not be cut.
    assert all(len(line) <= french.TEXT_WIDTH for line in letter.text.splitlines() if "://" not in line)
    assert "\n\n\n" not in letter.text


@pytest.mark.parametrize(("notice", "role"), EVERY_LETTER)
def test_hostile_text_stays_text(notice: Notice, role: Role) -> None:
    name = "<script>alert(1)</script>\r\nBcc: mallory@example.fr\r\n\r\n{{ 7*7 }}\u202e"
    hostile = replace(
        FACTS, client=a_person(name), technician=a_person(name), skill=name, card_label=f"{name} 42\n42"
    )
    letter = a_letter(notice, role, hostile)
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject + letter.text
    assert "\u202e" not in letter.subject + letter.text + letter.html
    assert not any(line.startswith("Bcc:") for line in letter.text.splitlines())
    assert "49" not in letter.text
    assert "script" not in WellFormed(letter.html).tags


@pytest.mark.parametrize(("notice", "role"), EVERY_LETTER)
def test_the_style_is_left_alone_by_the_typesetting(notice: Notice, role: Role) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", a_letter(notice, role).html, re.DOTALL)
    assert french.NBSP not in style


def test_the_client_is_told_who_calls_when_at_what_price_and_how_to_stay_safe() -> None:
    said = plain(a_letter(Notice.BOOKED, Role.CLIENT).text)
    for words in (
        "Bonjour Claire Petit,",
        "Jean-Marc vous appellera à l’heure convenue",
        "Rendez-vous : lundi 23 novembre 2026 à 14 h 30 (heure de Paris)",
        "Prix : 15,00 € TTC par tranche de 15 minutes commencée",
        "Montant maximal : 60,00 € TTC",
        "faites dire au technicien le numéro de la demande. Il doit annoncer 4829 1573.",
        "deux codes",
        "Ne donnez jamais un mot de passe ni des coordonnées bancaires.",
        "Restez devant votre ordinateur",
    ):
        assert words in said
    # The client knows the technician by first name only.
    assert "Leroy" not in said


def test_the_technician_is_told_until_when_to_confirm() -> None:
    # Booked on a Friday at 14:30: two working hours later.
    said = plain(a_letter(Notice.BOOKED, Role.TECHNICIAN).text)
    assert "À confirmer avant : vendredi 20 novembre 2026 à 16 h 30 (heure de Paris)" in said
    assert "à partir de 14 h 15" in said
    assert "Claire" not in said


def test_the_invoice_states_its_number_its_count_and_the_three_amounts() -> None:
    letter = a_letter(Notice.INVOICE_ISSUED, Role.CLIENT)
    assert plain(letter.subject) == "Facture F2026-000123 : 45,00 € (demande n° 4829 1573)"
    for words in (
        "Facture n° : F2026-000123",
        "Durée retenue : 40 minutes",
        "Tranches facturées : 3 × 15 minutes",
        "Prix de la tranche : 15,00 € TTC",
        "Total HT : 37,50 €",
        "TVA (20 %) : 7,50 €",
        "Total TTC : 45,00 €",
        "ce montant va être débité de votre carte Visa se terminant par 4242",
    ):
        assert words in plain(letter.text)


@pytest.mark.parametrize(
    ("attempt", "next_one"), [(1, "mercredi 25"), (2, "vendredi 27"), (3, "mardi 1er décembre"), (4, None)]
)
def test_a_refused_payment_says_when_it_is_tried_again(attempt: int, next_one: str | None) -> None:
    facts = replace(FACTS, charge=ChargeFacts(attempt, "card_declined", MONDAY + timedelta(days=1)))
    said = plain(a_letter(Notice.PAYMENT_REFUSED, Role.CLIENT, facts).text)
    assert "Motif : Votre banque a refusé le paiement" in said
    if next_one is None:
        assert "Prochain essai" not in said
    else:
        assert f"Prochain essai : {next_one}" in said


def test_a_suspension_says_why_to_each() -> None:
    disputed = {role: plain(a_letter(Notice.SUSPENDED, role).text) for role in RECIPIENTS[Notice.SUSPENDED]}
    doubtful = {
        role: plain(a_letter(Notice.SUSPENDED, role, replace(FACTS, disputed=False)).text)
        for role in RECIPIENTS[Notice.SUSPENDED]
    }
    assert "Vous nous avez dit que quelque chose n’allait pas" in disputed[Role.CLIENT]
    assert "rien n’est facturé" in disputed[Role.CLIENT]
    assert "doit être vérifiée" in doubtful[Role.CLIENT]
    assert "rien n’est facturé" in doubtful[Role.CLIENT]
    assert "Durée mesurée" in doubtful[Role.TECHNICIAN]
    assert "Cause : Insatisfaction du client" in disputed[Role.BACK_OFFICE]
    assert "Cause : Durée déclarée à vérifier" in doubtful[Role.BACK_OFFICE]


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (1500, "15,00 €"),
        (123_456_789, "1 234 567,89 €"),
        (-750, "−7,50 €"),
    ],
)
def test_amounts(cents: int, written: str) -> None:
    assert plain(french.euros(cents)) == written


def test_rates_and_durations() -> None:
    assert [plain(french.percent(bp)) for bp in (2000, 550, 210, 1)] == ["20 %", "5,5 %", "2,1 %", "0,01 %"]
    assert [plain(french.minutes(m)) for m in (0, 1, 45, 60, 90, 125)] == [
        "0 minute",
        "1 minute",
        "45 minutes",
        "1 h",
        "1 h 30",
        "2 h 05",
    ]
    lengths = [timedelta(days=7), timedelta(days=3), timedelta(hours=2), timedelta(hours=1)]
    assert [plain(french.length(length)) for length in lengths] == [
        "7 jours",
        "72 heures",
        "2 heures",
        "60 minutes",
    ]
    assert plain(french.length(timedelta(seconds=6))) == "6 secondes"


def test_dates_are_paris_dates_across_a_change_of_clock() -> None:
    assert plain(french.moment(datetime(2026, 10, 24, 22, 30, tzinfo=UTC))) == (
        "dimanche 25 octobre 2026 à 0 h 30 (heure de Paris)"
    )
    assert plain(french.moment(datetime(2026, 10, 25, 13, 0, tzinfo=UTC))) == (
        "dimanche 25 octobre 2026 à 14 h (heure de Paris)"
    )
    assert plain(french.short_moment(datetime(2027, 3, 1, 8, 5, tzinfo=UTC))) == "lundi 1er mars à 9 h 05"


def test_unbreakable_spaces_go_where_french_puts_them() -> None:
    assert french.typeset("Prêt ? Oui : « demande » n° 1") == (
        "Prêt\u00a0? Oui\u00a0: «\u00a0demande\u00a0» n°\u00a01"
    )
    assert french.typeset("color:red!important") == "color:red!important"
