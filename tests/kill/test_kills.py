"""A part is killed at the worst moments, its supervisor starts it again, and the table is the same."""

import pytest

from deploy.stack import Stack
from tests.kill.conftest import Demonstration, play
from tests.kill.mails import never_sent, sent_twice
from tests.kill.points import VICTIMS, Point, Points

WORKER_AND_TICKET = (
    Point("worker", "book done"),
    Point("worker", "start_session done"),
    Point("worker", "accept done"),
)
WORKER_AND_MONEY = (
    Point("worker", "intent created"),
    Point("worker", "charge accepted"),
    Point("worker", "transfer sent"),
)
API = (
    Point("api", "POST /v1/tickets answered"),
    Point("api", "POST /v1/tickets/{number}/review answered"),
    Point("api", "POST /v1/webhooks/stripe answered"),
)
TEMPORAL = (
    Point("temporal", "notify review_due done"),
    Point("temporal", "accept done"),
)
POSTGRES = (
    Point("postgres", "book committing"),
    Point("postgres", "charge accepted"),
)
DEMONSTRATIONS = {
    "the worker, with a ticket's step committed and not reported": WORKER_AND_TICKET,
    "the worker, with Stripe's yes not recorded": WORKER_AND_MONEY,
    "the API, with its answer not sent": API,
    "Temporal, with a ticket waiting for its review, and right after an invoice": TEMPORAL,
    "Postgres, in the middle of a booking, and right after a charge": POSTGRES,
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("points", DEMONSTRATIONS.values(), ids=DEMONSTRATIONS)
async def test_a_part_killed_changes_nothing_in_the_table(
    points: tuple[Point, ...], stack: Stack, undisturbed: Demonstration
) -> None:
    played = await play(stack, *points)
    kills = {point: Points(stack.var).killed(point) for point in points}
    assert [str(point) for point, kill in kills.items() if kill is None] == []
    killed = {kill.pid for kill in kills.values() if kill is not None}
    assert (len(killed), killed & {stack.pid(victim) for victim in VICTIMS}) == (len(points), set())
    assert (played.status, played.result["agree"], played.settled) == (0, True, True)
    assert played.table == undisturbed.table
    assert (sent_twice(stack, Points(stack.var).kills()), never_sent(stack)) == ([], set())
