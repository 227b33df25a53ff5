"""The three stores that are compared, and what the processes are given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from temporalio.client import Client

from activities.gateways.chargebacks import Chargebacks
from activities.gateways.payments import Payments
from db.engine import Sessions
from db.reads.processes import Rules
from deploy.recovery.histories import Shape, shapes
from domain.slots import SlotRules


@dataclass(frozen=True)
class Stores:
    """`activities` are the worker's own, by name."""

    client: Client
    task_queue: str
    database: Sessions
    payments: Payments
    chargebacks: Chargebacks
    activities: Mapping[str, Callable[[Any], Awaitable[Any]]]
    # `notify`, for mails that went out before.
    enter_notice: Callable[[Any], Awaitable[Any]]
    rules: Rules
    slot_rules: SlotRules

    @property
    def shapes(self) -> dict[str, Shape]:
        return shapes(self.activities.values())
