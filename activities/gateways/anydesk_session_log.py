"""AnyDesk's own log of sessions, over its REST API. Only sessions made under our licence are in it.

Each request is signed (github.com/anydesk/rest-api, `anydesk/api.py`): the header is
`AD <licence>:<unix time>:<token>`, the token the base64 of the HMAC-SHA1, under the key, of four lines:
method, resource with its query, that same time, base64 of the SHA1 of the body.

An AnyDesk id leads to a person: it is in no message of this file, and in no log line of the HTTP client.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from activities.gateways.session_log import LoggedSession, SessionLogRefused, SessionLogUnavailable

# For one exchange, and for all pages together: an attempt must be over before the activity's own time-out.
TIMEOUT_SECONDS = 5
READING_SECONDS = 12
PAGE = 100
# A client has a few sessions a day; more pages than this are not an answer to what was asked.
MOST_PAGES = 20
# Whether AnyDesk takes "from" and "to" for the beginning of a session or for its end is not said. So more is
# asked than wanted, by the longest a session may be, and the answer is sorted out here.
MARGIN = timedelta(days=1)
# The end of the year 9999, the last that a datetime knows.
LAST_SECOND = 253_402_300_799

Seconds = Annotated[int, Field(ge=0, le=LAST_SECOND)]


class _Party(BaseModel):
    cid: int


class _Session(BaseModel):
    """What we need of a session, by AnyDesk's names. One under way has no end."""

    sid: Annotated[str, StringConstraints(min_length=1, max_length=40)] | int
    caller: _Party = Field(alias="from")
    called: _Party = Field(alias="to")
    active: bool
    start: Seconds = Field(alias="start-time")
    end: Seconds | None = Field(alias="end-time")
    # What a column of the database holds.
    duration: Annotated[int, Field(ge=-(2**31), lt=2**31)] | None


class _Page(BaseModel):
    sessions: list[_Session] = Field(alias="list")


class AnyDeskSessionLog:
    """`api_base` is `https://v1.api.anydesk.com:8081`, or another server that speaks as AnyDesk does.

    `clock` gives the time that a request is signed with: AnyDesk's clock must agree with it, whatever the
    time of the ticket is.
    """

    def __init__(
        self,
        api_base: str,
        licence: str,
        key: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        # Their lines quote the whole address, the AnyDesk id in it.
        for chatty in ("httpx", "httpcore"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self._base = api_base.rstrip("/")
        self._licence = licence
        self._key = key
        self._clock = clock
        self._http = httpx.AsyncClient(timeout=timeout_seconds)

    async def close(self) -> None:
        await self._http.aclose()

    async def logged(self, anydesk_id: str, start: datetime, end: datetime) -> tuple[LoggedSession, ...]:
        """The sessions with this AnyDesk id that are over and overlap `start` to `end`, oldest first.

        May be repeated. Raises `SessionLogUnavailable` and `SessionLogRefused`.
        """
        try:
            async with asyncio.timeout(READING_SECONDS):
                answered = await self._read(anydesk_id, start - MARGIN, end + MARGIN)
        except TimeoutError:
            raise SessionLogUnavailable(f"not read to its end in {READING_SECONDS} s") from None
        with_them = [one for one in answered if anydesk_id in (str(one.caller.cid), str(one.called.cid))]
        over = [_logged(one, one.end) for one in with_them if not one.active and one.end is not None]
        overlapping = [one for one in over if one.started_at < end and one.ended_at > start]
        return tuple(sorted(overlapping, key=lambda one: (one.started_at, one.reference)))

    async def _read(self, anydesk_id: str, start: datetime, end: datetime) -> list[_Session]:
        """Page after page, until one brings nothing new: how long AnyDesk makes a page is its own affair."""
        known: dict[str, _Session] = {}
        offset = 0
        for _ in range(MOST_PAGES):
            page = await self._page(
                cid=anydesk_id,
                direction="inout",
                **{"from": int(start.timestamp()), "to": int(end.timestamp())},
                sort="start-time",
                offset=offset,
                limit=PAGE,
            )
            before = len(known)
            known |= {str(one.sid): one for one in page}
            if len(known) == before:
                return list(known.values())
            offset += len(page)
        raise SessionLogUnavailable(f"no end after {MOST_PAGES} pages")

    async def _page(self, **parameters: str | int) -> list[_Session]:
        resource = f"/sessions?{urlencode(parameters)}"
        headers = {"Authorization": self._signature("GET", resource)}
        try:
            answer = await self._http.get(f"{self._base}{resource}", headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as breakdown:
            # Its own words may quote the address.
            raise SessionLogUnavailable(f"no answer: {type(breakdown).__name__}") from None
        if answer.status_code in (401, 403):
            raise SessionLogRefused(f"answered {answer.status_code}: wrong licence, key or clock")
        if answer.status_code != 200:
            raise SessionLogUnavailable(f"answered {answer.status_code}")
        try:
            return _Page.model_validate_json(answer.content).sessions
        except ValidationError as malformed:
            # Which field, not what was in it.
            [first, *_] = malformed.errors(include_url=False, include_context=False, include_input=False)
            field = ".".join(str(part) for part in first["loc"]) or "body"
            raise SessionLogUnavailable(f"malformed answer: {field}, {first['type']}") from None

    def _signature(self, method: str, resource: str, body: bytes = b"") -> str:
        return signature(self._licence, self._key, method, resource, self._clock(), body)


def signature(licence: str, key: str, method: str, resource: str, at: datetime, body: bytes = b"") -> str:
    """The `Authorization` header of one request. `resource` is the path with its query, as sent."""
    stamp = str(int(at.timestamp()))
    # SHA-1 is AnyDesk's choice; as a keyed hash it still holds.
    hashed = base64.b64encode(hashlib.sha1(body).digest()).decode()  # noqa: S324
    signed = "\n".join([method, resource, stamp, hashed])
    token = base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return f"AD {licence}:{stamp}:{token}"


def _logged(one: _Session, ended: int) -> LoggedSession:
    return LoggedSession(
        reference=str(one.sid),
        started_at=datetime.fromtimestamp(one.start, UTC),
        ended_at=datetime.fromtimestamp(ended, UTC),
        seconds=ended - one.start if one.duration is None else one.duration,
    )
