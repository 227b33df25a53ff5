"""The worker process: runs workflows and activities, dispatches webhooks and changes of capacity, and reads
what comes back of our mails."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from temporalio.worker import Interceptor

from activities.gateways.anydesk_session_log import AnyDeskSessionLog
from activities.gateways.sms import Sms
from activities.gateways.smtp_mail import SmtpMail
from activities.gateways.stripe_chargebacks import StripeChargebacks
from activities.gateways.stripe_payments import StripePayments
from db.engine import create_engine, sessions
from deploy import logs
from deploy.bounce_reader import BounceReader
from deploy.capacity_dispatcher import CapacityDispatcher
from deploy.log_context import LogContext
from deploy.recovery.marks import StoresDisagree, refuse_when_older
from deploy.runtime import runtime_of
from deploy.serving import served_beside
from deploy.settings import Settings, read_settings
from deploy.temporal import connect
from deploy.tracing import begin_tracing, end_tracing
from deploy.webhook_dispatcher import WebhookDispatcher
from deploy.wiring import Collaborators, create_transfer_worker, create_worker, deadlines_of, hours_of
from deploy.worker_health import WorkerHealth

log = logging.getLogger(__name__)


def session_log_of(settings: Settings) -> AnyDeskSessionLog | None:
    """None without AnyDesk's settings, which are given all or not at all."""
    base, licence, key = settings.anydesk_api_base, settings.anydesk_license, settings.anydesk_api_key
    if base is None or licence is None or key is None:
        return None
    return AnyDeskSessionLog(base, licence, key.get_secret_value())


def sms_of(settings: Settings) -> Sms | None:
    """None without its setting: then nobody is told by SMS."""
    if settings.sms_url is None:
        return None
    # A second to load, for which only who sends any should wait.
    from activities.gateways.apprise_sms import AppriseSms

    return AppriseSms(settings.sms_url.get_secret_value())


def bounce_readers_of(settings: Settings, given: Collaborators) -> list[BounceReader]:
    """None without its setting: then mails are known to be refused only by the server that takes them."""
    if settings.bounces_url is None:
        return []
    return [BounceReader(given.database, settings.bounces_url.get_secret_value())]


@asynccontextmanager
async def collaborators(settings: Settings) -> AsyncIterator[Collaborators]:
    """The real gateways, closed at the end."""
    engine = create_engine(settings.database_url.get_secret_value())
    payments = StripePayments(settings.stripe_api_key.get_secret_value(), settings.stripe_api_base)
    session_log = session_log_of(settings)
    try:
        yield Collaborators(
            database=sessions(engine),
            payments=payments,
            chargebacks=StripeChargebacks(payments.connection),
            mail=SmtpMail(settings.smtp_url.get_secret_value()),
            sender=settings.mail_from,
            back_office=settings.back_office_mail,
            public_url=settings.public_url,
            link_key=settings.token_key.get_secret_value().encode(),
            company=settings.company,
            bank_account=settings.bank_account,
            session_log=session_log,
            sms=sms_of(settings),
        )
    finally:
        if session_log is not None:
            await session_log.close()
        await payments.close()
        await engine.dispose()


async def work(settings: Settings, given: Collaborators, interceptors: Sequence[Interceptor] = ()) -> None:
    """Work until SIGTERM or SIGINT, then finish what is under way within the grace period; what takes longer
    is given up, for another worker to do again. Until its end it answers who asks after its health."""
    health, port = WorkerHealth(given.database), settings.health_port
    asked = nullcontext() if port is None else served_beside(health.app(), settings.health_host, port)
    async with asked:
        await _work(settings, given, interceptors, health)


async def _work(
    settings: Settings, given: Collaborators, interceptors: Sequence[Interceptor], health: WorkerHealth
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    seen = [*begin_tracing(settings, "omea-worker"), LogContext()]
    stopping = asyncio.create_task(stop.wait())
    connecting = asyncio.create_task(
        connect(settings, runtime=runtime_of(settings.metrics_address), interceptors=seen)
    )
    if not await _is_done(connecting, stopping):
        return
    client = connecting.result()
    health.connected(client)
    worker = create_worker(
        client, settings.task_queue, given, build_id=settings.build_id, interceptors=interceptors
    )
    transfers = create_transfer_worker(
        client,
        settings.task_queue,
        given.payments,
        per_second=settings.transfers_per_second,
        build_id=settings.build_id,
        interceptors=interceptors,
    )
    dispatchers: list[WebhookDispatcher | CapacityDispatcher | BounceReader] = [
        WebhookDispatcher(
            given.database, client, settings.task_queue, deadlines_of(settings), hours_of(settings)
        ),
        CapacityDispatcher(given.database, client),
        *bounce_readers_of(settings, given),
    ]
    dispatching: list[asyncio.Task[None]] = []
    try:
        agreed = asyncio.create_task(refuse_when_older(client, given.database, settings.task_queue))
        if not await _is_done(agreed, stopping):
            return
        dispatching = [asyncio.create_task(dispatcher.run()) for dispatcher in dispatchers]
        async with worker, transfers:
            log.info("build %s at work on %s", settings.build_id, settings.task_queue)
            health.at_work = True
            await asyncio.wait({stopping, *dispatching}, return_when=asyncio.FIRST_COMPLETED)
            health.at_work = False
            for task in dispatching:
                if task.done():
                    # A fault of ours: a process that no longer dispatches must not look healthy.
                    task.result()
                task.cancel()
            # Both at once: there is one grace period for the process.
            await asyncio.gather(worker.shutdown(), transfers.shutdown())
    finally:
        stopping.cancel()
        for task in dispatching:
            task.cancel()
        await asyncio.gather(*dispatching, return_exceptions=True)


async def _is_done(step: asyncio.Task[Any], stopping: asyncio.Task[bool]) -> bool:
    """False when the process is to stop before the step has ended. Raises what the step does."""
    await asyncio.wait({step, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not step.done():
        step.cancel()
        return False
    step.result()
    return True


async def main() -> None:
    settings = read_settings()
    async with collaborators(settings) as given:
        try:
            await work(settings, given)
        except StoresDisagree as disagree:
            log.critical("%s", disagree)
            raise SystemExit(1) from None


if __name__ == "__main__":
    logs.configure()
    asyncio.run(main())
    end_tracing()
    # All is done and closed by now: Temporal's threads sometimes crash an interpreter that is being torn down
    # (sdk-python#300).
    logging.shutdown()
    os._exit(0)
