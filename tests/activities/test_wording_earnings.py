"""What technicians are told of their money: how much, why it waits, what to do, and where each mail leads."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from activities.wording.letters import Letter
from db.models.money import Gain
from db.models.payouts import Statement
from db.reads.earnings import EarningsToTell
from domain.earnings import EarningsMail
from domain.french import NBSP
from domain.payees import Hold
from tests.activities.letters import LETTERS, WellFormed

HOST = "https://omeasupport.test"
NAME = "Zoé <Blanc>"
ACCEPTED = datetime(2026, 11, 24, 9, tzinfo=UTC)
GAIN = Gain(ticket="48291573", amount_cents=1600, month="2026-11", accepted_at=ACCEPTED)
STATEMENT = Statement(number="AF0001-00007", month="2026-11", total_cents=4000, vat_bp=2000, vat_cents=800)


def told(mail: EarningsMail, **what: Any) -> Letter:
    return LETTERS.write_of_earnings(mail, EarningsToTell(NAME, "zoe@example.fr", **what))


def held(hold: Hold) -> Letter:
    return told(EarningsMail.TRANSFER_HELD, hold=hold, held_cents=1600, month="2026-10")


CASES: list[tuple[Letter, str, str, list[str]]] = [
    (
        told(EarningsMail.GAIN_EARNED, gain=GAIN),
        "Votre gain : 16,00 € HT (demande n° 4829 1573)",
        "/gain",
        ["Acquis le : mardi 24 novembre 2026", "Gain : 16,00 € HT", "Il compte pour novembre 2026."],
    ),
    (
        told(EarningsMail.STATEMENT_READY, statement=STATEMENT),
        "Votre relevé AF0001-00007 : 48,00 €",
        "/gain/releves/AF0001-00007",
        ["Total HT : 40,00 €", "TVA (20 %) : 8,00 €", "À verser : 48,00 €", "Vous avez 30 jours"],
    ),
    (
        held(Hold.MANDATE_MISSING),
        "Votre virement attend : 16,00 €",
        "/dossier",
        ["jusqu’en octobre 2026", "Motif : Mandat d’autofacturation à signer", "signez-le"],
    ),
    (
        held(Hold.BANK_CHANGE_PENDING),
        "Votre virement attend : 16,00 €",
        "/gain",
        ["Vous n’avez rien à faire d’ici là."],
    ),
]


@pytest.mark.parametrize(("letter", "subject", "path", "words"), CASES)
def test_each_says_what_it_must_and_leads_where_it_must(
    letter: Letter, subject: str, path: str, words: list[str]
) -> None:
    assert letter.subject.replace(NBSP, " ") == subject
    text = re.sub(r"\s+", " ", letter.text.replace(NBSP, " "))
    assert [one for one in words if one not in text] == []
    assert NAME in " ".join(WellFormed(letter.html).shown)
    for form in (letter.text, letter.html):
        assert re.findall(r"https://[^\s\"<]+", form) == [f"{HOST}{path}", f"{HOST}/aide/techniciens"]


def test_every_cause_has_its_words() -> None:
    assert len({held(hold).text for hold in Hold}) == len(Hold)
