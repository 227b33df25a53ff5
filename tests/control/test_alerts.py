"""The team is told once of what is not true, again after a day, and when it is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import ScheduleOverlapPolicy

from activities.gateways.mail import MailUnavailable, Message
from activities.gateways.temporal_tickets import TemporalTickets
from activities.invariants import InvariantActivities
from db.stores.invariants import record_checks
from deploy import schedules
from domain.french import NBSP
from domain.invariants import Change, Found, Invariant, Look, Row, Told, change_of
from tests.api.frontend import open_frontend
from tests.control.books import Books
from tests.control.conftest import Control
from tests.support.keys import TOKEN_KEY
from tests.support.mail import SentMail
from tests.support.people import a_person

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NEW, OVER = "1 anomalie nouvelle", "1 anomalie terminée"


def park(control: Control, event: str) -> None:
    control.office.database.execute(
        "INSERT INTO webhook_events (id, type, subject, state) VALUES (%s, 'new.kind', '{}', 'parked')", event
    )


async def test_a_violation_is_told_once_and_its_end_once(control: Control) -> None:
    assert await control.triggered(schedules.INVARIANTS) == 0
    park(control, "evt_1")
    assert await control.triggered(schedules.INVARIANTS) == 1
    assert await control.triggered(schedules.INVARIANTS) == 1
    [mail] = control.office.mail.messages
    assert mail.to == "equipe@example.fr"
    assert mail.subject == f"Urgent{NBSP}: contrôle automatique, {NEW}"
    assert f"- annonce{NBSP}: evt_1, genre{NBSP}: new.kind" in mail.text
    assert "Rien n’est corrigé automatiquement" in mail.html
    # A new row is news; one that is gone is none.
    park(control, "evt_2")
    assert await control.triggered(schedules.INVARIANTS) == 1
    control.office.database.execute("UPDATE webhook_events SET state = 'done' WHERE id = 'evt_1'")
    assert await control.triggered(schedules.INVARIANTS) == 1
    assert len(control.told()) == 2
    control.office.database.execute("UPDATE webhook_events SET state = 'done'")
    assert await control.triggered(schedules.INVARIANTS) == 0
    assert await control.triggered(schedules.INVARIANTS) == 0
    assert [subject.rpartition(", ")[2] for subject in control.told()] == [NEW, NEW, OVER]
    assert (
        control.office.database.rows(
            "SELECT ticket, kind, recipient_id, sent_at IS NOT NULL FROM notifications"
        )
        == [(None, "invariants", None, True)] * 3
    )
    [(checks, moments)] = control.office.database.rows(
        "SELECT count(*), count(DISTINCT at) FROM invariant_checks"
    )
    assert (checks, moments) == (7 * len(Invariant), 7)


async def test_an_open_ticket_has_its_workflow_and_is_named_without_it(control: Control) -> None:
    ticket = await control.office.a_ticket()
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    control.office.database.execute("UPDATE tickets SET opened_at = %s", long_ago)
    assert await control.triggered(schedules.INVARIANTS) == 0
    await ticket.handle.terminate()
    control.office.played.clear()
    running = TemporalTickets(control.office.environment.client, control.office.task_queue)
    async with asyncio.timeout(30):
        # Visibility tells nobody what it lists.
        while await running.started():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await control.triggered(schedules.INVARIANTS) == 1
    assert control.office.database.rows("SELECT name, rows FROM invariant_checks WHERE NOT ok") == [
        ("tickets_running", [{"ticket": ticket.number, "fault": "process_missing"}])
    ]


async def test_setting_up_again_leaves_the_schedules_as_they_are_meant(control: Control) -> None:
    client = control.office.environment.client
    every = {}
    for name in (schedules.RECONCILIATION, schedules.INVARIANTS):
        described = await client.get_schedule_handle(name).describe()
        [interval] = described.schedule.spec.intervals
        every[name] = (interval.every, interval.offset, described.schedule.policy.overlap)
    quarter = timedelta(minutes=15)
    assert every == {
        "reconciliation": (quarter, None, ScheduleOverlapPolicy.SKIP),
        "invariants": (quarter, timedelta(minutes=5), ScheduleOverlapPolicy.ALLOW_ALL),
    }


ROW: Row = {"event": "evt_1", "kind": "new.kind"}
OTHER: Row = {"event": "evt_2", "kind": "new.kind"}


@pytest.mark.parametrize(
    ("rows", "told", "change"),
    [
        ([], None, None),
        ([ROW], None, Change.BEGAN),
        ([ROW], (Change.BEGAN, [ROW], timedelta(hours=23)), None),
        ([ROW], (Change.BEGAN, [ROW, OTHER], timedelta(hours=1)), None),
        ([ROW, OTHER], (Change.BEGAN, [ROW], timedelta(hours=1)), Change.BEGAN),
        ([OTHER], (Change.BEGAN, [ROW], timedelta(hours=1)), Change.BEGAN),
        ([ROW], (Change.BEGAN, [ROW], DAY), Change.LASTS),
        ([ROW], (Change.LASTS, [ROW], timedelta(hours=23)), None),
        ([ROW], (Change.LASTS, [ROW], DAY), Change.LASTS),
        ([], (Change.BEGAN, [ROW], timedelta(hours=1)), Change.OVER),
        ([], (Change.LASTS, [ROW], DAY), Change.OVER),
        ([], (Change.OVER, [], DAY), None),
        ([ROW], (Change.OVER, [], timedelta(minutes=15)), Change.BEGAN),
    ],
)
def test_what_is_news(rows: list[Any], told: tuple[Change, list[Any], timedelta] | None, change: Any) -> None:
    found = Found(Invariant.WEBHOOKS_PARKED, len(rows), tuple(rows))
    last = None if told is None else Told(NOON - told[2], told[0], len(told[1]), told[1])
    assert change_of(found, last, NOON) is change


def test_more_rows_than_are_shown_are_news() -> None:
    found = Found(Invariant.WEBHOOKS_PARKED, 31, (ROW,))
    assert change_of(found, Told(NOON, Change.BEGAN, 30, [ROW]), NOON) is Change.BEGAN
    assert change_of(found, Told(NOON, Change.BEGAN, 31, [ROW]), NOON) is None


async def test_what_is_told_follows_from_what_was_told(books: Books) -> None:
    true, false = (Found(Invariant.WEBHOOKS_PARKED, n, (ROW,) * n) for n in (0, 1))
    hour = timedelta(hours=1)
    moments = (
        (0, false),
        (1, false),
        (24, false),
        (25, false),
        (48, false),
        (49, true),
        (50, true),
        (51, false),
    )
    news = []
    for hours, found in moments:
        async with books.worker.begin() as session:
            news.append(await record_checks(session, NOON + hours * hour, [found]))
            # The step was killed after its commit: it finds what it found.
            assert await record_checks(session, NOON + hours * hour, [true]) is news[-1]
    assert news == [True, False, True, False, True, True, False, True]
    kinds = [kind for (kind,) in books.database.rows("SELECT kind FROM invariant_alerts ORDER BY at")]
    assert kinds == ["began", "lasts", "lasts", "over", "began"]


class Nothing:
    """No ticket's workflow runs."""

    async def started(self) -> dict[str, datetime]:
        return {}


