"""What a ticket's workflow asks for, in which order, as committed beside this file.

Replaying recorded histories proves that what has happened can be read again; this proves more: that a change
of code which alters the commands of a ticket is meant.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from domain.messages import Ask, AskBecause, ExtendAsked
from domain.rulings import GainKind, GainRuling
from tests.support.histories import commands_of
from tests.support.people import a_technician
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office

COMMITTED = Path(__file__).parent / "fingerprints"
WHAT_TO_DO = """
The commands of a ticket's workflow have changed ({name}). Tickets that are under way would not survive a
release of this code unless the change is conditional:
  1. put the new way behind `workflow.patched("…")`, and keep the old one for tickets that began before;
  2. `make histories` records histories of the new way (nothing is taken out of tests/histories);
  3. `make fingerprints` commits to the new commands: look at that diff line by line before you commit it.
Before the first release there are no such tickets, and steps 2 and 3 are enough.
"""


async def happy(office: Office) -> PlayedTicket:
    ticket = await office.a_ticket()
    await ticket.reach_review()
    await ticket.pass_time(timedelta(hours=50))
    await ticket.act("review", ticket.satisfied())
    await ticket.pass_time(ticket.request.deadlines.payment_notice)
    return ticket


async def changed_minds(office: Office) -> PlayedTicket:
    other = a_technician(office.database, "internet", name="Nadia Benali")
    ticket = await office.a_ticket()
    await ticket.act("decline", AskBecause(ticket.as_technician))
    ticket.technician = other
    await ticket.act("acknowledge", ticket.ask())
    await ticket.act("reschedule", ticket.moved_to(ticket.request.start + timedelta(days=1)))
    await ticket.act("reassign", ticket.reassigned(office.technician))
    await ticket.act("cancel", AskBecause(ticket.on_behalf))
    return ticket


async def silence(office: Office) -> PlayedTicket:
    ticket = await office.a_ticket()
    await ticket.pass_time(timedelta(hours=3))
    assert ticket.ticket("status") == ("to_assign",)
    await ticket.pass_time(timedelta(days=8))
    return ticket


async def no_show_then_absence(office: Office) -> PlayedTicket:
    other = a_technician(office.database, "internet", name="Nadia Benali")
    ticket = await office.a_ticket()
    await ticket.act("acknowledge", ticket.ask())
    await ticket.pass_time_until(ticket.request.start + timedelta(minutes=11))
    ticket.technician = other
    for _ in range(3):
        await ticket.act("call", ticket.ask())
        await ticket.pass_time(timedelta(minutes=8))
    await ticket.act("absent", ticket.ask())
    return ticket


async def dispute_and_ruling(office: Office) -> PlayedTicket:
    ticket = await office.a_ticket()
    await ticket.reach_session()
    await ticket.act("extend", ExtendAsked(ticket.as_client, 90))
    await ticket.act("incident", ticket.incident())
    await ticket.act("stop", Ask(ticket.as_client))
    await ticket.act("report", ticket.report_of(30))
    await ticket.act("ruling", ticket.ruled("reduce", GainRuling(1, GainKind.FULL), minutes=25))
    await ticket.act("dispute", ticket.dissatisfied())
    await ticket.act("take_over", Ask(ticket.as_back_office))
    await ticket.act("ruling", ticket.ruled("rework", start=await ticket.now() + timedelta(days=1)))
    await ticket.act("cancel", AskBecause(ticket.as_client))
    await ticket.act("ruling", ticket.ruled("waive"))
    return ticket


@pytest.mark.parametrize("play", [happy, changed_minds, silence, no_show_then_absence, dispute_and_ruling])
async def test_a_ticket_asks_for_what_is_committed(
    office: Office,
    play: Callable[[Office], Awaitable[PlayedTicket]],
    request: pytest.FixtureRequest,
) -> None:
    ticket = await play(office)
    await ticket.handle.result()
    asked = "\n".join(commands_of(await ticket.handle.fetch_history())) + "\n"
    path = COMMITTED / f"{play.__name__}.txt"
    if request.config.getoption("--record-fingerprints"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(asked)
    assert asked == path.read_text(), WHAT_TO_DO.format(name=path.name)
