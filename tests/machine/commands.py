"""A command as the workflow is told it: who asks, and with which message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.messages import (
    Actor,
    Ask,
    AskBecause,
    ConsentGiven,
    DisputeRaised,
    ExtendAsked,
    ReassignAsked,
    ReportFiled,
    RescheduleAsked,
    ReviewGiven,
    RulingGiven,
    StartAsked,
    WithdrawalConfirmed,
)
from domain.rulings import GainKind, GainRuling, RulingKind
from domain.tickets import Role
from tests.machine.model import Given

if TYPE_CHECKING:
    from tests.machine.world import Player, World

NOBODY = "00000000-0000-7000-8000-000000000000"


def _actor(world: World, player: Player, who: str) -> Actor:
    office = world.office
    match who:
        case "client":
            return Actor(office.client, Role.CLIENT)
        case "stranger":
            return Actor(world.stranger, Role.CLIENT)
        case "technician":
            return Actor(player.model.technician or NOBODY, Role.TECHNICIAN)
        case "other_technician":
            others = [one for one in world.technicians if one != player.model.technician]
            return Actor(others[0] if others else NOBODY, Role.TECHNICIAN)
        case "on_behalf":
            return Actor(office.back_office, Role.BACK_OFFICE, office.client)
        case _:
            return Actor(office.back_office, Role.BACK_OFFICE)


def message(world: World, player: Player, given: Given) -> Any:
    actor, texts = _actor(world, player, given.who), world.written
    match given.command:
        case "reschedule":
            assert given.start is not None
            return RescheduleAsked(actor, given.start)
        case "reassign":
            return ReassignAsked(actor, texts["reassign"], given.technician)
        case "decline" | "cancel" | "incident":
            return AskBecause(actor, texts[given.command])
        case "withdraw":
            return WithdrawalConfirmed(actor, "2026-11")
        case "consent":
            return ConsentGiven(actor, "2026-11", texts["anydesk_id"])
        case "start":
            return StartAsked(actor, _code(world, player, right=given.right))
        case "extend":
            return ExtendAsked(actor, given.minutes or 0)
        case "report":
            return ReportFiled(actor, given.minutes or 0, texts["report"])
        case "review":
            return ReviewGiven(actor, 4, texts["review"], satisfied=given.satisfied)
        case "dispute":
            return DisputeRaised(actor, texts["dispute"])
        case "ruling":
            return _ruling(actor, texts["ruling"], given)
        case _:
            return Ask(actor)


def _ruling(actor: Actor, text: str, given: Given) -> RulingGiven:
    gains = tuple(GainRuling(gain.session, GainKind(gain.kind), gain.minutes) for gain in given.gains)
    return RulingGiven(
        actor, RulingKind(given.kind), text, gains, given.minutes, given.start, given.technician
    )


def _code(world: World, player: Player, *, right: bool) -> str:
    [(code,)] = world.rows("SELECT client_code FROM tickets WHERE number = %s", player.ticket.number)
    if right:
        return str(code)
    return "0000" if code != "0000" else "1111"
