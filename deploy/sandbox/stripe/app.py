"""The server: Stripe's API, its hosted pages, a dashboard, and the switches."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.stripe import (
    account_page,
    bank,
    checkout,
    controls,
    dashboard,
    files,
    hosted_pages,
    webhook_endpoints,
)
from deploy.sandbox.stripe.api_version import API_VERSION
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import StripeError
from deploy.sandbox.stripe.execution import Sandbox, answer_request, require_api_key
from deploy.sandbox.stripe.idempotency import Answer
from deploy.sandbox.stripe.settings import Settings
from deploy.sandbox.stripe.store import Store
from deploy.sandbox.stripe.webhooks import deliver_for_ever

logger = logging.getLogger(__name__)

# How often sessions whose time is over are looked for.
EXPIRY_SECONDS = 1.0
METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH"]


def create_app(
    data: Path, *, api_key: str, url: str, webhook_url: str | None = None, webhook_secret: str | None = None
) -> Starlette:
    """`url` is where the server is reached: hosted pages are given under it."""
    sandbox = Sandbox(Store(data), api_key, url.rstrip("/"))
    if webhook_url and webhook_secret:
        webhook_endpoints.register(sandbox.store, webhook_url, webhook_secret)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(deliver_for_ever(sandbox.store)),
            asyncio.create_task(_expire_for_ever(sandbox)),
            asyncio.create_task(bank.work_for_ever(sandbox.store, sandbox.url)),
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        sandbox.store.close()

    app = Starlette(
        routes=[
            Route("/c/pay/{session}", hosted_pages.card_page, methods=["GET", "POST"]),
            Route("/setup/c/{account}/{link}", account_page.account_page, methods=["GET", "POST"]),
            Route("/3ds/{intent}", hosted_pages.authentication_page, methods=["GET", "POST"]),
            Route("/dashboard", dashboard.page, methods=["GET"]),
            Route("/dashboard/actions", dashboard.act, methods=["POST"]),
            Route("/v1/files/{file}/contents", file_contents, methods=["GET"]),
            Route("/_sandbox/webhooks", controls.webhooks, methods=["GET", "POST"]),
            Route("/_sandbox/settings", controls.settings, methods=["GET", "POST"]),
            Route("/_sandbox/actions", controls.actions, methods=["POST"]),
            Route("/{path:path}", api, methods=METHODS),
        ],
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    return app


async def api(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    answer = await answer_request(sandbox, request)
    if request.method == "POST" and not answer.replayed and _lose(sandbox.store):
        return Response(status_code=502)
    return JSONResponse(answer.body, status_code=answer.status, headers=_headers(request, answer))


async def file_contents(request: Request) -> Response:
    """The address that a file's `url` names."""
    sandbox: Sandbox = request.app.state.sandbox
    try:
        require_api_key(request, sandbox.api_key)
        call = Call(sandbox.store, int(time.time()), sandbox.url, ids=request.path_params)
        file, content = files.content(call)
    except StripeError as refusal:
        return JSONResponse(refusal.body(), status_code=refusal.status)
    return Response(content, media_type=files.MEDIA_TYPES[file["type"]])


def _headers(request: Request, answer: Answer) -> dict[str, str]:
    headers = {"Request-Id": answer.request_id, "Stripe-Version": API_VERSION}
    if key := request.headers.get("idempotency-key"):
        headers["Idempotency-Key"] = key
    if answer.replayed:
        headers |= {"Idempotent-Replayed": "true", "Original-Request": answer.request_id}
    return headers


def _lose(store: Store) -> bool:
    """Whether this answer is one of those to lose: the gateway in front of Stripe broke down."""
    left = Settings.read(store).lose_answers
    if left:
        Settings(lose_answers=left - 1).write(store)
    return left > 0


async def _expire_for_ever(sandbox: Sandbox) -> None:
    while True:
        await asyncio.sleep(EXPIRY_SECONDS)
        try:
            checkout.expire_overdue(sandbox.store, sandbox.url)
        except Exception:
            logger.exception("expiring the overdue sessions broke down")
