"""The API process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client

from activities.documents.own_data import own_data_pdf
from activities.exports.yearly_papers import YearlyPapers
from activities.gateways.payments import ProviderEvent
from activities.gateways.stripe_webhooks import verify
from api.app import create_app
from api.dependencies import Dependencies
from api.oidc.provider import Provider
from db.api_role import UnsafeRole, check_role, refuse_unsafe_roles
from db.askers import asked_sessions
from db.engine import Sessions, create_engine, sessions
from deploy import logs
from deploy.bank import is_bank_message
from deploy.log_context import LogContext
from deploy.recovery.marks import StoresDisagree, refuse_when_older
from deploy.runtime import runtime_of
from deploy.second_factors import seals_of
from deploy.serving import serve
from deploy.settings import Settings, read_settings
from deploy.temporal import TemporalUnreachable, connect
from deploy.tracing import begin_tracing
from deploy.wiring import deadlines_of, hours_of, issuers_of, slot_rules_of

# How long requests under way may still take once the process is asked to stop; a command waits 5 s at most.
GRACE_SECONDS = 10
# How long Temporal and the database may take to be compared before the API starts without.
STORES_PATIENCE = timedelta(seconds=3)

log = logging.getLogger(__name__)


def build(settings: Settings, *, stores_agree: bool = False) -> FastAPI:
    """The application on the real collaborators. It needs none of them to start. Unless the stores are known
    to agree, they are compared before anything is asked of Temporal."""

    engine = create_engine(settings.database_url.get_secret_value())
    refuse_unsafe_roles(engine)

    runtime = runtime_of(settings.metrics_address)
    seen = [*begin_tracing(settings, "omea-api"), LogContext()]

    async def temporal() -> Client:
        return await connect(settings, runtime=runtime, interceptors=seen)

    def verified(payload: bytes, signature: str) -> ProviderEvent | None:
        return verify(payload, signature, settings.stripe_webhook_secrets)

    clock = partial(datetime.now, UTC)
    return create_app(
        Dependencies(
            sessions=asked_sessions(engine),
            temporal=temporal
            if stores_agree
            else once_compared(temporal, sessions(engine), settings.task_queue),
            task_queue=settings.task_queue,
            clock=clock,
            deadlines=deadlines_of(settings),
            hours=hours_of(settings),
            slot_rules=slot_rules_of(settings),
            token_key=settings.token_key.get_secret_value().encode(),
            seals=seals_of(settings),
            verify_webhook=verified,
            is_bank_message=is_bank_message,
            public_url=settings.public_url,
            yearly_papers=YearlyPapers(settings.company),
            company=settings.company,
            own_data_pdf=partial(own_data_pdf, settings.company),
            siren=settings.company.siren,
            # AnyDesk's settings are given all or not at all.
            session_log=settings.anydesk_api_key is not None,
            temporal_ui=f"{settings.temporal_ui_url}/namespaces/{settings.temporal_namespace}"
            if settings.temporal_ui_url
            else None,
            sends_sms=settings.sms_url is not None,
            providers={issuer.key: Provider(issuer, clock) for issuer in issuers_of(settings)},
        ),
        # A tool of developers, and a large script: not for the origin that people trust with their money.
        swagger_ui=None if settings.is_production else swagger_ui(),
    )


def swagger_ui() -> Path | None:
    """Where the files of Swagger UI are; None where what developers need is not installed."""
    found = find_spec("fastapi_offline")
    return None if found is None or found.origin is None else Path(found.origin).parent / "static"


def once_compared(
    connected: Callable[[], Awaitable[Client]], database: Sessions, task_queue: str
) -> Callable[[], Awaitable[Client]]:
    """What connects a client, once the stores agree; raises `StoresDisagree` while they do not. Whoever asks
    may give up before: the comparison goes on for the next one."""
    under_way: asyncio.Task[Client] | None = None

    async def compare() -> Client:
        client = await connected()
        try:
            await refuse_when_older(client, database, task_queue)
        except StoresDisagree as disagree:
            log.critical("%s", disagree)
            raise
        return client

    async def client() -> Client:
        nonlocal under_way
        if under_way is None or (under_way.done() and under_way.exception() is not None):
            under_way = asyncio.create_task(compare())
        return await asyncio.shield(under_way)

    return client


async def check_stores(settings: Settings) -> bool:
    """Whether they were compared. Raises `StoresDisagree` after a restore. Without Temporal no process is
    begun or told anything: the API starts all the same, and says so to whoever asks."""
    engine = create_engine(settings.database_url.get_secret_value())
    try:
        # Its log lines are ours too; the port of its figures is that of the client that stays.
        client = await connect(settings, runtime=runtime_of(None), patience=STORES_PATIENCE)
        async with asyncio.timeout(STORES_PATIENCE.total_seconds()):
            await refuse_when_older(client, sessions(engine), settings.task_queue)
    except (TemporalUnreachable, TimeoutError) as away:
        log.warning("the stores cannot be compared: %s", type(away).__name__)
        return False
    finally:
        await engine.dispose()
    return True


def main() -> None:
    logs.configure()
    settings = read_settings()
    try:
        asyncio.run(check_role(settings.database_url.get_secret_value()))
    except UnsafeRole as unsafe:
        log.critical("%s", unsafe)
        raise SystemExit(1) from None
    except (SQLAlchemyError, OSError) as away:
        # Whatever the database will say when it is back, each connection asks again.
        log.warning("the database does not answer yet: %s", type(away).__name__)
    try:
        stores_agree = asyncio.run(check_stores(settings))
    except StoresDisagree as disagree:
        log.critical("%s", disagree)
        raise SystemExit(1) from None
    app = build(settings, stores_agree=stores_agree)
    serve(
        app,
        grace_seconds=GRACE_SECONDS,
        leave=app.state.dependencies.leaving.set,
        host=settings.api_host,
        port=settings.api_port,
        # Whose word is taken for where a request comes from: by that, sign-in links are limited.
        forwarded_allow_ips=settings.trusted_proxies,
    )


if __name__ == "__main__":
    main()
