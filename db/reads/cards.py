"""The card that a client saved."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Card


async def saved_card(session: AsyncSession, client_id: str) -> Card | None:
    """None while no card has been given, even if the provider already knows the client."""
    return await session.scalar(
        select(Card).where(Card.client_id == client_id, Card.card_reference.is_not(None))
    )
