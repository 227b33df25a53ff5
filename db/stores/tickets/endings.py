"""What time alone brings a ticket to: unpaid, or cancelled."""

from sqlalchemy.ext.asyncio import AsyncSession

from db.stores.tickets import acts
from domain.ticket_steps import ChangeStatus
from domain.tickets import Outcome, Status


async def change_status(session: AsyncSession, message: ChangeStatus) -> None:
    """A change that time brought and that carries nothing else: unpaid, or cancelled for want of anybody."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    before, begun.ticket.status = begun.ticket.status, message.status
    if message.status is Status.CLOSED:
        begun.ticket.outcome, begun.ticket.closed_at = Outcome.CANCELLED, act.at
    acts.record(session, act, message.status.value, before, begun.ticket.status)
