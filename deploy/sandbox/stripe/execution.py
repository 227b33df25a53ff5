"""Carrying out one request: who asks, what is asked, was it asked before, and then all or nothing."""

import asyncio
import base64
import binascii
import hmac
import logging
import time
from dataclasses import dataclass, field, replace
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request

from deploy.sandbox.stripe import idempotency, recording
from deploy.sandbox.stripe.call import Call, Upload
from deploy.sandbox.stripe.endpoint import Endpoint
from deploy.sandbox.stripe.endpoints import find_endpoint
from deploy.sandbox.stripe.errors import (
    BreakdownOfStripe,
    CardRefused,
    InvalidParameter,
    StripeError,
    StripeObject,
    TooManyRequests,
    Unauthorized,
)
from deploy.sandbox.stripe.expansion import expand
from deploy.sandbox.stripe.idempotency import Answer, KeyedRequest, KeysInFlight
from deploy.sandbox.stripe.identifiers import new_id
from deploy.sandbox.stripe.locks import ObjectLocks
from deploy.sandbox.stripe.parameter_types import convert_parameters
from deploy.sandbox.stripe.parameters import Parameters, decode_form
from deploy.sandbox.stripe.settings import Settings
from deploy.sandbox.stripe.store import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sandbox:
    """What the running server is made of."""

    store: Store
    api_key: str
    url: str
    keys: KeysInFlight = field(default_factory=KeysInFlight)
    objects: ObjectLocks = field(default_factory=ObjectLocks)


def require_api_key(request: Request, api_key: str) -> None:
    """Stripe takes the key as a bearer token or as the user of basic authentication."""
    given = _given_key(request.headers.get("authorization", ""))
    if given == "":
        raise Unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if not hmac.compare_digest(given.encode(), api_key.encode()):
        raise Unauthorized(f"Invalid API Key provided: {given[:8]}****")


async def answer_request(sandbox: Sandbox, request: Request) -> Answer:
    """The answer to one API request, refusals included."""
    request_id = new_id("req")
    raw: Parameters = {}
    try:
        require_api_key(request, sandbox.api_key)
        _refuse_other_accounts(request)
        endpoint, ids = find_endpoint(request.method, request.url.path)
        raw, upload = await _read(request)
        now = int(time.time())
        call = Call(sandbox.store, now, sandbox.url, raw, ids, request_id, _key(request), upload)
        with sandbox.keys.hold(call.idempotency_key):
            answer = await _answer_call(sandbox, endpoint, call, request.url.path)
    except StripeError as refusal:
        answer = _refused(refusal, request_id)
    recording.record(sandbox.store, request.method, request.url.path, raw, answer)
    return answer


async def _answer_call(sandbox: Sandbox, endpoint: Endpoint, call: Call, path: str) -> Answer:
    store = sandbox.store
    keyed = KeyedRequest(call.idempotency_key, path, call.parameters) if call.idempotency_key else None
    if keyed and (earlier := idempotency.earlier_answer(store, keyed)):
        return earlier
    call = _checked(endpoint, call)
    if endpoint.method == "GET":
        return _commit(endpoint, call, None)
    settings = Settings.read(store)
    if settings.refuse_for_rate:
        Settings(refuse_for_rate=settings.refuse_for_rate - 1).write(store)
        raise TooManyRequests("Too many requests hit the API too quickly.", code="rate_limit")
    async with sandbox.objects.hold(_objects_of(call), settings.lock_wait_seconds):
        await asyncio.sleep(settings.processing_seconds)
        return _commit(endpoint, call, keyed)


def _objects_of(call: Call) -> list[str]:
    """The objects that a request changes, as far as it names them."""
    named = [call.get(name) for name in ("charge", "payment_intent")]
    return [*call.ids.values(), *(id_ for id_ in named if isinstance(id_, str))]


def _commit(endpoint: Endpoint, call: Call, keyed: KeyedRequest | None) -> Answer:
    with call.store.transaction():
        answer = _carry_out(endpoint, call)
        if keyed and answer.remembered:
            idempotency.remember(call.store, keyed, answer)
    return answer


def _checked(endpoint: Endpoint, call: Call) -> Call:
    parameters = convert_parameters(endpoint.params, call.parameters)
    for name in parameters:
        if name not in endpoint.simulated:
            raise InvalidParameter(
                f"The sandbox does not simulate the parameter {name} of {endpoint.method} {endpoint.path}.",
                code="sandbox_not_simulated",
                param=name,
            )
    return replace(call, parameters=parameters)


def _carry_out(endpoint: Endpoint, call: Call) -> Answer:
    """A refused card leaves its traces; every other refusal leaves none."""
    request_id = call.request_id or ""
    try:
        with call.store.savepoint():
            try:
                result = endpoint.carry_out(call)
            except CardRefused as refusal:
                return _refused(refusal, request_id)
            return Answer(200, _shown(call, result), request_id)
    except StripeError as refusal:
        return _refused(refusal, request_id)
    except Exception:
        logger.exception("%s %s broke down", endpoint.method, endpoint.path)
        breakdown = BreakdownOfStripe("An unknown error occurred. The sandbox's log has the details.")
        return _refused(breakdown, request_id)


def _shown(call: Call, result: StripeObject) -> StripeObject:
    return expand(call.store, result, call.get("expand", []), call.now)


def _refused(refusal: StripeError, request_id: str) -> Answer:
    return Answer(refusal.status, refusal.body(), request_id, remembered=refusal.remembered)


def _given_key(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _refuse_other_accounts(request: Request) -> None:
    if "stripe-account" in request.headers:
        raise InvalidParameter("The sandbox does not simulate requests on behalf of a connected account.")


async def _read(request: Request) -> tuple[Parameters, Upload | None]:
    """The parameters, and the file of a multipart request, which its print stands for among them."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _read_multipart(request)
    body = (await request.body()).decode(errors="replace")
    query = urlsplit(str(request.url)).query
    return decode_form("&".join(part for part in (query, body) if part)), None


async def _read_multipart(request: Request) -> tuple[Parameters, Upload | None]:
    upload = None
    texts: list[tuple[str, str]] = []
    async with request.form(max_files=1) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                texts.append((name, value))
            else:
                upload = Upload(value.filename or "", await value.read())
                texts.append((name, sha256(upload.content).hexdigest()))
    return decode_form(urlencode(texts)), upload


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    if key is not None:
        idempotency.check_length(key)
    return key or None
