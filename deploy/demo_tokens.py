"""Let each person of the demonstration sign in. Never in production."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select

from api import cookies
from api.auth import issue_token
from db.engine import create_engine, sessions
from db.models.people import Person
from db.stores import sign_ins
from deploy.demo_people import PEOPLE
from deploy.settings import Settings
from domain.second_factors import SecondFactor, needs_second_factor
from domain.sign_ins import fingerprint, lifetime_of


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
    lines = [
        f"Dans un navigateur : {settings.public_url}/v1/sign-in ; le lien arrive dans les courriels.",
        "À l'équipe il est aussi demandé un code ; la première fois, une application d'authentification",
        "est enregistrée, et les connexions ouvertes jusque-là au nom de cette personne se ferment.",
        "Dans la documentation de l'API, bouton « Authorize », coller un de ces jetons",
        "(une connexion d'équipe dure 12 h, dont 1 h sans servir ; « omea token » en ouvre une autre) :",
    ]
    for person in PEOPLE:
        lines += ["", f"{person.name} · {person.role.value} · {person.mail}", tokens[person.mail]]
    return lines


async def tokens_of(settings: Settings, mails: list[str]) -> dict[str, str]:
    """A bearer token for each of those addresses, of a sign-in that is begun here and lasts as any other.
    Raises `TokenRefused` when somebody is unknown, and then begins none."""
    now, key = datetime.now(UTC), settings.token_key.get_secret_value().encode()
    engine = create_engine(settings.database_url.get_secret_value())
    try:
        async with sessions(engine).begin() as session:
            rows = await session.scalars(select(Person).where(Person.mail.in_(mails)))
            people = {person.mail: person for person in rows}
            missing = [mail for mail in mails if mail not in people]
            if missing:
                raise TokenRefused(f"personne inconnue : {', '.join(missing)}")
            tokens = {}
            for mail in mails:
                person, nobody_knows = people[mail], fingerprint(cookies.new_secret())
                factor = SecondFactor.DEMONSTRATION if needs_second_factor(person.role) else None
                sign_in_id = await sign_ins.begin(session, person.id, nobody_knows, "omea token", now, factor)
                tokens[mail] = issue_token(key, sign_in_id, now, lifetime_of(person.role).at_most)
            return tokens
    finally:
        await engine.dispose()
