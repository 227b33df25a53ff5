"""The mails about coming in: where each leads, what it says, and that none repeats what a stranger typed."""

import re
from datetime import UTC, date, datetime

import pytest

from activities.wording.letters import Letter
from db.reads.admissions import SignUpToTell
from db.reads.vetting import PapersThatEnd
from domain.admissions import link_url
from domain.french import NBSP
from tests.activities.letters import LETTERS, WellFormed
from tests.support.keys import TOKEN_KEY

ID = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12"
HOST = "https://omeasupport.test"
ASKED = datetime(2026, 11, 24, 8, 50, tzinfo=UTC)
NAME, REASON = "Zoé <Blanc>", "Personne en réseaux & imprimantes."
TEXTS = [f"{HOST}/v1/sign-up/texts/{text}" for text in ("terms", "privacy")]
SIGN_IN = f"{HOST}/v1/sign-in"
TECHNICIANS_HELP = f"{HOST}/aide/techniciens"
PAPERS = PapersThatEnd(ID, NAME, "zoe@example.fr", date(2026, 12, 1))
CASES: list[tuple[Letter, str, list[str], str]] = [
    (
        LETTERS.write_of_sign_up(SignUpToTell(ID, "zoe@example.fr", ASKED, False)),
        "Confirmez votre inscription",
        [link_url(HOST, TOKEN_KEY, ID, ASKED)],
        "jusqu’au mercredi 25 novembre 2026 à 9 h 50 (heure de Paris)",
    ),
    (
        LETTERS.write_of_sign_up(SignUpToTell(ID, "zoe@example.fr", ASKED, True)),
        "Vous avez déjà un compte",
        [SIGN_IN],
        "Rien n’a changé : il suffit de vous connecter.",
    ),
    (
        LETTERS.write_of_client_added(NAME),
        "Votre compte OmeaSupport est ouvert",
        [f"{HOST}/demandes/nouvelle", *TEXTS, SIGN_IN, f"{HOST}/aide"],
        f"Bonjour {NAME},",
    ),
    (LETTERS.write_of_received_application(), "Votre candidature est arrivée", [], "Bonjour, Merci"),
    (
        LETTERS.write_of_accepted_application(NAME),
        "Votre candidature est acceptée",
        [SIGN_IN, TECHNICIANS_HELP],
        "Signez le mandat d’autofacturation",
    ),
    (LETTERS.write_of_refused_application(NAME, REASON), "Votre candidature", [], REASON),
    (
        LETTERS.write_of_papers(PAPERS, ended=False),
        "Votre attestation de vigilance prend bientôt fin",
        [TECHNICIANS_HELP],
        "vaut jusqu’au mardi 1er décembre",
    ),
    (
        LETTERS.write_of_papers(PAPERS, ended=True),
        "Votre attestation de vigilance a pris fin",
        [TECHNICIANS_HELP],
        "valait jusqu’au mardi 1er décembre",
    ),
]


@pytest.mark.parametrize(("letter", "subject", "links", "words"), CASES, ids=[case[1] for case in CASES])
def test_each_says_what_it_must_and_leads_where_it_must(
    letter: Letter, subject: str, links: list[str], words: str
) -> None:
    assert letter.subject == subject
    shown = " ".join(WellFormed(letter.html).shown)
    for seen in (letter.text, shown):
        assert words in re.sub(r"\s+", " ", seen.replace(NBSP, " "))
    for seen in (letter.text, letter.html):
        assert re.findall(r"https://[^\s\"<]+", seen) == links
