"""What is known of technicians as those who are paid."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.payouts import Statement
from db.models.people import Person, Technician
from db.reads.people import shown_name_of
from domain.payees import Rail, Standing


@dataclass(frozen=True)
class PayeeFile:
    """A technician as one who is paid, by the name that the asker may be shown of them. `active` is false of
    who is suspended or has left."""

    payee: Payee
    standing: Standing
    name: str
    active: bool


async def standings(session: AsyncSession, technicians: Collection[str]) -> dict[str, Standing]:
    """By technician; one query, however many they are."""
    return {payee.technician_id: known for payee, known in await _known(session, technicians)}


async def known_payee(session: AsyncSession, technician_id: str) -> tuple[Payee, Standing] | None:
    """None when there is no such technician."""
    found = await _known(session, [technician_id])
    return found[0] if found else None


async def payee_files(
    session: AsyncSession, technicians: Collection[str] | None = None
) -> dict[str, PayeeFile]:
    """By technician, or of all there are; one query."""
    active = select(Person.active).where(Person.id == Payee.technician_id).scalar_subquery()
    query = _with_billed().add_columns(shown_name_of(Payee.technician_id), active)
    if technicians is not None:
        query = query.where(Payee.technician_id.in_(technicians))
    return {
        payee.technician_id: PayeeFile(payee, standing(payee, account, int(billed)), name or "", bool(active))
        for payee, account, billed, name, active in await session.execute(query)
    }


async def _known(session: AsyncSession, technicians: Collection[str]) -> list[tuple[Payee, Standing]]:
    rows = await session.execute(_with_billed().where(Payee.technician_id.in_(technicians)))
    return [(payee, standing(payee, account, int(billed))) for payee, account, billed in rows]


def _with_billed() -> Select[Payee, str | None, int]:
    """And what the statements of each came to so far."""
    billed = (
        select(func.coalesce(func.sum(Statement.total_cents), 0))
        .where(Statement.technician_id == Payee.technician_id)
        .scalar_subquery()
    )
    return select(Payee, Technician.account_reference, billed).join(
        Technician, Technician.id == Payee.technician_id
    )


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
