"""What each technician was paid in a calendar year, and what is known of them to declare it."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import distinct, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.erasures import Erasure
from db.models.money import Gain
from db.models.payees import Payee
from db.models.payouts import GainClaim, Payout, PayoutStatus, Statement
from domain.dac7 import Payment, Seller, SellerYear, quarters
from domain.declared_years import DeclaredYear
from domain.documents import FRANCE, Address
from domain.opening_hours import PARIS
from domain.payees import Rail
from domain.payouts import Month


async def declared_year(
    session: AsyncSession, year: int, now: datetime, technician_id: str | None = None
) -> DeclaredYear:
    """The year, Paris time, with all who were paid in it, or that one technician if they were."""
    payments = await _payments(session, year, technician_id)
    left = await session.scalars(
        select(Erasure.person_id).where(Erasure.person_id.in_(list(payments)), Erasure.erased_at.is_not(None))
    )
    erased = set(left)
    payees = await session.scalars(
        select(Payee).where(Payee.technician_id.in_(list(payments))).order_by(Payee.technician_id)
    )
    sellers = tuple(
        SellerYear(_seller(payee), quarters(year, payments[payee.technician_id]))
        for payee in payees
        if payee.technician_id not in erased
    )
    return DeclaredYear(year, now.astimezone(PARIS).date(), sellers, tuple(sorted(erased)))


async def _payments(session: AsyncSession, year: int, technician_id: str | None) -> dict[str, list[Payment]]:
    """By technician: each transfer made in the year, whichever month it is for, and how many sessions its
    gains are of. A session that a later statement corrects is counted in both."""
    activities = (
        select(func.count(distinct(tuple_(Gain.ticket, Gain.session))))
        .join(GainClaim, GainClaim.gain_id == Gain.id)
        .where(GainClaim.statement == Statement.key)
        .scalar_subquery()
    )
    query = (
        select(Statement, Payout.paid_at, activities)
        .join(Payout, Payout.key == Statement.key)
        .where(
            Payout.status == PayoutStatus.PAID,
            Payout.paid_at >= Month(year, 1).start,
            Payout.paid_at < Month(year + 1, 1).start,
        )
    )
    if technician_id is not None:
        query = query.where(Statement.technician_id == technician_id)
    found: defaultdict[str, list[Payment]] = defaultdict(list)
    for statement, paid_at, count in await session.execute(query):
        if paid_at is not None:
            found[statement.technician_id].append(Payment(paid_at, statement.due_cents, count))
    return dict(found)


def _seller(payee: Payee) -> Seller:
    """Whoever is not said to be a company is a person: of a person more must be known. All pay their taxes in
    France, where their SIREN is from."""
    is_company = payee.is_company is True
    address = Address(payee.street or "", payee.postal_code or "", payee.city or "")
    return Seller(
        id=payee.technician_id,
        name=payee.legal_name or "",
        first_name=payee.first_name,
        last_name=payee.last_name,
        birth_date=payee.birth_date,
        siren=payee.siren,
        vat_number=payee.vat_number,
        # A company's is its SIREN: what was kept of a person is not the company's.
        tax_id=None if is_company else payee.tax_number,
        address=address if payee.street is not None else None,
        country=FRANCE,
        iban=payee.iban if payee.rail is Rail.SEPA else None,
        is_entity=is_company,
    )
