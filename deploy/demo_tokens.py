"""Let each person of the demonstration sign in. Never in production."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from api.auth import issue_token
from db.engine import create_engine, sessions
from db.models.people import Person
from deploy.demo_people import PEOPLE
from deploy.settings import Settings

LIFETIME = timedelta(days=7)


class TokenRefused(Exception):
    """Somebody unknown, or production, where people sign in by themselves."""


async def token(settings: Settings, mail: str) -> str:
    """A bearer token of the person with that address. Raises `TokenRefused` when there is none."""
    if settings.is_production:
        raise TokenRefused("en production, on se connecte par son propre lien")
    return (await tokens_of(settings, [mail]))[mail]


def sign_in_lines(settings: Settings) -> list[str]:
    """How to sign in as each person of the demonstration: role, name, and a bearer token."""
    tokens = asyncio.run(tokens_of(settings, [person.mail for person in PEOPLE]))
    lines = ["Dans la documentation de l'API, bouton « Authorize », coller un de ces jetons (7 jours) :"]
    for person in PEOPLE:
        lines += ["", f"{person.name} · {person.role.value} · {person.mail}", tokens[person.mail]]
    return lines


async def tokens_of(settings: Settings, mails: list[str]) -> dict[str, str]:
    """A bearer token for each of those addresses. Raises `TokenRefused` when somebody is unknown."""
    engine = create_engine(settings.database_url.get_secret_value())
    try:
        async with sessions(engine)() as session:
            rows = await session.execute(select(Person.mail, Person.id).where(Person.mail.in_(mails)))
            people = {row.mail: row.id for row in rows}
    finally:
        await engine.dispose()
    missing = [mail for mail in mails if mail not in people]
    if missing:
        raise TokenRefused(f"personne inconnue : {', '.join(missing)}")
    key = settings.token_key.get_secret_value().encode()
    now = datetime.now(UTC)
    return {mail: issue_token(key, people[mail], now, LIFETIME) for mail in mails}
