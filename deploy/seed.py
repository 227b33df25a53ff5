"""Enter the people of the demonstration, and let each of them sign in. Never in production."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from activities.gateways.stripe_payments import StripePayments
from api.auth import issue_token
from db.engine import Sessions, create_engine, sessions
from db.models.people import Person, Technician
from db.stores.people import enrol, enrol_technician
from deploy.demo_people import PEOPLE, DemoPerson
from deploy.settings import Settings

LIFETIME = timedelta(days=7)


class SeedRefused(Exception):
    """Demo people in production, or somebody unknown."""


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
            await enrol(session, given.role, given.name, given.mail)
        return
    async with database.begin() as session:
        technician_id = await enrol_technician(session, given.name, given.mail, given.skills)
        known = (await session.get_one(Technician, technician_id)).account_reference
    if known is None:
        account = await payments.open_account(technician_id, given.details)
        async with database.begin() as session:
            (await session.get_one(Technician, technician_id)).account_reference = account


async def token(settings: Settings, mail: str) -> str:
    """A bearer token of the person with that address. Raises `SeedRefused` when there is none."""
    if settings.is_production:
        raise SeedRefused("en production, on se connecte par son propre lien")
    return (await tokens_of(settings, [mail]))[mail]


def sign_in_lines(settings: Settings) -> list[str]:
    """How to sign in as each person of the demonstration: role, name, and a bearer token."""
    tokens = asyncio.run(tokens_of(settings, [person.mail for person in PEOPLE]))
    lines = ["Dans la documentation de l'API, bouton « Authorize », coller un de ces jetons (7 jours) :"]
    for person in PEOPLE:
        lines += ["", f"{person.name} · {person.role.value} · {person.mail}", tokens[person.mail]]
    return lines


async def tokens_of(settings: Settings, mails: list[str]) -> dict[str, str]:
    """A bearer token for each of those addresses. Raises `SeedRefused` when somebody is unknown."""
    engine = create_engine(settings.database_url.get_secret_value())
    try:
        async with sessions(engine)() as session:
            rows = await session.execute(select(Person.mail, Person.id).where(Person.mail.in_(mails)))
            people: dict[str, str] = dict(rows.tuples().all())
    finally:
        await engine.dispose()
    missing = [mail for mail in mails if mail not in people]
    if missing:
        raise SeedRefused(f"personne inconnue : {', '.join(missing)}")
    key = settings.token_key.get_secret_value().encode()
    now = datetime.now(UTC)
    return {mail: issue_token(key, people[mail], now, LIFETIME) for mail in mails}
