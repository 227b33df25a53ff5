"""The process that tells the figures of the business, as the worker's role. Once is enough."""

from datetime import UTC, datetime

import uvicorn
from prometheus_client.core import GaugeMetricFamily
from starlette.applications import Starlette

from api.temporal import Temporal
from db.engine import create_engine, sessions
from deploy import logs
from deploy.metrics import app
from deploy.metrics.figures import from_postgres, from_temporal
from deploy.runtime import runtime_of
from deploy.settings import Settings, SettingsRefused, read_settings
from deploy.temporal import connect
from deploy.wiring import deadlines_of, hours_of


def build(settings: Settings) -> Starlette:
    """It needs neither Postgres nor Temporal to start."""
    database = sessions(create_engine(settings.database_url.get_secret_value(), pool_size=1))
    # Its own figures would be told where ours are.
    runtime = runtime_of(None)
    temporal = Temporal(lambda: connect(settings, runtime=runtime))

    async def of_postgres() -> list[GaugeMetricFamily]:
        return await from_postgres(database, datetime.now(UTC), deadlines_of(settings), hours_of(settings))

    async def of_temporal() -> list[GaugeMetricFamily]:
        return await from_temporal(await temporal.client(), settings.task_queue)

    return app.build({"postgres": of_postgres, "temporal": of_temporal})


def main() -> None:
    logs.configure()
    settings = read_settings()
    if settings.metrics_port is None:
        raise SettingsRefused({"METRICS_PORT": "manque"})
    uvicorn.run(
        build(settings),
        host=settings.metrics_host,
        port=settings.metrics_port,
        log_config=None,
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
