"""A client's account at the payment provider, and the card kept there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Card, Person


async def known_customer(session: AsyncSession, client_id: str) -> str | None:
    return await session.scalar(select(Card.customer_reference).where(Card.client_id == client_id))


class ClientGone(Exception):
    """The client was erased meanwhile."""


async def record_customer(session: AsyncSession, client_id: str, customer: str) -> str:
    """Answers the reference that counts: the one recorded first. Raises `ClientGone`."""
    # An erasure locks the person: the row's foreign key waits for its end, and what is read after knows it.
    await session.execute(
        insert(Card)
        .values(client_id=client_id, customer_reference=customer)
        .on_conflict_do_nothing(index_elements=[Card.client_id])
    )
    kept = select(Card.customer_reference).join(Person, Person.id == Card.client_id)
    reference = await session.scalar(kept.where(Card.client_id == client_id, Person.active))
    if reference is None:
        raise ClientGone
    return reference


async def record_card(
    session: AsyncSession, client_id: str, card: str, label: str, given_at: datetime
) -> None:
    """Keep the card given last, whichever of two pages is looked at last. Of who was erased meanwhile nothing
    is kept."""
    row = await session.get(Card, client_id, with_for_update=True)
    if row is None:
        return
    if row.saved_at is None or row.saved_at <= given_at:
        row.card_reference, row.label, row.saved_at = card, label, given_at
