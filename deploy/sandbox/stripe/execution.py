"""Carrying out one request: who asks, what is asked, was it asked before, and then all or nothing."""

import asyncio
import base64
import binascii
import hmac
import logging
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import Request

from deploy.sandbox.stripe import idempotency
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.endpoints import ENDPOINTS, Endpoint
from deploy.sandbox.stripe.errors import (
    BreakdownOfStripe,
    CardRefused,
    InvalidParameter,
    NotFound,
    StripeError,
    StripeObject,
    Unauthorized,
)
from deploy.sandbox.stripe.expansion import expand
from deploy.sandbox.stripe.idempotency import Answer, KeyedRequest, KeysInFlight
from deploy.sandbox.stripe.identifiers import new_id
from deploy.sandbox.stripe.parameter_types import convert_parameters
from deploy.sandbox.stripe.parameters import decode_form
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


def find_endpoint(method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
    for endpoint in ENDPOINTS:
        match = endpoint.pattern.fullmatch(path) if endpoint.method == method else None
        if match is not None:
            return endpoint, match.groupdict()
    raise NotFound(
        f"Unrecognized request URL ({method}: {path}). Please see https://docs.stripe.com/api or the list of "
        "endpoints that the sandbox simulates."
    )


async def answer_request(sandbox: Sandbox, request: Request) -> Answer:
    """The answer to one API request, refusals included."""
    request_id = new_id("req")
    try:
        require_api_key(request, sandbox.api_key)
        _refuse_other_accounts(request)
        endpoint, ids = find_endpoint(request.method, request.url.path)
        raw = decode_form(await _form(request))
        call = Call(sandbox.store, int(time.time()), sandbox.url, raw, ids, request_id, _key(request))
        with sandbox.keys.hold(call.idempotency_key):
            return await _answer_call(sandbox.store, endpoint, call, request.url.path)
    except StripeError as refusal:
        return _refused(refusal, request_id)


async def _answer_call(store: Store, endpoint: Endpoint, call: Call, path: str) -> Answer:
    keyed = KeyedRequest(call.idempotency_key, path, call.parameters) if call.idempotency_key else None
    if keyed and (earlier := idempotency.earlier_answer(store, keyed)):
        return earlier
    call = _checked(endpoint, call)
    if endpoint.method == "POST":
        await asyncio.sleep(Settings.read(store).processing_seconds)
    with store.transaction():
        answer = _carry_out(endpoint, call)
        if keyed and answer.remembered:
            idempotency.remember(store, keyed, answer)
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
    return Call(call.store, call.now, call.url, parameters, call.ids, call.request_id, call.idempotency_key)


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


async def _form(request: Request) -> str:
    body = (await request.body()).decode(errors="replace")
    query = urlsplit(str(request.url)).query
    return "&".join(part for part in (query, body) if part)


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    if key is not None:
        idempotency.check_length(key)
    return key or None
