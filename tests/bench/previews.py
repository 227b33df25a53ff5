"""How much more than its bare aggregate the preview of a month takes, and how that grows."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

import psycopg

from tests.api.frontend import open_frontend
from tests.bench.data import MONTH, fill
from tests.support.people import a_person
from tests.support.postgres import Cluster

ROUNDS = 7
# What the answer is a sum of, asked as directly as can be.
BARE = """
SELECT g.technician_id, count(*), sum(g.amount_cents) FROM gains g
LEFT JOIN gain_claims c ON c.gain_id = g.id
WHERE c.gain_id IS NULL AND g.accepted_at < '2025-11-01 00:00+01'
AND NOT EXISTS (SELECT FROM tickets t WHERE t.number = g.ticket AND t.status = 'suspended')
AND NOT EXISTS (SELECT FROM refund_cases r WHERE r.ticket = g.ticket AND r.status = 'open')
AND NOT EXISTS (SELECT FROM chargebacks b WHERE b.ticket = g.ticket AND b.status IN ('to_answer', 'answered'))
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Previewed:
    """Seconds, each the median of several rounds taken in turn."""

    technicians: int
    gains_each: int
    bare: float
    preview: float

    @property
    def ratio(self) -> float:
        return self.preview / self.bare


async def measure(cluster: Cluster, technicians: int, gains_each: int) -> Previewed:
    with cluster.new_database() as database:
        fill(database, technicians, gains_each)
        finance = a_person(database, "finance")
        async with (
            open_frontend(database) as api,
            # The sums alone: no policy binds the worker.
            await psycopg.AsyncConnection.connect(
                database.url("omea_worker").replace("+psycopg", "")
            ) as bare,
        ):
            api.clock.now = api.clock.now.replace(year=2026)

            async def ask() -> None:
                answer = await api.get(f"/v1/payouts/{MONTH}/preview", finance)
                whole = answer.json()
                assert whole["to_pay_cents"] == technicians * gains_each * 800, whole["to_pay_cents"]

            async def sum_up() -> None:
                rows = await (await bare.execute(BARE)).fetchall()
                assert len(rows) == technicians

            await ask()
            await sum_up()
            taken: list[tuple[float, float]] = []
            for _ in range(ROUNDS):
                taken.append((await _timed(sum_up), await _timed(ask)))
    return Previewed(
        technicians, gains_each, median(one for one, _ in taken), median(one for _, one in taken)
    )


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun
