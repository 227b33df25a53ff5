"""Leaving: asking to be erased, changing one's mind, and reading where it stands."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import actor
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.errors import Problem
from api.idempotency import IdempotencyKey, Key, asking, update_id_of
from api.processes import Workflows
from api.shapes.erasures import ErasureView, erasure_view
from db.models.erasures import Erasure
from db.reads.erasures import erasure_of_key, latest_erasure, leaver, leaves, outstanding
from db.reads.people import KnownPerson
from db.stores.requests import remember
from domain.erasures import AskedBy, ErasureRequest, ErasureWithdrawn, check_may_leave
from domain.errors import Refusal, Refused


@dataclass(frozen=True)
class Erasures:
    given: Dependencies
    workflows: Workflows
    key: Key

    async def ask(
        self, person: KnownPerson, leaving: str, by: AskedBy, body: BaseModel | None = None
    ) -> ErasureView:
        """Open it for `leaving`, or find the one that is open; one person has one. Raises `Refused` and
        `Problem`, and then nothing is kept."""
        now = self.given.clock()
        async with self.given.sessions.begin() as session:
            who = await leaver(session, leaving)
            if who is None:
                raise Problem(ApiCode.PERSON_NOT_FOUND)
            check_may_leave(who.role)
            asked = asking(person, self.key, f"erasure {leaving}", body)
            await remember(session, asked)
            key = update_id_of(asked)
            known = await erasure_of_key(session, key) or await _standing(session, leaving)
        if known is None:
            request = ErasureRequest(leaving, key, actor(person), now, by)
            await self.workflows.open_erasure(request, key)
        return await read_erasure(self.given, leaving)

    async def withdraw(self, person: KnownPerson, leaving: str) -> ErasureView:
        """Withdraw it, or find that this same request did. Raises `Refused(ERASURE_OVER)` and `Problem`."""
        async with self.given.sessions.begin() as session:
            found = await latest_erasure(session, leaving)
            if found is None:
                raise Problem(ApiCode.ERASURE_NOT_FOUND)
            # Of this erasure: a late retry must not withdraw the next one.
            asked = asking(person, self.key, f"erasure_withdrawal {found.key}", None)
            is_new = (await remember(session, asked)).is_new
            if found.erased_at is not None or (is_new and found.withdrawn_at is not None):
                raise Refused(Refusal.ERASURE_OVER)
        if found.withdrawn_at is None:
            await self.workflows.withdraw_erasure(
                leaving, found.key, ErasureWithdrawn(actor(person)), update_id_of(asked)
            )
        return await read_erasure(self.given, leaving)


async def read_erasure(given: Dependencies, leaving: str) -> ErasureView:
    """The latest. Raises `Problem(ERASURE_NOT_FOUND)`."""
    now = given.clock()
    async with given.sessions() as session:
        found = await latest_erasure(session, leaving)
        if found is None:
            raise Problem(ApiCode.ERASURE_NOT_FOUND)
        over = found.withdrawn_at is not None or found.erased_at is not None
        waits_for = () if over else await outstanding(session, leaving, now)
    return erasure_view(found, waits_for, now)


async def refuse_if_leaving(session: AsyncSession, person_id: str) -> None:
    """Raises `Refused(ACCOUNT_LEAVING)`."""
    if await leaves(session, person_id):
        raise Refused(Refusal.ACCOUNT_LEAVING)


async def _standing(session: AsyncSession, person_id: str) -> Erasure | None:
    found = await latest_erasure(session, person_id)
    return found if found is not None and found.withdrawn_at is None else None


def erasures(given: Given, workflows: GivenWorkflows, key: IdempotencyKey) -> Erasures:
    return Erasures(given, workflows, key)


GivenErasures = Annotated[Erasures, Depends(erasures)]
