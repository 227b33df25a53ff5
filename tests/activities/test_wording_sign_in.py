"""The mail with the link to sign in by."""

import re
from datetime import UTC, datetime

from db.reads.sign_ins import LinkToSend
from domain.french import NBSP
from domain.sign_ins import link_url
from tests.activities.letters import LETTERS
from tests.support.keys import TOKEN_KEY

ID = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12"
ASKED = datetime(2026, 11, 24, 8, 50, tzinfo=UTC)
LETTER = LETTERS.write_of_sign_in(LinkToSend(ID, ID, "Claire <Petit>", "claire@example.fr", ASKED))
URL = link_url("https://omeasupport.test", TOKEN_KEY, ID, ASKED)


def test_it_says_until_when_where_and_what_never_to_do() -> None:
    assert LETTER.subject == "Votre lien de connexion"
    for seen in (LETTER.text, LETTER.html):
        words = re.sub(r"\s+", " ", seen.replace(NBSP, " "))
        assert "demandé à 9 h 50. Il sert une seule fois, jusqu’à 10 h 05 (heure de Paris)." in words
        assert "dans le navigateur où vous l’avez demandé" in words
        assert "Ne le transmettez et ne le lisez à personne" in words
        assert "Vous n’avez rien demandé ?" in words
        assert "au sujet de la demande" not in words
    assert "Bonjour Claire <Petit>," in LETTER.text
    assert "Claire &lt;Petit&gt;" in LETTER.html


def test_its_link_is_whole_on_a_line_of_its_own_and_the_only_one() -> None:
    assert f"\n{URL}\n" in LETTER.text
    assert re.findall(r"https://[^\s\"<]+", LETTER.text) == [URL]
    assert re.findall(r"https://[^\s\"<]+", LETTER.html) == [URL]
