"""The excess that a ticket sent back before it closed, and that a bank may give back to us."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Invoice
from db.reads.refunds import kept_cents, under_way
from db.stores.money.credits import due_of
from db.stores.money.refunded import enter_refund
from db.stores.tickets import acts
from domain.messages import Actor
from domain.refunds import ExcessSeen, LookAtExcess, SentBack
from domain.ticket_steps import Act
from domain.tickets import Role

PROVIDER = Actor(id="provider", role=Role.SYSTEM)


async def record_seen(
    session: AsyncSession, message: LookAtExcess, sent: Mapping[int, SentBack]
) -> ExcessSeen:
    """What has become of each sending, by its attempt. Entered again it changes nothing."""
    invoice = await session.get_one(Invoice, message.invoice)
    for attempt, one in sent.items():
        key = f"excess:{message.invoice}:{attempt}:{one.state.value}"
        act = Act(invoice.ticket, key, message.at, PROVIDER)
        begun = await acts.begin(session, act)
        if begun.done or not await enter_refund(session, invoice, 0, attempt, one, act.at):
            continue
        status = begun.ticket.status
        acts.record(session, act, "excess_returned", status, status, invoice=invoice.number, attempt=attempt)
    return ExcessSeen(invoice.ticket, await excess_owed_cents(session, invoice))


async def excess_owed_cents(session: AsyncSession, invoice: Invoice) -> int:
    """What we have beyond what is due, unless a refund case is to send it; never less than 0."""
    if await under_way(session, invoice.number):
        return 0
    return max(0, await kept_cents(session, invoice.number) - (await due_of(session, invoice)).ttc_cents)
