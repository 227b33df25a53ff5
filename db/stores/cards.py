"""A client's account at the payment provider, and the card kept there."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Card
from domain.cards import SaveCard


async def record_customer(session: AsyncSession, client_id: str, customer: str) -> None:
    """Repeated, it changes nothing."""
    await session.execute(
        insert(Card)
        .values(client_id=client_id, customer_reference=customer)
        .on_conflict_do_nothing(index_elements=[Card.client_id])
    )


async def record_card(session: AsyncSession, message: SaveCard, card: str, label: str) -> bool:
    """Keep the newest card: one saved at an earlier time never replaces a later one.

    False when the client has no account at the provider.
    """
    row = await session.scalar(select(Card).where(Card.client_id == message.client_id).with_for_update())
    if row is None:
        return False
    if row.saved_at is None or row.saved_at <= message.at:
        row.card_reference, row.label, row.saved_at = card, label, message.at
    return True
