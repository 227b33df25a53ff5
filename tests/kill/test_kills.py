"""A part is killed at the worst moments, its supervisor starts it again, and the table is the same."""

import pytest

from deploy.stack import Stack
from tests.kill.conftest import Demonstration, play
from tests.kill.mails import never_sent, sent_twice
from tests.kill.points import VICTIMS, Point, Points

pytestmark = pytest.mark.soak

DEMONSTRATIONS = {
    "the API, Postgres and Temporal, when it hurts": (
        Point("api", "POST /v1/tickets answered"),
        Point("postgres", "charge accepted"),
        # While the client who says nothing has the report before them.
        Point("temporal", "notify review_due done"),
    ),
    "the worker, with what is committed or paid not reported": (
        Point("worker", "accept done"),
        Point("worker", "charge accepted"),
        Point("worker", "transfer sent"),
    ),
    "the worker, at the other steps of a ticket": (
        Point("worker", "book done"),
        Point("worker", "record_consent done"),
        Point("worker", "start_session done"),
        Point("worker", "end_session done"),
        Point("worker", "file_report done"),
        Point("worker", "suspend done"),
    ),
    "the worker, around the money": (
        Point("worker", "make_document done"),
        Point("worker", "intent created"),
        Point("worker", "charge_invoice done"),
        Point("worker", "check_payment done"),
        Point("worker", "open_run done"),
        Point("worker", "claim done"),
        Point("worker", "record_transfer done"),
        Point("worker", "finish_run done"),
    ),
    "the worker, with the mail server's yes not recorded": (Point("worker", "mail accepted"),),
    "the API, with a ticket's work done and its answer not sent": (
        Point("api", "POST /v1/holds answered"),
        Point("api", "POST /v1/tickets/{number}/start answered"),
        Point("api", "POST /v1/tickets/{number}/report answered"),
        Point("api", "POST /v1/tickets/{number}/dispute answered"),
    ),
    "the API, with the money's work done and its answer not sent": (
        Point("api", "POST /v1/tickets/{number}/review answered"),
        Point("api", "POST /v1/webhooks/stripe answered"),
        Point("api", "POST /v1/payouts/{month}/runs answered"),
    ),
    "Temporal, in the middle of steps": (
        Point("temporal", "book committing"),
        Point("temporal", "start_session done"),
        Point("temporal", "accept done"),
        Point("temporal", "charge accepted"),
        Point("temporal", "transfer sent"),
    ),
    "Postgres, in the middle of transactions": (
        Point("postgres", "book committing"),
        Point("postgres", "start_session committing"),
        Point("postgres", "accept committing"),
        Point("postgres", "intent created"),
        Point("postgres", "claim committing"),
        Point("postgres", "transfer sent"),
    ),
}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("points", DEMONSTRATIONS.values(), ids=DEMONSTRATIONS)
async def test_a_part_killed_changes_nothing_in_the_table(
    points: tuple[Point, ...], stack: Stack, undisturbed: Demonstration
) -> None:
    played = await play(stack, *points)
    armed = Points(stack.var)
    kills = {point: armed.killed(point) for point in points}
    assert [str(point) for point, kill in kills.items() if kill is None] == []
    killed = {kill.pid for kill in kills.values() if kill is not None}
    assert (len(killed), killed & {stack.pid(victim) for victim in VICTIMS}) == (len(points), set())
    assert (played.status, played.result["agree"], played.settled) == (0, True, True)
    assert played.table == undisturbed.table
    assert (sent_twice(stack, armed.kills()), never_sent(stack)) == ([], set())
