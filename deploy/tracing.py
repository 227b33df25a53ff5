"""Where traces go, if a setting says so, and what of them may leave: names, ids and kinds."""

from collections.abc import Sequence

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from opentelemetry.util.re import parse_env_headers
from temporalio.contrib.opentelemetry import TracingInterceptor

from deploy.settings import Settings

# The collector is near; a process that ends waits for it no longer.
SEND_SECONDS = 5
KEPT = frozenset(
    {
        *("http.request.method", "http.route", "http.response.status_code"),
        *("db.system.name", "db.query.text", "error.type", "stripe.request_id"),
        *("temporalWorkflowID", "temporalRunID", "temporalUpdateID", "temporalActivityID"),
    }
)


def begin_tracing(settings: Settings, service: str) -> list[TracingInterceptor]:
    """From now on spans of this process are sent, if they are to be. Answers what Temporal's client needs for
    them to be of one trace from the API to the activities."""
    if (provider := provider_of(settings, service)) is None:
        return []
    trace.set_tracer_provider(provider)
    return [TracingInterceptor()]


def end_tracing() -> None:
    """Send the spans that are left."""
    if isinstance(provider := trace.get_tracer_provider(), TracerProvider):
        provider.shutdown()


def provider_of(settings: Settings, service: str) -> TracerProvider | None:
    """Sends the spans that are made with it; None where none are to be sent."""
    if settings.otlp_endpoint is None:
        return None
    headers = settings.otlp_headers.get_secret_value() if settings.otlp_headers else ""
    exporter = OTLPSpanExporter(
        f"{settings.otlp_endpoint}/v1/traces",
        headers=parse_env_headers(headers, liberal=True),
        timeout=SEND_SECONDS,
    )
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(NobodysSpans(exporter)))
    return provider


class NobodysSpans(SpanExporter):
    """Lets through what is known to say nothing of anybody. The text of an error may quote what people wrote,
    so of an error only its kind leaves."""

    def __init__(self, onward: SpanExporter) -> None:
        self._onward = onward

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._onward.export([_nobodys(span) for span in spans])

    def shutdown(self) -> None:
        self._onward.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._onward.force_flush(timeout_millis)


def _nobodys(span: ReadableSpan) -> ReadableSpan:
    kinds = [
        one.attributes["exception.type"] for one in span.events if one.attributes and one.name == "exception"
    ]
    attributes = {"error.type": kinds[-1]} if kinds else {}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes | {name: one for name, one in (span.attributes or {}).items() if name in KEPT},
        links=span.links,
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )
