"""A frontend that does not give up: what is not answered is asked again, under the same key."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import httpx

# Longer than it takes any one part of the stack to be restarted.
PATIENCE_SECONDS = 90
PAUSE_SECONDS = 0.3
# What says "later", not "no".
UNAVAILABLE = frozenset({429, 502, 503, 504})


class Refused(Exception):
    """The API said no; `code` is its stable code."""

    def __init__(self, answer: httpx.Response) -> None:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        self.code: str = problem.get("code", str(answer.status_code))
        self.problem: dict[str, Any] = problem
        path = answer.request.url.path
        super().__init__(f"{answer.request.method} {path} → {answer.status_code} {self.code}")


class NoAnswer(Exception):
    """Nothing answered for longer than any restart takes."""


@dataclass(frozen=True)
class Frontend:
    """The API as one person uses it."""

    http: httpx.AsyncClient
    token: str

    async def get(self, path: str, **query: Any) -> Any:
        return await self._asked("GET", path, params=query)

    async def post(self, path: str, key: str, body: dict[str, Any] | None = None) -> Any:
        """`key` names what is wanted: asked again under it, it is done once."""
        return await self._asked("POST", path, json=body, headers={"Idempotency-Key": key})

    async def everything(self, path: str, name: str) -> list[dict[str, Any]]:
        """All pages of a list; `name` is where the page has its items."""
        items: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": 100}
        while True:
            page = await self.get(path, **query)
            items += page[name]
            if page["next"] is None:
                return items
            query["cursor"] = page["next"]

    async def download(self, path: str) -> httpx.Response:
        """A file, with its headers."""
        return await self._answer("GET", path)

    async def _asked(self, method: str, path: str, **what: Any) -> Any:
        return (await self._answer(method, path, **what)).json()

    async def _answer(self, method: str, path: str, **what: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | what.pop("headers", {})
        answer = await patiently(self.http, method, path, headers=headers, **what)
        if answer.is_error:
            raise Refused(answer)
        return answer


async def patiently(
    http: httpx.AsyncClient, method: str, url: str, *, later: Collection[int] = UNAVAILABLE, **what: Any
) -> httpx.Response:
    """The answer, asked for again while nobody can give one; `later` are the statuses that say so. Raises
    `NoAnswer` in the end."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while True:
        problem: object
        try:
            answer = await http.request(method, url, **what)
        except httpx.TransportError as error:
            problem = type(error).__name__
        else:
            if answer.status_code not in later:
                return answer
            problem = answer.status_code
        if loop.time() > deadline:
            raise NoAnswer(f"{method} {url} : {problem}")
        await asyncio.sleep(PAUSE_SECONDS)
