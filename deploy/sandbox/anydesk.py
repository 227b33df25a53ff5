"""AnyDesk's log of sessions, as its REST API shows it; a control of ours adds sessions to it.

`python -m deploy.sandbox.anydesk --port 8110 --license 1438129266231705 --api-key …`

Kept in memory. Strict where AnyDesk would be: a wrong signature or a clock five minutes off is a 401, a
parameter it does not know a 400.
"""

import argparse
import base64
import hashlib
import hmac
import re
import sys
import time
from typing import Annotated, Any, Literal, Self

import uvicorn
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.ports import LOOPBACK

CLOCK_SKEW_SECONDS = 300
LONGEST_PAGE = 100

Cid = Annotated[int, Field(ge=100_000_000, le=9_999_999_999)]
UnixTime = Annotated[int, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Party(_Strict):
    cid: Cid
    alias: str | None = None


class KeptSession(_Strict):
    """By AnyDesk's names. One without `end-time` is still active."""

    sid: int
    caller: Party = Field(alias="from")
    called: Party = Field(alias="to")
    start: UnixTime = Field(alias="start-time")
    end: UnixTime | None = Field(default=None, alias="end-time")
    comment: str | None = None

    def shown(self) -> dict[str, Any]:
        duration = time.time() - self.start if self.end is None else self.end - self.start
        return self.model_dump(by_alias=True) | {"active": self.end is None, "duration": int(duration)}


class Filters(_Strict):
    """The parameters of a list. No page is longer than 100, whatever `limit` asks (-1: all)."""

    cid: Cid | None = None
    direction: Literal["in", "out", "inout"] = "inout"
    after: UnixTime = Field(default=0, alias="from")
    before: UnixTime | None = Field(default=None, alias="to")
    sort: Literal["from.cid", "to.cid", "start-time", "end-time", "duration"] = "start-time"
    order: Literal["asc", "desc"] = "desc"
    offset: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=-1)] = -1

    @classmethod
    def of(cls, request: Request) -> Self:
        return cls.model_validate(dict(request.query_params))

    def let_pass(self, one: KeptSession) -> bool:
        sides = {"in": (one.called,), "out": (one.caller,), "inout": (one.caller, one.called)}
        with_them = self.cid is None or self.cid in [party.cid for party in sides[self.direction]]
        return with_them and self.after <= one.start and (self.before is None or one.start <= self.before)

    def place(self, shown: dict[str, Any]) -> tuple[int, int]:
        field, _, of_party = self.sort.partition(".")
        value = shown[field][of_party] if of_party else shown[field]
        # What is not over comes last; those alike come in the order of their numbers.
        return (sys.maxsize if value is None else value, shown["sid"])

    def page(self, sessions: list[KeptSession]) -> list[dict[str, Any]]:
        chosen = [one.shown() for one in sessions if self.let_pass(one)]
        ordered = sorted(chosen, key=self.place, reverse=self.order == "desc")
        length = LONGEST_PAGE if self.limit < 0 else min(self.limit, LONGEST_PAGE)
        return ordered[self.offset : self.offset + length]


class CommentChange(_Strict):
    comment: str | None


class _Log:
    def __init__(self, licence: str, api_key: str) -> None:
        self._licence = licence
        self._api_key = api_key
        self._sessions: dict[int, KeptSession] = {}

    async def _is_signed(self, request: Request) -> bool:
        """`AD <licence>:<unix time>:<token>`, the token made of method, resource, time and body."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        licence, stamp, token = [*given.split(":"), "", ""][:3]
        if scheme != "AD" or licence != self._licence or not re.fullmatch("[0-9]{1,12}", stamp):
            return False
        if abs(time.time() - int(stamp)) > CLOCK_SKEW_SECONDS:
            return False
        resource = request.scope["raw_path"]
        if query := request.scope["query_string"]:
            resource += b"?" + query
        body = base64.b64encode(hashlib.sha1(await request.body()).digest())  # noqa: S324  # AnyDesk's choice
        signed = b"\n".join([request.method.encode(), resource, stamp.encode(), body])
        expected = base64.b64encode(hmac.new(self._api_key.encode(), signed, hashlib.sha1).digest())
        return hmac.compare_digest(expected, token.encode())

    async def list(self, request: Request) -> Response:
        if not await self._is_signed(request):
            return _error(401, "unauthorized")
        try:
            filters = Filters.of(request)
        except ValidationError as refusal:
            return _refused(refusal)
        return JSONResponse({"list": filters.page(list(self._sessions.values()))})

    async def one(self, request: Request) -> Response:
        if not await self._is_signed(request):
            return _error(401, "unauthorized")
        session = self._sessions.get(request.path_params["sid"])
        if session is None:
            return _error(404, "not_found")
        if request.method == "PATCH":
            try:
                session.comment = CommentChange.model_validate_json(await request.body()).comment
            except ValidationError as refusal:
                return _refused(refusal)
        return JSONResponse(session.shown())

    async def add(self, request: Request) -> Response:
        """The sandbox's own: one session or several, a known number replaced. From this machine only."""
        if request.client is None or request.client.host != LOOPBACK:
            return _error(403, "forbidden")
        try:
            given = TypeAdapter(list[KeptSession]).validate_json(await request.body())
        except ValidationError as refusal:
            return _refused(refusal)
        self._sessions |= {one.sid: one for one in given}
        return JSONResponse({"list": [one.shown() for one in given]}, status_code=201)


def _error(status: int, code: str) -> Response:
    return JSONResponse({"error": code}, status_code=status)


def _refused(refusal: ValidationError) -> Response:
    errors = refusal.errors(include_url=False, include_context=False, include_input=False)
    return JSONResponse({"error": errors}, status_code=400)


def create_app(licence: str, api_key: str) -> Starlette:
    log = _Log(licence, api_key)
    return Starlette(
        routes=[
            Route("/sessions", log.list),
            Route("/sessions/{sid:int}", log.one, methods=["GET", "PATCH"]),
            Route("/_sandbox/sessions", log.add, methods=["POST"]),
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox.anydesk", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--license", required=True, help="the only licence that is accepted")
    parser.add_argument("--api-key", required=True, help="what its requests are signed with")
    given = parser.parse_args()
    app = create_app(given.license, given.api_key)
    uvicorn.run(app, host=LOOPBACK, port=given.port, log_level="warning", access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
