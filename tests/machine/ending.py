"""Driving every open ticket to its end: by silence, by ruling, and by a debt that is paid."""

from datetime import timedelta

from tests.machine.broken import require
from tests.machine.model import Gain, Given
from tests.machine.world import Player, World

# A suspended free session after two others is the longest way.
ROUNDS = 12


async def end_all(world: World) -> None:
    for _ in range(ROUNDS):
        if not any(player.open for player in world.players):
            break
        for player in world.players:
            await _push(world, player)
        await world.pass_time(timedelta(days=8))
    for player in world.players:
        require(not player.open, "never ends:", player.model)
        require(await player.ticket.handle.result() == player.model.outcome, "ends otherwise", player.model)


async def _push(world: World, player: Player) -> None:
    """What silence alone would never bring."""
    model = player.model
    match model.status:
        case "scheduled" if model.calls:
            # A technician who called keeps the ticket until the team sees to it.
            await world.act(player, Given("cancel", "on_behalf"))
        case "to_report":
            await world.act(player, Given("dispute", "on_behalf"))
        case "suspended":
            gains = tuple(Gain(number, "none") for number in model.unruled())
            await world.act(player, Given("ruling", "back_office", kind="waive", gains=gains))
        case "unpaid":
            await _pay(world, player)


async def _pay(world: World, player: Player) -> None:
    """By the client, on the provider's page: nobody tells us, and we look by ourselves."""
    [(intent,)] = world.rows(
        "SELECT intent FROM payments JOIN invoices ON number = invoice WHERE ticket = %s",
        player.ticket.number,
    )
    await world.office.payments._stripe.payment_intents.confirm_async(
        intent, {"payment_method": "pm_card_visa", "return_url": "https://example.fr/merci"}
    )
