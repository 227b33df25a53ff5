"""Idempotency keys: a command names itself, so that it can be sent again without being done again."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BaseModel

from api.codes import ApiCode
from api.errors import Problem
from api.recording import Declared, declared_act
from db.reads.people import KnownPerson
from db.stores.requests import Asking
from domain.ids import update_id

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 255


def idempotency_key(
    key: Annotated[
        str | None,
        Header(
            alias=KEY_HEADER,
            description="Required. 1 to 255 printable ASCII characters, new for each command, the same for "
            "each retry of it.",
            examples=["6d1c1c1e-0f2b-4f0a-9f4e-2f6f4a1b7c11"],
        ),
    ] = None,
) -> str:
    if not key:
        raise Problem(ApiCode.IDEMPOTENCY_KEY_MISSING)
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Problem(ApiCode.IDEMPOTENCY_KEY_INVALID)
    return key


@dataclass(frozen=True)
class Key:
    """`act` is what the route declares to be done with it, for the journal of accesses."""

    text: str
    act: Declared | None = None


def _key(request: Request, text: Annotated[str, Depends(idempotency_key)]) -> Key:
    return Key(text, declared_act(request))


IdempotencyKey = Annotated[Key, Depends(_key)]


def asking(
    person: KnownPerson, key: Key, command: str, body: BaseModel | None, about: str | None = None
) -> Asking:
    """What is asked, in the form in which it is remembered. The body counts as understood, not as spelled:
    `06 12 34 56 78` and `+33612345678` are the same phone number. `about` is the id of what an act of the
    team concerns, where no path names it."""
    said = body.model_dump(mode="json") if body is not None else None
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _asking(person, key, command, hashlib.sha256(canonical.encode()).hexdigest(), about)


def asking_file(person: KnownPerson, key: Key, command: str, content_type: str, content: bytes) -> Asking:
    """The same for a body that is a file: it counts byte by byte, with the type it is said to be of."""
    said = hashlib.sha256(content_type.encode() + b"\n")
    said.update(content)
    return _asking(person, key, command, said.hexdigest(), hashlib.sha256(content).hexdigest())


def _asking(person: KnownPerson, key: Key, command: str, body_hash: str, about: str | None) -> Asking:
    asked = Asking(person.id, key.text, command, body_hash)
    if key.act is None:
        return asked
    act = replace(key.act, subject=about) if about is not None else key.act
    return replace(asked, access=act.entry(person, update_id_of(asked)))


def update_id_of(asked: Asking) -> str:
    """The update id under which Temporal knows this very request, whichever process sends it."""
    return update_id(asked.actor_id, asked.command, asked.key)
