"""Tickets brought to each status by the shortest way, and what each command says there."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.messages import (
    Actor,
    Ask,
    AskBecause,
    ExtendAsked,
    PayAsked,
    StartAsked,
    WriteOffAsked,
)
from domain.rulings import GainKind, GainRuling
from tests.support.people import a_technician
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office

# So near that the technician may call at once, and nobody waits for a confirmation.
SOON = timedelta(minutes=5)
LATER = timedelta(days=1)
NOTHING_FOR_THE_FIRST = GainRuling(1, GainKind.NONE)


async def booked(office: Office, ahead: timedelta = SOON, *, wait: bool = True) -> PlayedTicket:
    """With a technician of its own, the only one there is."""
    office.database.execute("UPDATE people SET active = false WHERE role = 'technician'")
    technician = a_technician(office.database, "internet")
    return await office.a_ticket(ahead=ahead, technician=technician, wait=wait)


async def requested(office: Office) -> PlayedTicket:
    """For as long as nothing can be booked, which the test sees to."""
    return await booked(office, wait=False)


async def declined(office: Office) -> PlayedTicket:
    return await _decline(await booked(office))


async def in_session(office: Office) -> PlayedTicket:
    return await _start(await booked(office))


async def ended(office: Office) -> PlayedTicket:
    return await _end(await in_session(office))


async def reported(office: Office) -> PlayedTicket:
    return await _report(await ended(office))


async def disputed(office: Office) -> PlayedTicket:
    ticket = await reported(office)
    await ticket.act("dispute", ticket.dissatisfied())
    return ticket


async def not_credible(office: Office) -> PlayedTicket:
    return await _report(await ended(office), minutes=45)


async def withdrawn(office: Office) -> PlayedTicket:
    ticket = await in_session(office)
    await ticket.act("withdraw", ticket.withdrawal())
    return ticket


async def invoiced(office: Office) -> PlayedTicket:
    """For as long as the card is refused."""
    ticket = await reported(office)
    await ticket.act("review", ticket.satisfied())
    return ticket


async def unpaid(office: Office) -> PlayedTicket:
    ticket = await invoiced(office)
    await ticket.pass_time(timedelta(days=7, hours=1))
    await ticket.settle()
    return ticket


async def second_scheduled(office: Office, ahead: timedelta = SOON) -> PlayedTicket:
    """A free session to come, after a dispute about the first."""
    ticket = await disputed(office)
    await ticket.act("ruling", ticket.ruled("rework", NOTHING_FOR_THE_FIRST, start=datetime.now(UTC) + ahead))
    return ticket


async def second_declined(office: Office) -> PlayedTicket:
    return await _decline(await second_scheduled(office))


async def second_in_session(office: Office) -> PlayedTicket:
    return await _start(await second_scheduled(office))


async def second_ended(office: Office) -> PlayedTicket:
    return await _end(await second_in_session(office))


async def second_reported(office: Office) -> PlayedTicket:
    return await _report(await second_ended(office))


async def second_cancelled(office: Office) -> PlayedTicket:
    """Suspended again: the free session did not take place."""
    ticket = await second_scheduled(office)
    await ticket.act("cancel", AskBecause(ticket.as_client))
    return ticket


WAYS: dict[str, Callable[[Office], Awaitable[PlayedTicket]]] = {
    "requested": requested,
    "to_assign": declined,
    "scheduled": booked,
    "in_session": in_session,
    "to_report": ended,
    "in_review": reported,
    "suspended": disputed,
    "invoiced": invoiced,
    "unpaid": unpaid,
    "not_credible": not_credible,
    "withdrawn": withdrawn,
    "to_assign_2": second_declined,
    "scheduled_2": second_scheduled,
    "in_session_2": second_in_session,
    "to_report_2": second_ended,
    "in_review_2": second_reported,
    "suspended_2": second_cancelled,
}


async def ready(office: Office, state: str, command: str) -> PlayedTicket:
    """A ticket in that state of which nothing is missing for that command."""
    if command == "reschedule" and state in {"requested", "scheduled"}:
        return await booked(office, LATER, wait=state == "scheduled")
    if command == "reschedule" and state == "scheduled_2":
        return await second_scheduled(office, LATER)
    ticket = await WAYS[state](office)
    match command:
        case "start" if state != "requested":
            await ticket.act("consent", ticket.consent_given())
        case "absent" if state != "requested":
            await call_three_times(ticket)
        case "reassign" if not state.startswith("to_assign"):
            a_technician(office.database, "internet", name="Sarah Cohen")
    return ticket


async def call_three_times(ticket: PlayedTicket) -> None:
    """Over sixteen minutes, from the hour of the appointment on."""
    await ticket.pass_time(SOON)
    for pause in (0, 8, 8):
        await ticket.pass_time(timedelta(minutes=pause, seconds=1))
        await ticket.act("call", ticket.ask())


def message(ticket: PlayedTicket, command: str, state: str) -> Callable[[Actor], Any]:
    """What the command says, by whoever asks."""
    said = _message(ticket, command, state)
    return lambda actor: replace(said, actor=actor)


def _message(ticket: PlayedTicket, command: str, state: str) -> Any:
    match command:
        case "reschedule":
            return ticket.moved_to(ticket.request.start + timedelta(days=2))
        case "consent":
            return ticket.consent_given()
        case "extend":
            return ExtendAsked(ticket.as_client, 75)
        case "review":
            return ticket.satisfied()
        case "dispute":
            return ticket.dissatisfied()
        case "start" if state == "requested":
            return StartAsked(ticket.as_technician, "0000")
        case "start":
            return ticket.right_code()
        case "report":
            return ticket.report_of(1)
        case "reassign":
            return ticket.reassigned(ticket.technician if state.startswith("to_assign") else None)
        case "ruling":
            return _ruling(ticket, state)
        case "withdraw":
            return ticket.withdrawal()
        case "pay":
            return PayAsked(ticket.as_client)
        case "write_off":
            return WriteOffAsked(ticket.as_client, ticket.written(ticket.request.client_id, "write_off"))
        case "cancel" | "decline" | "incident":
            return AskBecause(ticket.as_client, ticket.written(ticket.request.client_id, command))
        case _:
            return Ask(ticket.as_client)


def _ruling(ticket: PlayedTicket, state: str) -> Any:
    match state:
        case "not_credible":
            return ticket.ruled("reduce", GainRuling(1, GainKind.FULL), minutes=1)
        case "withdrawn":
            return ticket.ruled("waive", NOTHING_FOR_THE_FIRST)
        case "suspended_2":
            return ticket.ruled("rework", start=datetime.now(UTC) + SOON)
        case _:
            return ticket.ruled("bill", GainRuling(1, GainKind.FULL))


async def _decline(ticket: PlayedTicket) -> PlayedTicket:
    await ticket.act("decline", AskBecause(ticket.as_technician))
    return ticket


async def _start(ticket: PlayedTicket) -> PlayedTicket:
    await ticket.act("consent", ticket.consent_given())
    await ticket.act("start", ticket.right_code())
    return ticket


async def _end(ticket: PlayedTicket) -> PlayedTicket:
    await ticket.act("end", ticket.ask())
    return ticket


async def _report(ticket: PlayedTicket, minutes: int = 1) -> PlayedTicket:
    await ticket.act("report", ticket.report_of(minutes))
    return ticket
