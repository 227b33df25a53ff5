"""An hour of the service: what may have been lost when the database is put back to its beginning."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.messages import Actor, Ask, AskBecause
from domain.opening_hours import paris_month
from domain.rulings import GainKind, GainRuling
from domain.tickets import Role
from tests.recover.world import World, ends
from tests.support.people import a_client
from tests.support.tickets import PlayedTicket

SOON = timedelta(minutes=10)


@dataclass
class Hour:
    world: World
    asked: PlayedTicket
    # Texts of the hour that its steps name: requests, AnyDesk ids, reports, a dispute, a ruling…
    texts: int

    def numbers(self) -> set[str]:
        """Of every invoice, credit note and statement there is."""
        rows = self.world.database.rows(
            "SELECT number FROM invoices UNION SELECT number FROM credit_notes "
            "UNION SELECT number FROM statements"
        )
        return {number for (number,) in rows}

    def series(self) -> list[str]:
        """Those in which numbers were given."""
        years = self.world.database.rows("SELECT 'F' || year FROM invoice_counters WHERE last > 0 ORDER BY 1")
        credited = self.world.database.rows(
            "SELECT 'A' || year FROM credit_note_counters WHERE last > 0 ORDER BY 1"
        )
        paid = self.world.database.rows(
            "SELECT 'AF' || series FROM payees JOIN statement_counters USING (technician_id) "
            "WHERE last > 0 ORDER BY series"
        )
        return [name for (name,) in (*years, *credited, *paid)] + ["tickets"]

    def asked_of(self) -> Actor:
        [(technician,)] = self.world.database.rows(
            "SELECT technician_id::text FROM tickets WHERE number = %s", self.asked.number
        )
        return Actor(technician, Role.TECHNICIAN)


async def an_hour(
    world: World, after_opening: Callable[[], None], after_each: Callable[[], None] = lambda: None
) -> Hour:
    """Three tickets are there at its beginning; then each act is followed by `after_each`."""
    await world.fund()
    billed, disputed, quick = (
        await world.a_ticket(),
        await world.a_ticket(timedelta(days=4)),
        await world.a_ticket(SOON),
    )
    await disputed.reach_review()
    [(texts_before,)] = world.database.rows("SELECT count(*) FROM submissions")
    after_opening()

    async def then(*acts: Awaitable[object]) -> None:
        for act in acts:
            await act
            after_each()

    # A ticket from its request to the technician's transfer, in real time, as a run of the month counts it.
    await then(
        quick.act("consent", quick.consent_given()),
        quick.act("call", quick.ask()),
        quick.act("start", quick.wrong_code()),
        quick.act("start", quick.right_code()),
        quick.act("end", quick.ask()),
        quick.act("report", quick.report_of(1)),
        quick.act("review", quick.satisfied()),
    )
    await then(ends(quick), world.pay(paris_month(datetime.now(UTC))))
    # Somebody signs up and asks for help, and their technician declines.
    newcomer = a_client(world.database, "Nina Blanc")
    asked = await world.a_ticket(timedelta(days=5), client=newcomer)
    after_each()
    await then(
        asked.act("decline", AskBecause(asked.as_technician, asked.written(asked.technician, "decline")))
    )
    # A ticket that is billed, disputed after its invoice, and credited.
    await billed.reach_review()
    await then(billed.act("review", billed.satisfied(5)), billed.act("dispute", billed.dissatisfied()))
    await then(billed.act("ruling", billed.ruled("reduce", GainRuling(1, GainKind.FULL), minutes=10)))
    await then(ends(billed))
    # A dispute before any invoice, which ends in nothing to pay.
    await then(
        disputed.act("dispute", disputed.dissatisfied()),
        disputed.act("take_over", Ask(disputed.as_back_office)),
        disputed.act("ruling", disputed.ruled("waive", GainRuling(1, GainKind.NONE))),
        disputed.handle.result(),
    )
    await asked.settle()
    [(texts,)] = world.database.rows("SELECT count(*) FROM submissions")
    return Hour(world, asked, int(texts) - int(texts_before))
