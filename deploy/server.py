"""The API process."""

import logging
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from activities.exports.yearly_papers import YearlyPapers
from activities.gateways.payments import ProviderEvent
from activities.gateways.stripe_webhooks import verify
from api.app import create_app
from api.dependencies import Dependencies
from db.engine import create_engine, sessions
from deploy.bank import is_bank_message
from deploy.second_factors import seals_of
from deploy.settings import Settings, read_settings
from deploy.temporal import connect
from deploy.wiring import deadlines_of, hours_of, slot_rules_of

# How long requests under way may still take once the process is asked to stop; a command waits 5 s at most.
GRACE_SECONDS = 10


def build(settings: Settings) -> FastAPI:
    """The application on the real collaborators. It needs none of them to start."""

    async def temporal() -> Client:
        return await connect(settings)

    def verified(payload: bytes, signature: str) -> ProviderEvent | None:
        return verify(payload, signature, settings.stripe_webhook_secrets)

    return create_app(
        Dependencies(
            sessions=sessions(create_engine(settings.database_url.get_secret_value())),
            temporal=temporal,
            task_queue=settings.task_queue,
            clock=partial(datetime.now, UTC),
            deadlines=deadlines_of(settings),
            hours=hours_of(settings),
            slot_rules=slot_rules_of(settings),
            token_key=settings.token_key.get_secret_value().encode(),
            seals=seals_of(settings),
            verify_webhook=verified,
            is_bank_message=is_bank_message,
            public_url=settings.public_url,
            yearly_papers=YearlyPapers(settings.company),
            siren=settings.company.siren,
            # AnyDesk's settings are given all or not at all.
            session_log=settings.anydesk_api_key is not None,
        ),
        # A tool of developers, and a large script: not for the origin that people trust with their money.
        swagger_ui=None if settings.is_production else swagger_ui(),
    )


def swagger_ui() -> Path | None:
    """Where the files of Swagger UI are; None where what developers need is not installed."""
    found = find_spec("fastapi_offline")
    return None if found is None or found.origin is None else Path(found.origin).parent / "static"


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = read_settings()
    uvicorn.run(
        build(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_level="warning",
        access_log=False,
        # Whose word is taken for where a request comes from: by that, sign-in links are limited.
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
