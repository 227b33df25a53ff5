"""The mails to whoever leaves: the date, what can be done until then, at last what is gone and kept."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

from activities.wording.letters import Letter
from db.stores.erasures import ErasureToTell
from domain.erasures import REFLECTION, ErasureMail
from domain.french import NBSP
from tests.activities.letters import LETTERS

ASKED = datetime(2026, 11, 24, 9, tzinfo=UTC)
TOLD = ErasureToTell(
    id="019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
    person_id="019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b13",
    name="Claire <Petit>",
    mail="claire@example.fr",
    asked_at=ASKED,
    due_at=ASKED + REFLECTION,
    erased_at=ASKED + REFLECTION,
    kept_records=3,
    kept_until=date(2036, 12, 31),
)


def words(letter: Letter) -> list[str]:
    """Both forms, with single spaces."""
    return [re.sub(r"\s+", " ", seen.replace(NBSP, " ")) for seen in (letter.text, letter.html)]


def test_a_request_is_acknowledged_with_its_date_and_the_way_back() -> None:
    letter = LETTERS.write_of_erasure(ErasureMail.ASKED, TOLD)
    assert letter.subject == "Votre demande de suppression de compte"
    for seen in words(letter):
        assert "Vous avez 30 jours pour changer d’avis." in seen
        assert "24 décembre" in seen
        assert "https://omeasupport.test/compte/depart" in seen
    assert "Bonjour Claire &lt;Petit&gt;" in letter.html


def test_a_withdrawal_is_confirmed_without_a_button() -> None:
    letter = LETTERS.write_of_erasure(ErasureMail.WITHDRAWN, TOLD)
    for seen in words(letter):
        assert "n’aura pas lieu. Rien n’a été effacé" in seen
    assert "https://" not in letter.text


def test_the_certificate_says_what_is_kept_why_and_until_when() -> None:
    letter = LETTERS.write_of_erasure(ErasureMail.CERTIFICATE, replace(TOLD, name=""))
    for seen in words(letter):
        assert "Bonjour," in seen
        assert "pièces comptables où vous figurez (3)" in seen
        assert "jusqu’au 31/12/2036" in seen
        assert "article L. 123-22 du code de commerce" in seen
    nothing = LETTERS.write_of_erasure(
        ErasureMail.CERTIFICATE, replace(TOLD, name="", kept_records=0, kept_until=None)
    )
    for seen in words(nothing):
        assert "Aucune pièce comptable à votre nom." in seen
        assert "123-22" not in seen


def test_the_team_is_told_of_one_that_fails_without_a_name() -> None:
    letter = LETTERS.write_of_erasure(ErasureMail.FAILED, replace(TOLD, name=""))
    for seen in words(letter):
        assert "échoue depuis une heure" in seen
        assert f"https://omeasupport.test/personnes/{TOLD.person_id}" in seen
        assert "Claire" not in seen
