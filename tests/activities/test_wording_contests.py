"""What is told of a contest: that it is there, to the team; how it was answered, to the technician."""

from datetime import UTC, datetime

import pytest

from activities.wording.letters import Letter
from db.models.contests import StatementContest
from db.models.money import Gain
from db.models.payouts import Statement
from db.models.people import Person
from db.reads.contests import ContestFile, ContestToTell
from domain.contests import ContestOutcome
from domain.french import NBSP
from tests.activities.letters import LETTERS

NUMBER = "AF0001-00007"
ASKED = datetime(2026, 12, 3, 17, 20, tzinfo=UTC)


def told(
    *tickets: str, outcome: ContestOutcome | None = None, amount_cents: int | None = None
) -> ContestToTell:
    contest = StatementContest(statement=NUMBER, tickets=list(tickets), asked_at=ASKED, outcome=outcome)
    gain = Gain(ticket="48291573", session=1, amount_cents=amount_cents) if amount_cents else None
    file = ContestFile(contest, "Il manque <une> tranche.", "Le journal vous donne raison.", gain)
    technician = Person(name="Jean-Marc <Leroy>", mail="jm@example.fr", active=True)
    return ContestToTell(file, Statement(number=NUMBER), technician)


def both(letter: Letter) -> str:
    """The plain text without its line breaks, and the HTML."""
    return " ".join(letter.text.split()) + letter.html


def test_the_team_is_told_of_a_contest_and_by_when_to_answer() -> None:
    letter = LETTERS.write_of_contest(told("48291573", "00000420"))
    assert letter.subject == f"À traiter{NBSP}: relevé {NUMBER} contesté"
    for line in (
        f"Relevé n°{NBSP}: {NUMBER}",
        f"Technicien{NBSP}: Jean-Marc <Leroy>",
        f"Contesté le{NBSP}: jeudi 3 décembre 2026 à 18{NBSP}h{NBSP}20 (heure de Paris)",
        f"Au sujet de{NBSP}: 4829{NBSP}1573, 0000{NBSP}0420",
    ):
        assert line.replace(NBSP, " ") in " ".join(letter.text.replace(NBSP, " ").split())
    assert "jeudi 10 décembre 2026" in both(letter).replace(NBSP, " ")
    assert "https://omeasupport.test/\n" in letter.text
    assert "Jean-Marc &lt;Leroy&gt;" in letter.html
    assert "demande n°" not in letter.text


def test_a_contest_of_all_of_a_statement_says_so() -> None:
    assert "Au sujet de : Tout le relevé" in LETTERS.write_of_contest(told()).text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("amount_cents", "title", "amount", "follows"),
    [
        (None, "Votre relevé est maintenu", None, None),
        (800, "Votre relevé est rectifié", "8,00 € HT", "s’ajoute à vos gains"),
        (-800, "Votre relevé est rectifié", "−8,00 € HT", "est déduit de vos gains à venir"),
    ],
)
def test_the_technician_is_told_how_it_was_answered(
    amount_cents: int | None, title: str, amount: str | None, follows: str | None
) -> None:
    outcome = ContestOutcome.CORRECTED if amount_cents else ContestOutcome.MAINTAINED
    letter = LETTERS.write_of_contest_answer(told(outcome=outcome, amount_cents=amount_cents))
    assert letter.subject == f"Réponse à votre contestation du relevé {NUMBER}"
    assert letter.text.startswith(f"{title}\n")
    seen = both(letter).replace(NBSP, " ")
    assert "Bonjour Jean-Marc <Leroy>," in letter.text
    assert f"/gain/releves/{NUMBER}" in letter.text
    for words in (amount, follows):
        assert words is None or seen.count(words) == 2
    assert ("Rectification" in seen) == (amount is not None)
