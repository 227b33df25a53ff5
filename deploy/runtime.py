"""What Temporal's core does beside Python: its log lines are ours, its figures have a port of their own."""

import logging

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from deploy.settings import Settings


def runtime_of(settings: Settings) -> Runtime:
    """For the one client of a process. Raises RuntimeError where another process has the port."""
    forwarded = LogForwardingConfig(
        logging.getLogger("temporalio.core"), append_target_to_name=False, prepend_target_on_message=False
    )
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    metrics = None
    if settings.metrics_port is not None:
        # As Prometheus names things: seconds, and `_total`.
        metrics = PrometheusConfig(
            f"{settings.metrics_host}:{settings.metrics_port}",
            counters_total_suffix=True,
            unit_suffix=True,
            durations_as_seconds=True,
        )
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(levels, forwarded), metrics=metrics))
