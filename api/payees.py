"""Payees behind the API: one changed under its lock, and shown with what holds their money now."""

from collections.abc import Callable

from api.codes import ApiCode
from api.dependencies import Dependencies
from api.errors import Problem
from api.shapes.payees import PayeeView, payee_view
from db.models.payees import Payee
from db.reads.claimable_gains import claimable_totals
from db.reads.payees import standings
from db.stores import payees
from db.stores.requests import Asking, remember
from domain.opening_hours import PARIS
from domain.payees import holds


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
    now = given.clock()
    async with given.sessions() as session:
        payee = await session.get(Payee, technician_id)
        if payee is None:
            raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
        totals = await claimable_totals(session, now, technician_id)
        standing = (await standings(session, [technician_id]))[technician_id]
    due = sum(total.total_cents for total in totals)
    return payee_view(payee, holds(standing, due, now.astimezone(PARIS).date()))
