"""One statement on its page: what it is of, its contest and finance's answer, its transfer taken back."""

from typing import Any

import pytest

from api.desks.finance.typed import Day, Euros
from api.formats import Body
from api.processes import Workflows
from domain.contests import ContestAnswered, ContestOutcome, Correction
from tests.api.desks.finance.months import a_business
from tests.api.desks.finance.test_payouts import a_run, statements
from tests.api.desks.visitor import page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import insert
from tests.support.people import a_submission


async def test_a_statement_and_its_contest(api: Frontend) -> None:
    business = a_business(api.database)
    statements(api, business)
    [(number,)] = api.database.rows("SELECT number FROM statements WHERE n = 1")
    page = await page_of(api, business.finance, f"/releves/{number}")
    assert page.title == "Thomas Leroy\N{NO-BREAK SPACE}: 8,00\N{NO-BREAK SPACE}€"
    assert "Contestable par le technicien jusqu’au vendredi 25 décembre à 0 h." in page.text
    assert page.actions() == [f"/releves/{number}/reprise"]
    text = a_submission(api.database, business.thomas, "contest", text="Il manque <b>dix minutes</b>.")
    insert(api.database, "statement_contests", statement=number, submission_id=text, asked_at=MORNING)
    page = await page_of(api, business.finance, f"/releves/{number}")
    assert "À vous : répondre à sa contestation, reçue aujourd’hui à 9 h." in page.text
    assert "Il manque <b>dix minutes</b>." in page.text
    await page.send(f"/releves/{number}/reponse", outcome="corrected", text="Accordé.", euros="huit")
    assert page.answer.status_code == 422
    assert page.wrong() == {"euros": "Écrivez un montant en euros, comme 15,60."}
    assert page.form(f"/releves/{number}/reponse")["text"] == "Accordé."
    await page.open(f"/releves/{number}")
    await page.send(f"/releves/{number}/reprise", reason="")
    assert page.wrong() == {"reason": "Ce champ est obligatoire."}
    listed = await page_of(api, business.finance, "/contestations")
    assert "Thomas Leroy, novembre 2026 Réponse attendue Il manque <b>dix minutes</b>." in listed.text
    assert (await page.open("/releves/AF9999-00001")).answer.status_code == 404


async def test_a_correction_is_asked_of_the_session_in_cents(
    api: Frontend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the workflow makes of it is tests/api/test_contests.py."""
    business = a_business(api.database)
    statements(api, business)
    a_run(api, finished_at=MORNING)
    [(number, ticket)] = api.database.rows(
        "SELECT s.number, ticket FROM statements s JOIN gain_claims ON statement = key "
        "JOIN gains ON gains.id = gain_id WHERE s.n = 2"
    )
    text = a_submission(api.database, business.thomas, "contest", text="Il manque une séance.")
    insert(api.database, "statement_contests", statement=number, submission_id=text, asked_at=MORNING)
    asked: list[ContestAnswered] = []

    async def answer(_: Workflows, of: str, answered: ContestAnswered, *__: Any) -> None:
        assert of == number
        asked.append(answered)

    monkeypatch.setattr(Workflows, "answer_contest", answer)
    page = await page_of(api, business.finance, f"/releves/{number}")
    again = f"/virements/2026-11?technicien={business.thomas}#lancer"
    assert again in page.links()
    await page.send(f"/releves/{number}/reponse", outcome="corrected", text="Accordé.", euros="−8 €")
    assert (page.answer.status_code, page.path) == (200, f"/releves/{number}")
    assert [(one.actor.id, one.outcome, one.correction) for one in asked] == [
        (business.finance, ContestOutcome.CORRECTED, Correction(ticket, 1, -800))
    ]
    acts = "SELECT subject, person_id::text FROM accesses WHERE kind = 'contest_answered'"
    assert api.database.rows(acts) == [(number, business.finance)]
    await page.open(again)
    assert page.form("/virements/2026-11/lancer")["technician_id"] == business.thomas


class Typed(Body):
    euros: Euros = 0
    day: Day | None = None


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("15,60", 1560),
        ("15.6", 1560),
        ("0,05", 5),
        ("1 234,50 €", 123_450),
        ("1\N{NARROW NO-BREAK SPACE}234", 123_400),
        ("-8", -800),
        ("−8,00", -800),
        ("+8", 800),
    ],
)
def test_an_amount_in_euros_is_cents(typed: str, cents: int) -> None:
    assert Typed(euros=typed).euros == cents  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["", "huit", "8,", ",50", "8,005", "1e3", "٨", "12345678", "8-", "1,5,0"])
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(ValueError, match="not_an_amount"):
        Typed(euros=typed)  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["", "demain", "2026-02-30", "1999-12-31", "01/02/2027"])
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(ValueError, match="not_a_day"):
        Typed(day=typed)  # type: ignore[arg-type]
