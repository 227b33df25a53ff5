"""A technician contests a statement within its days; finance answers, once."""

import asyncio
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

import pytest

from api.codes import ApiCode
from api.mandate_text import TEXTS
from domain import mentions
from domain.contests import contestable_until
from domain.errors import Refusal
from domain.ids import contest_workflow_id
from domain.opening_hours import PARIS, paris_month
from domain.payees import CONTESTABLE_DAYS, MANDATE
from tests.api import rows
from tests.api.frontend import is_problem, open_frontend
from tests.api.service import Service
from tests.support.people import a_person, a_technician
from tests.support.temporal import replay

# All tests share one Temporal, where the number of a statement names its contest.
NUMBERS = count(90_001)
TEXT = "La séance a duré 40 minutes, et non 20."
ANSWER = "Le journal de prise en main dit 24 minutes."
MAINTAINED = {"outcome": "maintained", "text": ANSWER}


class Stated(NamedTuple):
    number: str
    ticket: str

    @property
    def path(self) -> str:
        return f"/v1/statements/{self.number}"


def a_statement(service: Service, issued_at: datetime | None = None, **ticket: Any) -> Stated:
    """Of one session of two slices, 16 euros; the client accepted an hour, which is four."""
    at = issued_at or service.api.clock() - timedelta(days=1)
    ticket = {"status": "closed", **ticket}
    number = rows.a_ticket(service.database, service.client, service.technician, **ticket)
    gain = rows.a_gain(service.database, number, service.technician, at - timedelta(days=3))
    sequence = next(NUMBERS)
    key = f"payout:{at:%Y-%m}:{service.technician}:{sequence}"
    stated = Stated(f"AF0001-{sequence}", number)
    rows.insert(
        service.database,
        "statements",
        key=key,
        technician_id=service.technician,
        month=f"{at:%Y-%m}",
        n=sequence,
        sequence=sequence,
        number=stated.number,
        total_cents=1600,
        cut_off=at,
        issued_at=at,
    )
    rows.insert(service.database, "gain_claims", gain_id=gain, statement=key)
    rows.insert(service.database, "payouts", key=key, status="paid", transfer=stated.number, paid_at=at)
    return stated


async def contested(service: Service, **ticket: Any) -> Stated:
    stated = a_statement(service, **ticket)
    answer = await service.api.post(f"{stated.path}/contest", service.technician, {"text": TEXT})
    assert answer.status_code == 201
    return stated


def corrected(stated: Stated, amount_cents: int, session: int = 1) -> dict[str, Any]:
    correction = {"ticket": stated.ticket, "session": session, "amount_cents": amount_cents}
    return {"outcome": "corrected", "text": ANSWER, "correction": correction}


async def ended(service: Service, stated: Stated) -> str:
    """How the contest ended, once everybody was told; its history is replayed."""
    handle = service.environment.client.get_workflow_handle(contest_workflow_id(stated.number))
    outcome = await handle.result()
    await replay(await handle.fetch_history())
    return str(outcome)


def journal(service: Service, ticket: str) -> list[tuple[Any, ...]]:
    return service.database.rows(
        "SELECT act, actor_role, actor_id, before = after, details - 'gain' FROM journal WHERE ticket = %s "
        "ORDER BY recorded_at, id",
        ticket,
    )


async def mail_to(service: Service, address: str) -> Any:
    """The only one, once it is sent."""
    for _ in range(300):
        found = [one for one in service.mail.messages if one.to == address]
        if found:
            [mail] = found
            return mail
        await asyncio.sleep(0.02)
    raise AssertionError(f"nothing was sent to {address}")


def test_the_document_the_mandate_and_the_rule_say_the_same_days() -> None:
    assert f"pendant {CONTESTABLE_DAYS} jours" in mentions.CONTESTABLE.text
    assert f"J’ai {CONTESTABLE_DAYS} jours pour le contester" in TEXTS[MANDATE]


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        # Summer time begins on 29 March, and ends on 25 October.
        ("2026-03-01 03:00", "2026-04-01 00:00"),
        ("2026-03-01 00:00", "2026-04-01 00:00"),
        ("2026-02-28 23:59", "2026-03-31 00:00"),
        ("2026-10-01 03:00", "2026-11-01 00:00"),
        ("2028-02-01 03:00", "2028-03-03 00:00"),
    ],
)
def test_the_days_are_those_of_paris_after_that_of_the_issue(issued: str, until: str) -> None:
    at, end = (datetime.fromisoformat(text).replace(tzinfo=PARIS) for text in (issued, until))
    assert contestable_until(at) == end


