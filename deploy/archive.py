"""The archive at a terminal, for an audit: with the password of the database's owner, and with no other."""

import json

from db.engine import Sessions
from db.models.erasures import ArchivedRecord
from db.reads.archive import archived


class NotInTheArchive(Exception):
    """Nothing of that reference is there, or nothing that can be written to a file."""


async def describe(database: Sessions, reference: str) -> list[str]:
    """What each record says, and until when it is kept. Raises `NotInTheArchive`."""
    return [line for record in await _found(database, reference) for line in _lines(record)]


async def content(database: Sessions, reference: str) -> bytes:
    """The PDF, or else the file as it was sent or received. Raises `NotInTheArchive`."""
    for record in await _found(database, reference):
        if (found := record.pdf or record.xml) is not None:
            return found
    raise NotInTheArchive(f"{reference} n'a pas de fichier dans les archives")


async def _found(database: Sessions, reference: str) -> list[ArchivedRecord]:
    async with database.begin() as session:
        records = await archived(session, reference)
    if not records:
        raise NotInTheArchive(f"rien ne s'appelle {reference} dans les archives")
    return records


def _lines(record: ArchivedRecord) -> list[str]:
    if record.destroyed_at is not None:
        return [f"{record.kind} {record.reference} : détruit le {record.destroyed_at:%d/%m/%Y}"]
    return [
        f"{record.kind} {record.reference} : conservé jusqu'au {record.destroy_after:%d/%m/%Y}",
        json.dumps(record.facts, ensure_ascii=False, indent=2),
    ]
