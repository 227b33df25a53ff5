"""Enter the people of the demonstration. Never in production."""

from datetime import UTC, datetime

from activities.gateways.payments import ReceivingDetails
from activities.gateways.stripe_payments import StripePayments
from api.accepted_texts import IN_FORCE
from db.engine import Sessions, create_engine, sessions
from db.models.payees import Payee
from db.models.people import Technician
from db.stores import payees
from db.stores.admissions import accept_texts
from db.stores.people import enrol, enrol_technician
from deploy.demo_people import PEOPLE, DemoPerson
from deploy.settings import Settings
from domain.payees import MANDATE
from domain.tickets import Role

CLIENTS_SIGNED_UP = datetime(2026, 1, 5, 9, tzinfo=UTC)


class SeedRefused(Exception):
    """Demo people in production."""


async def run(settings: Settings) -> None:
    """Enter those who are missing. Safe to repeat; a technician's account is opened once."""
    if settings.is_production:
        raise SeedRefused("les personnes de démonstration n'ont rien à faire en production")
    engine = create_engine(settings.database_url.get_secret_value())
    payments = StripePayments(settings.stripe_api_key.get_secret_value(), settings.stripe_api_base)
    try:
        for person in PEOPLE:
            await _enter(sessions(engine), payments, person)
    finally:
        await payments.close()
        await engine.dispose()


async def _enter(database: Sessions, payments: StripePayments, given: DemoPerson) -> None:
    if given.details is None:
        async with database.begin() as session:
            person_id = await enrol(session, given.role, given.name, given.mail)
            if given.role is Role.CLIENT:
                await accept_texts(session, person_id, IN_FORCE, CLIENTS_SIGNED_UP)
        return
    async with database.begin() as session:
        technician_id = await enrol_technician(session, given.name, given.mail, given.skills)
        known = (await session.get_one(Technician, technician_id)).account_reference
    if known is None:
        account = await payments.open_account(technician_id, given.details)
        state = await payments.account_state(account)
        async with database.begin() as session:
            await payees.record_opened_account(session, technician_id, account, state)
            payee = await session.get_one(Payee, technician_id)
            payees.identify(payee, _identity(given, given.details))
            payees.declare(payee, _declared(given, given.details))
            payees.sign_mandate(payee, MANDATE, given.details.terms_accepted_at)


def _identity(given: DemoPerson, details: ReceivingDetails) -> payees.Identity:
    return payees.Identity(
        legal_name=f"{given.name} EI",
        siren=given.siren or "",
        street=details.street,
        postal_code=details.postal_code,
        city=details.city,
    )


def _declared(given: DemoPerson, details: ReceivingDetails) -> payees.DeclaredFacts:
    return payees.DeclaredFacts(
        is_company=False,
        first_name=details.first_name,
        last_name=details.last_name,
        birth_date=details.birth_date,
        tax_number=given.tax_number,
    )