async def test_a_contest_is_kept_and_the_team_told(service: Service) -> None:
    stated = a_statement(service)
    path, body = f"{stated.path}/contest", {"text": f"  {TEXT} ", "tickets": [stated.ticket]}
    before = (await service.api.get(stated.path, service.technician)).json()["contest"]
    assert before["state"] == {"code": "contestable", "label": "contestable"}

    answer = await service.api.post(path, service.technician, body, key="contest")

    assert answer.status_code == 201
    seen = answer.json()["contest"]
    assert seen == before | {
        "state": {"code": "contested", "label": "contesté, réponse attendue"},
        "asked_at": seen["asked_at"],
        "text": TEXT,
        "tickets": [stated.ticket],
    }
    again = await service.api.unchanged(service.api.post(path, service.technician, body, key="contest"))
    assert (again.status_code, again.json()) == (201, answer.json())
    second = await service.api.unchanged(service.api.post(path, service.technician, {"text": "Encore."}))
    assert is_problem(second, Refusal.STATEMENT_CONTESTED)
    other = await service.api.unchanged(service.api.post(path, service.technician, {"text": TEXT}, "contest"))
    assert is_problem(other, ApiCode.IDEMPOTENCY_KEY_REUSED)
    # It is seen wherever the statement is, and finance has it on a list.
    for read, person in (
        ("/v1/me/payouts", service.technician),
        (f"/v1/payouts/{answer.json()['month']}", service.finance),
    ):
        [listed] = (await service.api.get(read, person)).json()["statements"]
        assert listed["contest"] == seen
    waiting = (await service.api.get("/v1/statements/contests", service.finance, open=True)).json()
    assert waiting == {
        "contests": [
            {
                "statement": stated.number,
                "month": answer.json()["month"],
                "technician": {"id": service.technician, "name": "Thomas Leroy"},
                "contest": seen,
            }
        ]
    }
    mail = await mail_to(service, "equipe@example.fr")
    assert mail.subject == f"À traiter\N{NO-BREAK SPACE}: relevé {stated.number} contesté"
    assert "Thomas Leroy" in mail.text
    assert TEXT not in mail.text + mail.html
    details = {"statement": stated.number}
    act = ("statement_contested", "technician", service.technician, True, details)
    assert journal(service, stated.ticket) == [act]


async def test_it_is_in_time_until_the_last_minute_of_the_last_day(service: Service) -> None:
    """The 30 days after 1 March end with the 31st, in Paris, in summer time by then."""
    issued = datetime(2026, 3, 1, 3, 0, 2, tzinfo=PARIS)
    first, second = a_statement(service, issued), a_statement(service, issued)
    service.api.clock.now = datetime(2026, 3, 31, 23, 59, tzinfo=PARIS)
    in_time = await service.api.post(f"{first.path}/contest", service.technician, {"text": TEXT})
    assert (in_time.status_code, in_time.json()["contest"]["until"]) == (201, "2026-04-01T00:00:00+02:00")
    assert in_time.json()["contest"]["asked_at"] == "2026-03-31T23:59:00+02:00"

    service.api.clock.advance(minutes=1)
    late = service.api.post(f"{second.path}/contest", service.technician, {"text": TEXT})
    assert is_problem(await service.api.unchanged(late), Refusal.CONTEST_PERIOD_OVER)
    seen = (await service.api.get(second.path, service.technician)).json()["contest"]
    assert seen["state"] == {"code": "accepted", "label": "réputé accepté"}


async def test_what_was_received_in_time_counts_though_it_is_recorded_later(service: Service) -> None:
    stated = a_statement(service, datetime(2026, 3, 1, 3, 0, 2, tzinfo=PARIS))
    path, body, key = f"{stated.path}/contest", {"text": TEXT}, "in time"
    service.api.clock.now = datetime(2026, 3, 31, 23, 59, tzinfo=PARIS)
    async with open_frontend(service.database, clock=service.api.clock) as without_temporal:
        away = await without_temporal.post(path, service.technician, body, key)
    assert is_problem(away, ApiCode.TEMPORAL_UNAVAILABLE)
    service.api.clock.advance(minutes=2)
    assert (await service.api.post(path, service.technician, body, key)).status_code == 201


