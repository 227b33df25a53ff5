"""Payees behind the API: one changed under its lock, and shown with what holds their money now."""

from collections.abc import Callable
from datetime import datetime

from api.codes import ApiCode
from api.dependencies import Dependencies
from api.errors import Problem
from api.shapes.payees import PayeeView, payee_view
from db.models.payees import Payee
from db.reads.claimable_gains import unclaimed_totals
from db.reads.payees import known_payee
from db.stores import payees
from db.stores.requests import Asking, remember
from domain.opening_hours import PARIS
from domain.payees import carried_over, holds


async def change(
    given: Dependencies, asked: Asking, technician_id: str, change_it: Callable[[Payee], object]
) -> PayeeView:
    """Once for each request. Raises `Problem(TECHNICIAN_NOT_FOUND)` and what `change_it` raises."""
    async with given.sessions.begin() as session:
        payee = await payees.locked(session, technician_id)
        if payee is None:
            raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
        if (await remember(session, asked)).is_new:
            change_it(payee)
    return await shown(given, technician_id)


async def shown(given: Dependencies, technician_id: str) -> PayeeView:
    """As they are now. Raises `Problem(TECHNICIAN_NOT_FOUND)`."""
    return (await due(given, technician_id, given.clock()))[0]


async def due(given: Dependencies, technician_id: str, cut_off: datetime) -> tuple[PayeeView, int]:
    """As they are now, and the cents, VAT excluded, of what was accepted before the cut-off, that nothing
    holds and no statement has. Raises `Problem(TECHNICIAN_NOT_FOUND)`."""
    async with given.sessions() as session:
        known = await known_payee(session, technician_id)
        if known is None:
            raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
        totals = await unclaimed_totals(session, cut_off, technician_id)
    payee, standing = known
    cents = sum(total.total_cents for total in totals)
    billed = cents if carried_over(cents) is None else 0
    return payee_view(payee, holds(standing, billed, given.clock().astimezone(PARIS).date())), cents
