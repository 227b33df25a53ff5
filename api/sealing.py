"""Secrets that must be read again, kept in the database so that the database alone does not tell them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class SealBroken(Exception):
    """Altered, somebody else's, or sealed under a key that we no longer hold."""


@dataclass(frozen=True)
class Sealed:
    """`key_id` is that of the key under which `content` can be read."""

    key_id: str
    content: bytes


class Seals:
    """AES-256-GCM with a fresh nonce. Seals with the active key, opens with any of `keys` (32 bytes, by
    id)."""

    def __init__(self, keys: Mapping[str, bytes], active: str) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._ciphers[active]  # one that is not there must be found out now
        self.active = active

    def seal(self, secret: str, person_id: str) -> Sealed:
        """For that person: in another's row it cannot be opened."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        about = _about(self.active, person_id)
        return Sealed(self.active, nonce + self._ciphers[self.active].encrypt(nonce, secret.encode(), about))

    def open(self, sealed: Sealed, person_id: str) -> str:
        """Raises `SealBroken`."""
        cipher = self._ciphers.get(sealed.key_id)
        if cipher is None:
            raise SealBroken(f"no key {sealed.key_id}")
        nonce, content = sealed.content[:NONCE_BYTES], sealed.content[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, content, _about(sealed.key_id, person_id)).decode()
        except (InvalidTag, ValueError):
            raise SealBroken(f"altered, or not of {person_id}") from None


def _about(key_id: str, person_id: str) -> bytes:
    return f"second factor\n{key_id}\n{person_id}".encode()
