"""Two tickets to which most of what can happen does, step by step. Whoever plays one may disturb each."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from temporalio.service import RPCError

from activities.gateways.stripe_payments import StripePayments
from domain.messages import Ask, AskBecause, ExtendAsked
from domain.rulings import GainKind, GainRuling
from tests.support.tickets import PlayedTicket

Answered = TypeVar("Answered")

STEPS = (
    *("booked", "decline", "reschedule", "acknowledge", "consent", "call", "start", "extend", "stop"),
    *("report", "ruling", "opinion", "dispute", "take_over", "rework"),
    *("acknowledge again", "consent again", "call again", "start again", "end", "report again"),
    *("accept", "payment"),
)
# Not credible whatever was measured: hours may pass while a session is begun or ended.
INCREDIBLE_MINUTES = 1200
# How much sooner than a deadline somebody is there to see it pass.
A_LITTLE = timedelta(minutes=5)


class Through(Protocol):
    """Does one step, and comes back once nothing is under way but the ticket's deadlines. `passing` is the
    ticket's time that has to pass for the step to begin."""

    async def __call__(
        self,
        step: str,
        act: Callable[[], Awaitable[Answered]],
        passing: timedelta = timedelta(0),
    ) -> Answered: ...


async def play(ticket: PlayedTicket, other: str, through: Through) -> None:
    """A ticket just requested of its first technician; `other` can do it too. Its end is `paid`.

    Declined, moved, held, not believed, ruled, disputed, done once more for nothing by the first
    technician, accepted and paid. Each step has its name as key: said twice, it is done once.
    """

    async def say(step: str, argument: Any, command: str | None = None) -> None:
        await through(step, partial(ticket.act, command or step, argument, step))

    first = ticket.technician
    await say("booked", Ask(ticket.as_client))
    await say("decline", AskBecause(ticket.as_technician, ticket.written(first, "decline")))
    ticket.technician = other
    start = ticket.request.start + timedelta(days=1)
    await say("reschedule", ticket.moved_to(start))
    await say("acknowledge", ticket.ask())
    await say("consent", ticket.consent_given())
    await ticket.pass_time_until(start - timedelta(minutes=10))
    await say("call", ticket.ask())
    await say("start", ticket.right_code())
    await ticket.pass_time(timedelta(minutes=5))
    await say("extend", ExtendAsked(ticket.as_client, 120))
    await ticket.pass_time(timedelta(minutes=20))
    await say("stop", Ask(ticket.as_client))
    await say("report", ticket.report_of(INCREDIBLE_MINUTES))
    reduced = GainRuling(1, GainKind.REDUCED, 30)
    await say("ruling", ticket.ruled("reduce", reduced, minutes=30))
    await say("opinion", ticket.satisfied(2, satisfied=False), "review")
    await say("dispute", ticket.dissatisfied())
    await say("take_over", Ask(ticket.as_back_office))
    start = await ticket.now() + timedelta(days=2)
    await say("rework", ticket.ruled("rework", start=start, technician_id=first), "ruling")
    ticket.technician = first
    await say("acknowledge again", ticket.ask(), "acknowledge")
    await say("consent again", ticket.consent_given(), "consent")
    await ticket.pass_time_until(start)
    await say("call again", ticket.ask(), "call")
    await say("start again", ticket.right_code(), "start")
    await ticket.pass_time(timedelta(minutes=20))
    await say("end", ticket.ask())
    await say("report again", ticket.report_of(20), "report")
    await say("accept", ticket.satisfied(), "review")
    await through("payment", partial(pay, ticket))


async def pay(ticket: PlayedTicket) -> str:
    """The provider's notice, and the end to which it leads, if it has not come without it."""
    with suppress(RPCError):
        await ticket.handle.signal("payment_news")
    return str(await ticket.handle.result())


async def play_refused(ticket: PlayedTicket, payments: StripePayments, through: Through) -> None:
    """A booked ticket whose client's card is refused four times in a week, and whose debt is then paid
    elsewhere. Its end is `paid`."""
    await ticket.reach_review()
    await ticket.settle_by(timedelta(minutes=1))
    await through("accept", partial(ticket.act, "review", ticket.satisfied(), "accept"))
    # The calendar of tries begins when the first refusal is heard, just now.
    heard = await ticket.now()
    for number, delay in enumerate(ticket.request.deadlines.charge_retries, start=2):
        await ticket.pass_time_until(heard + delay - A_LITTLE)
        await through(f"try {number}", partial(_tried, ticket, number), 2 * A_LITTLE)
    [(intent,)] = ticket.database.rows(
        "SELECT intent FROM payments JOIN invoices ON number = invoice WHERE ticket = %s", ticket.number
    )
    await payments._stripe.payment_intents.confirm_async(
        intent, {"payment_method": "pm_card_visa", "return_url": "https://example.fr/merci"}
    )
    # Nobody tells: the daily look finds it.
    [(unpaid,)] = ticket.database.rows(
        "SELECT at FROM journal WHERE ticket = %s AND act = 'unpaid'", ticket.number
    )
    await ticket.pass_time_until(unpaid + ticket.request.deadlines.repeat_alert - 2 * A_LITTLE)
    await through("debt", ticket.handle.result, 4 * A_LITTLE)


async def _tried(ticket: PlayedTicket, number: int) -> int:
    """Waits until the card has been tried that often."""
    tried = (
        "SELECT count(*) FROM payment_attempts JOIN invoices ON number = invoice "
        "WHERE ticket = %s HAVING count(*) >= %s"
    )
    while not ticket.database.rows(tried, ticket.number, number):  # noqa: ASYNC110  # the database tells nobody
        await asyncio.sleep(0.05)
    return number
