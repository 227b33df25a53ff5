"""What is known of technicians as those who are paid."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.payouts import Statement
from db.models.people import Technician
from domain.payees import Rail, Standing


async def standings(session: AsyncSession, technicians: Collection[str]) -> dict[str, Standing]:
    """By technician; two queries, however many they are."""
    billed = await _billed_cents(session, technicians)
    rows = await session.execute(
        select(Payee, Technician.account_reference)
        .join(Technician, Technician.id == Payee.technician_id)
        .where(Payee.technician_id.in_(technicians))
    )
    return {
        payee.technician_id: standing(payee, account, billed.get(payee.technician_id, 0))
        for payee, account in rows
    }


def standing(payee: Payee, account: str | None, billed_cents: int) -> Standing:
    """`account` is the reference of their account at the provider."""
    by_stripe = payee.rail is Rail.STRIPE
    identity = (payee.legal_name, payee.siren, payee.street, payee.postal_code, payee.city)
    return Standing(
        rail=payee.rail,
        has_identity=None not in identity,
        mandate=payee.mandate,
        has_account=account is not None if by_stripe else payee.iban is not None,
        account_ready=payee.account_ready if by_stripe else payee.iban is not None,
        bank_change_pending=payee.wanted_at is not None,
        vigilance_until=payee.vigilance_until,
        billed_cents=billed_cents,
        charges_vat=payee.vat_number is not None,
    )


async def _billed_cents(session: AsyncSession, technicians: Collection[str]) -> dict[str, int]:
    rows = await session.execute(
        select(Statement.technician_id, func.sum(Statement.total_cents))
        .where(Statement.technician_id.in_(technicians))
        .group_by(Statement.technician_id)
    )
    return {technician_id: int(cents) for technician_id, cents in rows}