async def test_what_cannot_be_contested_leaves_nothing(service: Service) -> None:
    stated, stranger = a_statement(service), a_technician(service.database, name="Zoé Blanc")
    elsewhere = a_statement(service).ticket
    for person, number, body, code in (
        (stranger, stated.number, {"text": TEXT}, ApiCode.STATEMENT_NOT_FOUND),
        (service.technician, "AF0001-99999", {"text": TEXT}, ApiCode.STATEMENT_NOT_FOUND),
        (
            service.technician,
            stated.number,
            {"text": TEXT, "tickets": [elsewhere]},
            Refusal.NOT_ON_STATEMENT,
        ),
    ):
        asking = service.api.post(f"/v1/statements/{number}/contest", person, body)
        assert is_problem(await service.api.unchanged(asking), code)
    for body in (
        {"text": " ab "},
        {"text": "x" * 2001},
        {"text": "a\x00bc"},
        {"text": TEXT, "tickets": ["00000421"]},
    ):
        wrong = await service.api.unchanged(
            service.api.post(f"{stated.path}/contest", service.technician, body)
        )
        assert wrong.status_code == 422
    assert is_problem(await service.api.get(stated.path, stranger), ApiCode.STATEMENT_NOT_FOUND)


async def test_two_contests_at_the_same_time_are_one(service: Service) -> None:
    stated = a_statement(service)
    answers = await asyncio.gather(
        *(
            service.api.post(f"{stated.path}/contest", service.technician, {"text": text})
            for text in ("Premier texte.", "Second texte.")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [lost] = [answer for answer in answers if answer.status_code == 409]
    assert is_problem(lost, Refusal.STATEMENT_CONTESTED)
    assert service.database.rows("SELECT count(*) FROM statement_contests") == [(1,)]


async def test_a_statement_is_maintained_and_its_technician_told(service: Service) -> None:
    stated = await contested(service)
    path = f"{stated.path}/contest/answer"
    missing = service.api.post(f"{a_statement(service).path}/contest/answer", service.finance, MAINTAINED)
    assert is_problem(await service.api.unchanged(missing), ApiCode.CONTEST_NOT_FOUND)

    answer = await service.api.post(path, service.finance, MAINTAINED, key="answer")

    assert answer.status_code == 200
    seen = (await service.api.get(stated.path, service.technician)).json()["contest"]
    assert seen == answer.json()["contest"]
    assert seen["state"] == {"code": "maintained", "label": "contesté, maintenu"}
    assert (seen["answer"], seen["correction"]) == (ANSWER, None)
    assert await ended(service, stated) == "maintained"
    again = await service.api.unchanged(service.api.post(path, service.finance, MAINTAINED, key="answer"))
    assert (again.status_code, again.json()) == (200, answer.json())
    second = await service.api.unchanged(service.api.post(path, service.finance, MAINTAINED))
    assert is_problem(second, Refusal.CONTEST_ANSWERED)
    once_more = service.api.post(f"{stated.path}/contest", service.technician, {"text": TEXT})
    assert is_problem(await service.api.unchanged(once_more), Refusal.STATEMENT_CONTESTED)
    listed = await service.api.get("/v1/statements/contests", service.finance, open=True)
    assert listed.json() == {"contests": []}
    everything = (await service.api.get("/v1/statements/contests", service.finance)).json()["contests"]
    assert [one["statement"] for one in everything] == [stated.number]
    [(address,)] = service.database.rows("SELECT mail FROM people WHERE id = %s", service.technician)
    mail = await mail_to(service, address)
    assert mail.subject == f"Réponse à votre contestation du relevé {stated.number}"
    assert mail.text.startswith("Votre relevé est maintenu\n")
    assert service.database.rows("SELECT count(*) FROM gains WHERE number > 0") == [(0,)]


@pytest.mark.parametrize("amount_cents", [800, 1600, -800, -1600])
async def test_a_correction_is_a_gain_of_its_session(service: Service, amount_cents: int) -> None:
    """Two slices stand: two more are what the client accepted, two less are nothing."""
    stated = await contested(service)
    answer = await service.api.post(
        f"{stated.path}/contest/answer", service.finance, corrected(stated, amount_cents)
    )
    assert answer.status_code == 200
    seen = answer.json()["contest"]
    assert seen["state"] == {"code": "corrected", "label": "contesté, rectifié sur un relevé suivant"}
    assert seen["correction"] == {"ticket": stated.ticket, "session": 1, "amount_cents": amount_cents}
    assert answer.json()["total_cents"] == 1600
    assert service.database.rows(
        "SELECT number, slices, amount_cents, technician_id::text, act FROM gains WHERE number > 0"
    ) == [(1, amount_cents // 800, amount_cents, service.technician, f"contest_answer:{stated.number}")]
    assert service.database.rows(
        "SELECT account, amount_cents FROM ledger_lines WHERE transaction = %s ORDER BY line",
        f"gain:{stated.ticket}:1:1",
    ) == [("611", amount_cents), (f"4081:{service.technician}", -amount_cents)]
    assert await ended(service, stated) == "corrected"
    # The technician finds it among the gains of this month, and finance in the preview of it.
    [now] = service.database.rows("SELECT month FROM gains WHERE number > 0")
    gains = (await service.api.get("/v1/me/gains", service.technician, month=now[0])).json()["gains"]
    found = [(one["amount_cents"], one["corrects"]) for one in gains if one["corrects"]]
    assert found == [(amount_cents, stated.number)]
    service.api.clock.now += timedelta(minutes=5)
    preview = f"/v1/payouts/{paris_month(service.api.clock())}/preview/{service.technician}"
    [line] = (await service.api.get(preview, service.finance)).json()["lines"]
    assert (line["amount_cents"], line["corrects"]) == (amount_cents, stated.number)
    details = {"statement": stated.number, "outcome": "corrected"}
    assert journal(service, stated.ticket) == [
        ("contest_answered", "finance", service.finance, True, details)
    ]


async def test_a_correction_is_of_whole_slices_and_within_its_bounds(service: Service) -> None:
    stated = await contested(service)
    path = f"{stated.path}/contest/answer"
    bounds = {"slice_cents": 800, "least_cents": -1600, "most_cents": 1600}
    for amount_cents in (0, 1, 801, 2400, -2400):
        answer = await service.api.post(path, service.finance, corrected(stated, amount_cents))
        assert is_problem(answer, Refusal.CORRECTION_AMOUNT, details=bounds)
    for body, code in (
        (corrected(stated, 800, session=2), Refusal.NOT_ON_STATEMENT),
        (corrected(a_statement(service), 800), Refusal.NOT_ON_STATEMENT),
        (MAINTAINED | {"outcome": "corrected"}, Refusal.CONTEST_CORRECTION),
        (corrected(stated, 800) | {"outcome": "maintained"}, Refusal.CONTEST_CORRECTION),
    ):
        assert is_problem(await service.api.post(path, service.finance, body), code)
    assert service.database.rows("SELECT count(*) FROM gains WHERE number > 0") == [(0,)]
    # What was refused may be asked otherwise.
    assert (await service.api.post(path, service.finance, corrected(stated, -800))).status_code == 200


async def test_nothing_is_corrected_while_the_ticket_is_suspended(service: Service) -> None:
    stated = await contested(service, status="invoiced")
    service.database.execute("UPDATE tickets SET status = 'suspended' WHERE number = %s", stated.ticket)
    path = f"{stated.path}/contest/answer"
    answer = await service.api.post(path, service.finance, corrected(stated, 800))
    assert is_problem(answer, Refusal.NOT_ALLOWED_IN_STATUS)
    assert (await service.api.post(path, service.finance, MAINTAINED)).status_code == 200


async def test_of_two_answers_at_the_same_time_one_wins(service: Service) -> None:
    stated = await contested(service)
    other = a_person(service.database, "finance", "Paul Denis")
    answers = await asyncio.gather(
        service.api.post(f"{stated.path}/contest/answer", service.finance, corrected(stated, 800)),
        service.api.post(f"{stated.path}/contest/answer", other, corrected(stated, 1600)),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [lost] = [answer for answer in answers if answer.status_code == 409]
    assert is_problem(lost, Refusal.CONTEST_ANSWERED)
    [won] = [answer for answer in answers if answer.status_code == 200]
    kept = won.json()["contest"]["correction"]["amount_cents"]
    assert service.database.rows("SELECT amount_cents FROM gains WHERE number > 0") == [(kept,)]
