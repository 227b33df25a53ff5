"""Temporal keeps histories for weeks; what is in their payloads, it must not be able to read.

AES-256-GCM with a fresh nonce per payload. The id of the key travels beside the ciphertext, so that
a new key can take over while yesterday's workflows are still read with the old one.
"""

import dataclasses
import os
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

ENCODING = b"binary/encrypted"
NONCE_BYTES = 12


class PayloadUnreadable(ValueError):
    """Altered, cut short, or encrypted under a key that we no longer hold."""


class EncryptionCodec(PayloadCodec):
    """Encrypts with the active key, decrypts with any of `keys` (32 bytes each, by id)."""

    def __init__(self, keys: Mapping[str, bytes], active: str) -> None:
        if active not in keys:
            raise ValueError(f"no payload key has the active id {active!r}")
        if any(len(key) != 32 for key in keys.values()):
            raise ValueError("payload keys are 32 bytes long (AES-256)")
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._active = active

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._decrypt(payload) for payload in payloads]

    def _encrypt(self, payload: Payload) -> Payload:
        nonce = os.urandom(NONCE_BYTES)
        key_id = self._active.encode()
        # The key id is authenticated too: a payload cannot be relabelled.
        sealed = self._ciphers[self._active].encrypt(nonce, payload.SerializeToString(), key_id)
        return Payload(metadata={"encoding": ENCODING, "encryption-key-id": key_id}, data=nonce + sealed)

    def _decrypt(self, payload: Payload) -> Payload:
        # What somebody starts by hand from the Temporal UI or its command line comes unencrypted.
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata.get("encryption-key-id", b"")
        cipher = self._ciphers.get(key_id.decode(errors="replace"))
        if cipher is None:
            raise PayloadUnreadable(f"no payload key {key_id.decode(errors='replace')!r}")
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            return Payload.FromString(cipher.decrypt(nonce, sealed, key_id))
        except (InvalidTag, ValueError) as error:
            raise PayloadUnreadable("altered or truncated payload") from error


def data_converter(keys: Mapping[str, bytes], active: str) -> DataConverter:
    """How every value enters and leaves a history. Errors are encrypted as well: they quote arguments."""
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=EncryptionCodec(keys, active),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
