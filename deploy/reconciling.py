"""`omea reconcile`: comparing the stores after a restore, and making them agree again."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from activities.gateways.temporal_tickets import TemporalTickets
from activities.notifications import NotificationActivities
from db.reads.processes import Rules
from db.reads.recovery import at_work
from deploy.recovery.looking import look
from deploy.recovery.notices import SentBefore
from deploy.recovery.repairing import accept, repair
from deploy.recovery.stores import Stores
from deploy.settings import Settings
from deploy.temporal import connect
from deploy.wiring import Collaborators, activities, deadlines_of, hours_of, slot_rules_of
from deploy.worker import collaborators
from domain.recovery import Difference, Kind

# What the marks say is over once nothing else is left: that is what the repair was for.
MARKS = frozenset({Kind.DATABASE_OLDER, Kind.TEMPORAL_OLDER})


# Money that has left for a technician: to take note of it only would have the gains paid again.
SENDING = frozenset({"claim", "record_transfer"})


class StoresInUse(Exception):
    """A worker or an API is connected to the database."""

    def __init__(self, roles: Sequence[str]) -> None:
        super().__init__(f"des processus écrivent encore dans la base ({', '.join(roles)}) : les arrêter")


@dataclass(frozen=True)
class Outcome:
    """`left` are the differences that remain; `accepted` whether whoever starts may write though they do."""

    repaired: tuple[Difference, ...]
    left: tuple[Difference, ...]
    accepted: bool = False


@asynccontextmanager
async def stores_of(settings: Settings) -> AsyncIterator[Stores]:
    """`settings` are the owner's: the worker may not put back what it never writes."""
    client = await connect(settings)
    async with collaborators(settings) as given:
        steps = activities(given, TemporalTickets(client, settings.task_queue))
        yield Stores(
            client=client,
            task_queue=settings.task_queue,
            database=given.database,
            payments=given.payments,
            chargebacks=given.chargebacks,
            activities={step.__name__: step for step in steps},
            enter_notice=enter_notice(given),
            rules=Rules(deadlines_of(settings), hours_of(settings)),
            slot_rules=slot_rules_of(settings),
        )


def enter_notice(given: Collaborators) -> Callable[[Any], Awaitable[Any]]:
    return NotificationActivities(
        given.database,
        SentBefore(),
        given.sender,
        given.back_office,
        given.public_url,
        given.link_key,
    ).notify


async def reconcile(settings: Settings, reason: str | None, *, accept_rest: bool = False) -> Outcome:
    """Compare; with a reason, repair as well. Once nothing is left, or what is left is accepted, the worker
    and the API may start again; money that was sent and is not in the database is never accepted. Raises
    `StoresInUse` rather than repair beside them."""
    async with stores_of(settings) as stores:
        if reason is None:
            return Outcome((), tuple((await look(stores, datetime.now(UTC))).differences))
        async with stores.database() as session:
            if roles := await at_work(session):
                raise StoresInUse(roles)
        repaired = await repair(stores, datetime.now(UTC), reason)
        left = (await look(stores, datetime.now(UTC))).differences
        accepted = accept_rest and not any(is_money_sent(one) for one in left)
        if accepted or all(one.kind in MARKS for one in left):
            marks = [one for one in left if one.kind in MARKS]
            if marks or repaired or accepted:
                await accept(stores, datetime.now(UTC), reason)
            repaired += marks
            left = [one for one in left if one.kind not in MARKS]
        return Outcome(tuple(repaired), tuple(left), accepted)


def is_money_sent(one: Difference) -> bool:
    """Whether a technician's money has left, or may have, of which the database knows nothing."""
    return one.kind is Kind.TRANSFER_UNKNOWN or (
        one.kind is Kind.STEP_LOST and one.detail.partition(" ")[0] in SENDING
    )
