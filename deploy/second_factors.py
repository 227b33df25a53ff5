"""What an operator has to do with the team's second factors: the keys under which the secrets of
authenticators are kept, and the reset of one when no colleague is left to do it.

The keys are derived from the payload keys, so that there is nothing more to draw, to keep and to rotate.
"""

from datetime import UTC, datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.sealing import SealBroken, Sealed, Seals
from db.engine import create_engine, sessions
from db.models.second_factors import Authenticator
from db.reads.people import active_person, person_of_mail
from db.stores import second_factors
from deploy.settings import Settings
from domain.second_factors import needs_second_factor


class PayloadKeyMissing(Exception):
    """Secrets are sealed under a key that is not among the settings any more."""


class NoColleague(Exception):
    """Nobody of the team has that address."""


def seals_of(settings: Settings) -> Seals:
    derived = {key_id: _derived(key) for key_id, key in settings.payload_keys.items()}
    return Seals(derived, settings.active_payload_key)


def _derived(payload_key: bytes) -> bytes:
    """Of no use to find the payload key again."""
    return HKDF(SHA256(), length=32, salt=None, info=b"omea second factor").derive(payload_key)


async def seal_anew(settings: Settings) -> int:
    """Under the active key, whatever is under another, which may then be forgotten; how many there were. With
    the owner's role. Safe to repeat. Raises `PayloadKeyMissing`, and then changes nothing."""
    seals, engine = seals_of(settings), create_engine(settings.database_url.get_secret_value())
    try:
        async with sessions(engine).begin() as session:
            old = select(Authenticator).where(Authenticator.key_id != seals.active).with_for_update()
            rows = (await session.scalars(old)).all()
            for row in rows:
                secret = seals.open(Sealed(row.key_id, row.sealed), row.person_id)
                sealed = seals.seal(secret, row.person_id)
                row.key_id, row.sealed = sealed.key_id, sealed.content
            return len(rows)
    except SealBroken:
        raise PayloadKeyMissing(
            "une clé manque à PREVIOUS_PAYLOAD_KEYS : des applications d'authentification en dépendent"
        ) from None
    finally:
        await engine.dispose()


async def reset(settings: Settings, mail: str) -> None:
    """As a colleague of the back office does, with the owner's role. Raises `NoColleague`."""
    engine = create_engine(settings.database_url.get_secret_value())
    try:
        async with sessions(engine).begin() as session:
            person_id = await _colleague(session, mail.lower())
            await second_factors.lock(session, person_id)
            await second_factors.remove(session, person_id, datetime.now(UTC))
    finally:
        await engine.dispose()


async def _colleague(session: AsyncSession, mail: str) -> str:
    person_id = await person_of_mail(session, mail)
    person = await active_person(session, person_id) if person_id else None
    if person is None or not needs_second_factor(person.role):
        raise NoColleague(f"personne de l'équipe n'a l'adresse {mail}")
    return person.id
