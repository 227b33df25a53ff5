"""Spans go where a setting says, and nowhere else."""

import gzip
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from deploy.settings import read_settings
from deploy.tracing import provider_of


@dataclass
class Collector:
    url: str = ""
    took: list[tuple[str, str | None, ExportTraceServiceRequest]] = field(default_factory=list)


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()

    class Takes(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers["content-encoding"] == "gzip":
                body = gzip.decompress(body)
            request = ExportTraceServiceRequest.FromString(body)
            made.took.append((self.path, self.headers["authorization"], request))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Takes) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        serving = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
        serving.start()
        yield made
        server.shutdown()


def test_without_an_endpoint_nothing_is_sent(sandbox_environment: dict[str, str]) -> None:
    assert provider_of(read_settings(sandbox_environment), "omea-api") is None


def test_spans_are_sent_to_the_endpoint_and_say_only_what_is_known_to_be_nobodys(
    sandbox_environment: dict[str, str], collector: Collector
) -> None:
    told = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"{collector.url}/",
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20key",
    }
    provider = provider_of(read_settings(sandbox_environment | told), "omea-worker")
    assert provider is not None
    given = {"temporalWorkflowID": "ticket/48291572", "url.full": "https://omea.example/avis/jeton"}
    tracer = provider.get_tracer("test")

    @tracer.start_as_current_span("RunActivity:notify", attributes=given)
    def notify() -> None:
        trace.get_current_span().add_event("said", {"what": "Quatremer"})
        raise ValueError("Quatremer")

    with pytest.raises(ValueError, match="Quatremer"):
        notify()
    provider.shutdown()
    [(path, key, request)] = collector.took
    assert (path, key) == ("/v1/traces", "Bearer key")
    [sent] = request.resource_spans
    service = {one.key: one.value.string_value for one in sent.resource.attributes}["service.name"]
    [one] = sent.scope_spans[0].spans
    assert (service, one.name) == ("omea-worker", "RunActivity:notify")
    assert {attribute.key: attribute.value.string_value for attribute in one.attributes} == {
        "error.type": "ValueError",
        "temporalWorkflowID": "ticket/48291572",
    }
    assert (list(one.events), one.status.message) == ([], "")
