"""The API as a frontend meets it: over HTTP, as one person or another, at a time of the test's choosing."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import httpx
from temporalio.client import Client

from activities.documents.own_data import own_data_pdf
from activities.exports.yearly_papers import YearlyPapers
from api.auth import issue_token
from api.codes import STATUS, Code
from api.dependencies import Dependencies
from api.errors import MEDIA_TYPE
from api.french_refusals import SENTENCES, TITLES
from db.askers import asked_sessions
from db.columns import Base
from db.engine import create_engine
from deploy.bank import is_bank_message
from domain import opening_hours, slots
from domain.deadlines import PRODUCTION, Deadlines
from domain.opening_hours import PARIS
from tests.support.applications import application
from tests.support.company import A_COMPANY
from tests.support.keys import SEALS, TOKEN_KEY
from tests.support.people import a_sign_in
from tests.support.postgres import Database

# A Tuesday, in winter, the service open.
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=PARIS)
KEYS = itertools.count(1)


@dataclass
class Clock:
    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: int) -> None:
        self.now += timedelta(**length)


class Notice(NamedTuple):
    id: str
    type: str
    subject: dict[str, str]


def verify(body: bytes, signature: str) -> Notice | None:
    """Stands for the provider's check: the signature `genuine` is right, of what is a notice at all."""
    if signature != "genuine":
        return None
    try:
        event = json.loads(body)
        return Notice(event["id"], event["type"], {"object": event["data"]["object"]["id"]})
    except (ValueError, LookupError, TypeError):
        return None


async def nobody() -> Client:
    """Temporal, when it is not there."""
    await asyncio.sleep(0)
    raise RuntimeError("connection refused")


@dataclass
class Frontend:
    database: Database
    clock: Clock
    given: Dependencies
    http: httpx.AsyncClient

    def token(self, person: str, lifetime: timedelta = timedelta(hours=1)) -> str:
        return self.bearer(a_sign_in(self.database, person, self.clock()), lifetime)

    def bearer(self, sign_in: str, lifetime: timedelta = timedelta(hours=1)) -> str:
        """A token of that sign-in."""
        return issue_token(TOKEN_KEY, sign_in, self.clock(), lifetime)

    def signed_in(self, person: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(person)}"} if person else {}

    async def get(self, path: str, person: str | None, **query: Any) -> httpx.Response:
        return await self.http.get(path, params=query, headers=self.signed_in(person))

    async def post(
        self, path: str, person: str | None, body: Any = None, key: str | None = None
    ) -> httpx.Response:
        """With a new idempotency key, unless one is given."""
        headers = self.signed_in(person) | {"Idempotency-Key": key or f"key-{next(KEYS)}"}
        return await self.http.post(path, json=body, headers=headers)

    async def upload(
        self, person: str, content: bytes, said: str = "image/png", key: str | None = None
    ) -> httpx.Response:
        """With a new idempotency key, unless one is given."""
        headers = {"Idempotency-Key": key or f"key-{next(KEYS)}", "Content-Type": said}
        return await self.http.post(
            "/v1/attachments", content=content, headers=self.signed_in(person) | headers
        )

    async def put(self, path: str, person: str | None, body: Any, key: str | None = None) -> httpx.Response:
        headers = self.signed_in(person) | {"Idempotency-Key": key or f"key-{next(KEYS)}"}
        return await self.http.put(path, json=body, headers=headers)

    async def delete(self, path: str, person: str | None, key: str | None = None) -> httpx.Response:
        headers = self.signed_in(person) | {"Idempotency-Key": key or f"key-{next(KEYS)}"}
        return await self.http.delete(path, headers=headers)

    async def unchanged(self, asking: Awaitable[httpx.Response]) -> httpx.Response:
        """The answer to a request that must leave no trace in any table."""
        before = self._counts()
        answer = await asking
        assert self._counts() == before
        return answer

    def _counts(self) -> dict[str, int]:
        """Mails of earlier acts go out in their own time, and the API may not even write about them. Who asks
        here signs in for each asking."""
        tables = sorted(set(Base.metadata.tables) - {"notifications", "sign_ins"})
        counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
        return dict(self.database.rows(counts))


@asynccontextmanager
async def open_frontend(
    database: Database,
    temporal: Client | Callable[[], Awaitable[Client]] = nobody,
    *,
    task_queue: str = "nobody-works-here",
    deadlines: Deadlines = PRODUCTION,
    hours: opening_hours.OpeningHours = opening_hours.PRODUCTION,
    database_url: str | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Frontend]:
    engine = create_engine(database_url or database.url("omea_api"))
    clock = clock or Clock()
    given = Dependencies(
        sessions=asked_sessions(engine),
        temporal=temporal,
        task_queue=task_queue,
        clock=clock,
        deadlines=deadlines,
        hours=hours,
        slot_rules=slots.PRODUCTION,
        token_key=TOKEN_KEY,
        seals=SEALS,
        verify_webhook=verify,
        is_bank_message=is_bank_message,
        public_url="https://omea.example",
        yearly_papers=YearlyPapers(A_COMPANY),
        company=A_COMPANY,
        own_data_pdf=partial(own_data_pdf, A_COMPANY),
    )
    with application(given) as app:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://omea.example") as http:
            yield Frontend(database, clock, given, http)
    await engine.dispose()


def problem(code: Code, **more: Any) -> dict[str, Any]:
    """The whole body of that error."""
    return {
        "type": f"urn:omeasupport:{code.value}",
        "title": TITLES[STATUS[code]],
        "status": STATUS[code].value,
        "detail": SENTENCES[code],
        "code": code.value,
        **more,
    }


def is_problem(answer: httpx.Response, code: Code, **more: Any) -> bool:
    """Whether the answer is that error, whole. Asserts, so that a failure shows both."""
    assert answer.json() == problem(code, **more)
    assert answer.status_code == STATUS[code].value
    assert answer.headers["content-type"] == MEDIA_TYPE
    return True
