"""The keys under which the secrets of the team's authenticators are kept: one derived from each payload key,
so that there is nothing more to draw, to keep and to rotate."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select

from api.sealing import Sealed, Seals
from db.engine import create_engine, sessions
from db.models.second_factors import Authenticator
from deploy.settings import Settings


def seals_of(settings: Settings) -> Seals:
    derived = {key_id: _derived(key) for key_id, key in settings.payload_keys.items()}
    return Seals(derived, settings.active_payload_key)


def _derived(payload_key: bytes) -> bytes:
    """Tells nothing of the payload key, nor the other way round without it."""
    return HKDF(SHA256(), length=32, salt=None, info=b"omea second factor").derive(payload_key)


async def seal_anew(settings: Settings) -> int:
    """Under the active key, whatever is under another, which may then be forgotten; how many there were. With
    the owner's role. Safe to repeat. Raises `SealBroken` when a key is missing, and then changes nothing."""
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
    finally:
        await engine.dispose()
