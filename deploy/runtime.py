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


def runtime_of(metrics_address: str | None) -> Runtime:
    """For the one client of a process, whose figures are told at that address, if at any. Raises RuntimeError
    where another process has it."""
    forwarded = LogForwardingConfig(
        logging.getLogger("temporalio.core"), append_target_to_name=False, prepend_target_on_message=False
    )
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    metrics = None
    if metrics_address is not None:
        # As Prometheus names things: seconds, and `_total`.
        metrics = PrometheusConfig(
            metrics_address,
            counters_total_suffix=True,
            unit_suffix=True,
            durations_as_seconds=True,
        )
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(levels, forwarded), metrics=metrics))
