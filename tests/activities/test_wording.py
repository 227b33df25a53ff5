"""What people read: every notice to every recipient, with the figures right and hostile text harmless."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from db.reads.notice_facts import ChargeFacts, NoticeFacts
from domain import french
from domain.notices import Notice
from domain.tickets import Role
from tests.activities.letters import (
    BARE,
    EVERY_LETTER,
    FACTS,
    MONDAY,
    TICKET_URLS,
    WellFormed,
    a_letter,
    a_person,
    plain,
)


@pytest.mark.parametrize(("notice", "role"), EVERY_LETTER)
@pytest.mark.parametrize("facts", [FACTS, BARE], ids=["full", "bare"])
def test_every_letter_says_which_ticket_where_to_act_and_whom_to_call(
    notice: Notice, role: Role, facts: NoticeFacts
) -> None:
    letter = a_letter(notice, role, facts)
    assert "4829 1573" in plain(letter.subject)
    # One who lost a ticket may not open its page.
    leads_there = notice is not Notice.RELEASED
    assert (TICKET_URLS[role] in letter.text.splitlines()) is leads_there
    assert (f'href="{TICKET_URLS[role]}"' in letter.html) is leads_there
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
    ("code", "words"),
    [
        ("insufficient_funds", "La provision était insuffisante"),
        ("authentication_required", "La banque demande une confirmation du titulaire de la carte"),
        ("expired_card", "La carte a expiré"),
        ("no_card", "Aucune carte n’est enregistrée"),
        ("generic_decline", "La banque a refusé le paiement"),
    ],
)
def test_client_and_team_read_the_same_reason_of_a_refusal(code: str, words: str) -> None:
    facts = replace(FACTS, charge=ChargeFacts(4, code, MONDAY + timedelta(days=1)))
    assert f"Motif : {words}" in plain(a_letter(Notice.PAYMENT_REFUSED, Role.CLIENT, facts).text)
    assert f"Dernier refus : {words}" in plain(a_letter(Notice.UNPAID, Role.BACK_OFFICE, facts).text)


@pytest.mark.parametrize(
    ("attempt", "next_one"), [(1, "mercredi 25"), (2, "vendredi 27"), (3, "mardi 1er décembre"), (4, None)]
)
def test_a_refused_payment_says_when_it_is_tried_again(attempt: int, next_one: str | None) -> None:
    facts = replace(FACTS, charge=ChargeFacts(attempt, "card_declined", MONDAY + timedelta(days=1)))
    said = plain(a_letter(Notice.PAYMENT_REFUSED, Role.CLIENT, facts).text)
    assert "Motif : La banque a refusé le paiement" in said
    if next_one is None:
        assert "Prochain essai" not in said
    else:
        assert f"Prochain essai : {next_one}" in said
