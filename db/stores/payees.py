"""What technicians and the team set of a payee: identity, mandate, papers, and where money goes.

A change of bank is the usual way to steal a supplier's payments: it only waits in `wanted_…`, which holds all
payments, until the team has called the technician and confirmed it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypedDict

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.people import Person, Technician
from db.reads.leaving import was_erased
from domain.payees import AccountState, Rail

# As many as the column takes.
MOST_WORDS = 2000


@dataclass(frozen=True)
class Identity:
    """As on the register of companies. `vat_number` is None for one in franchise of VAT."""

    legal_name: str
    siren: str
    street: str
    postal_code: str
    city: str
    vat_number: str | None = None


class DeclaredFacts(TypedDict, total=False):
    """What the yearly declaration says beside the identity. None takes a fact back; one that is not there
    stays as it is."""

    is_company: bool | None
    first_name: str | None
    last_name: str | None
    birth_date: date | None
    tax_number: str | None


class AccountAsked(NamedTuple):
    """`reference` is the account they have, None for none; `before` is when we first set about opening one,
    None when we do so now. Then who they are, as far as we know."""

    reference: str | None
    before: datetime | None
    mail: str
    payee: Payee


async def locked(session: AsyncSession, technician_id: str) -> Payee | None:
    """Nobody else changes it until the commit. None when there is no such technician, or they were
    erased."""
    found = await session.get(Payee, technician_id, with_for_update=True)
    if found is None or await session.scalar(select(was_erased(technician_id))):
        return None
    return found


def identify(payee: Payee, identity: Identity) -> None:
    """What was written on statements before stays so."""
    payee.legal_name, payee.siren, payee.vat_number = identity.legal_name, identity.siren, identity.vat_number
    payee.street, payee.postal_code, payee.city = identity.street, identity.postal_code, identity.city


def declare(payee: Payee, facts: DeclaredFacts) -> None:
    for name, fact in facts.items():
        setattr(payee, name, fact)


def sign_mandate(payee: Payee, version: str, at: datetime) -> None:
    """Signed again, the first time stays."""
    if payee.mandate != version:
        payee.mandate, payee.mandate_signed_at = version, at


def hold_papers(payee: Payee, until: date | None) -> None:
    """The certificate of vigilance is with us, and good up to that day; None takes it back."""
    payee.vigilance_until = until


def ask_for_bank(payee: Payee, rail: Rail, iban: str | None, at: datetime) -> None:
    """Asked for what is in force already, whatever waited is given up. Asked again, the last word counts."""
    same = (payee.rail, payee.iban if rail is Rail.SEPA else None) == (rail, iban)
    if same:
        _forget_wanted(payee)
    elif (payee.wanted_rail, payee.wanted_iban) != (rail, iban):
        payee.wanted_rail, payee.wanted_iban, payee.wanted_at = rail, iban, at


def confirm_bank(payee: Payee) -> bool:
    """Put in force what was asked for. False when nothing was."""
    if payee.wanted_rail is None:
        return False
    payee.rail = payee.wanted_rail
    if payee.rail is Rail.SEPA:
        payee.iban = payee.wanted_iban
    _forget_wanted(payee)
    return True


def refuse_bank(payee: Payee) -> bool:
    """Give up what was asked for. False when nothing was."""
    waited = payee.wanted_rail is not None
    _forget_wanted(payee)
    return waited


async def payee_of_account(session: AsyncSession, reference: str) -> Payee | None:
    """Locked. None for an account that is no technician's."""
    owner = await session.scalar(select(Technician.id).where(Technician.account_reference == reference))
    return await locked(session, owner) if owner is not None else None


async def ask_for_account(session: AsyncSession, technician_id: str) -> AccountAsked:
    """Committed before the provider is asked, so that whoever comes after a crash knows that there may be an
    account, and from when on to look for it."""
    payee = await session.get_one(Payee, technician_id, with_for_update=True)
    technician = await session.get_one(Technician, technician_id)
    person = await session.get_one(Person, technician_id)
    before = payee.account_asked_at
    if before is None and technician.account_reference is None:
        payee.account_asked_at = func.now()
        await session.flush()
        await session.refresh(payee)
    return AccountAsked(technician.account_reference, before, person.mail, payee)


async def record_opened_account(
    session: AsyncSession, technician_id: str, reference: str, state: AccountState
) -> str:
    """The account that the technician has from now on: the first one recorded."""
    payee = await session.get_one(Payee, technician_id, with_for_update=True)
    technician = await session.get_one(Technician, technician_id)
    if technician.account_reference is None:
        technician.account_reference = reference
        record_account(payee, state)
    return technician.account_reference


def record_account(payee: Payee, state: AccountState) -> None:
    """What the provider says of the account now."""
    payee.account_ready = state.ready
    payee.account_missing = ", ".join(state.missing)[:MOST_WORDS] or None


def _forget_wanted(payee: Payee) -> None:
    payee.wanted_rail = payee.wanted_iban = payee.wanted_at = None