def steps(books: Books, mail: Any) -> InvariantActivities:
    return InvariantActivities(
        books.worker,
        Nothing(),
        mail,
        "Omea <contact@example.fr>",
        "equipe@example.fr",
        "http://localhost",
        TOKEN_KEY,
    )


async def test_a_step_repeated_enters_and_sends_nothing_twice(books: Books) -> None:
    mail = SentMail()
    activities, message = steps(books, mail), Look(datetime.now(UTC))
    looked = await activities.look_at_invariants(message)
    assert looked.violated == (Invariant.TICKETS_RUNNING,)
    assert await activities.look_at_invariants(message) == looked
    for _ in range(2):
        await activities.tell_of_invariants(message)
    assert len(mail.messages) == 1
    assert books.database.rows("SELECT count(*) FROM invariant_alerts") == [(1,)]


async def test_a_mail_that_cannot_go_is_tried_again_under_its_name(books: Books) -> None:
    class Away(SentMail):
        async def send(self, message: Message) -> None:
            await super().send(message)
            if len(self.messages) == 1:
                raise MailUnavailable

    mail = Away()
    activities, message = steps(books, mail), Look(datetime.now(UTC))
    await activities.look_at_invariants(message)
    with pytest.raises(MailUnavailable):
        await activities.tell_of_invariants(message)
    await activities.tell_of_invariants(message)
    assert len({one.message_id for one in mail.messages}) == 1
    assert books.database.rows("SELECT count(sent_at) FROM notifications") == [(1,)]


async def test_the_team_and_finance_see_the_last_outcome_and_since_when(books: Books) -> None:
    parked, quarter = Invariant.WEBHOOKS_PARKED, timedelta(minutes=15)
    true, false = Found(parked, 0, ()), Found(parked, 31, (ROW,))
    for n, found in enumerate((true, false, true, false, false)):
        async with books.worker.begin() as session:
            other = Found(Invariant.SALES, 0, ())
            await record_checks(session, NOON + n * quarter, [found, other])
    async with open_frontend(books.database) as api:
        for role in ("back_office", "finance"):
            answer = await api.get("/v1/invariants", a_person(books.database, role))
            assert answer.json() == {
                "invariants": [
                    {
                        "name": {
                            "code": "sales",
                            "label": "Les ventes (706 et 709) sont les factures moins les avoirs",
                        },
                        "ok": True,
                        "since": "2026-11-27T13:00:00+01:00",
                        "checked_at": "2026-11-27T14:00:00+01:00",
                        "total": 0,
                        "rows": [],
                    },
                    {
                        "name": {
                            "code": "webhooks_parked",
                            "label": "Aucune annonce de Stripe n’est mise de côté",
                        },
                        "ok": False,
                        "since": "2026-11-27T13:45:00+01:00",
                        "checked_at": "2026-11-27T14:00:00+01:00",
                        "total": 31,
                        "rows": [ROW],
                    },
                ]
            }
