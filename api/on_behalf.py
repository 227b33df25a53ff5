"""For whom a person asks: a client for themselves, the back office for the client on the phone."""

from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from api.codes import ApiCode
from api.errors import Problem
from db.reads.people import KnownPerson, active_person
from domain.tickets import Role


async def client_meant(session: AsyncSession, person: KnownPerson, client_id: str | None) -> str:
    """The client's id. A client names nobody, the back office must name somebody: raises
    `RequestValidationError` for the field, `Problem(UNKNOWN_CLIENT)` for somebody who is no client."""
    if person.role is Role.CLIENT:
        if client_id is not None:
            raise RequestValidationError([{"type": "not_together", "loc": ("body", "client_id")}])
        return person.id
    if client_id is None:
        raise RequestValidationError([{"type": "missing", "loc": ("body", "client_id")}])
    client = await active_person(session, client_id)
    if client is None or client.role is not Role.CLIENT:
        raise Problem(ApiCode.UNKNOWN_CLIENT)
    return client.id
