"""What is known of technicians as those who are paid."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.payouts import Statement
from db.models.people import Technician
from domain.payees import Rail, Standing


async def standings(session: AsyncSession, technicians: Collection[str]) -> dict[str, Standing]:
    """By technician; one query, however many they are."""
    return {payee.technician_id: known for payee, known in await _known(session, technicians)}


async def known_payee(session: AsyncSession, technician_id: str) -> tuple[Payee, Standing] | None:
    """None when there is no such technician."""
    found = await _known(session, [technician_id])
    return found[0] if found else None


async def _known(session: AsyncSession, technicians: Collection[str]) -> list[tuple[Payee, Standing]]:
    billed = (
        select(func.coalesce(func.sum(Statement.total_cents), 0))
        .where(Statement.technician_id == Payee.technician_id)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Payee, Technician.account_reference, billed)
        .join(Technician, Technician.id == Payee.technician_id)
        .where(Payee.technician_id.in_(technicians))
    )
    return [(payee, standing(payee, account, int(cents))) for payee, account, cents in rows]


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
