"""One ticket, from its first request to its money: every hop is in one trace, every line has its number."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler, SamplingResult
from opentelemetry.trace import StatusCode
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.testing import WorkflowEnvironment

from db.engine import create_engine
from deploy.log_context import LogContext
from deploy.tracing import NobodysSpans
from domain.ids import ticket_workflow_id
from tests.api.reaching import reach_review
from tests.api.service import Service, open_service
from tests.support.log_lines import lines_of, written_log
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import replay_history_of

# What somebody has written, or is called.
SECRET = "Quatremer"


class WhileAsked(Sampler):
    """A process has one provider for ever: after these tests it takes no more spans."""

    def __init__(self) -> None:
        self.asked = True

    def should_sample(self, *given: Any, **named: Any) -> SamplingResult:
        return (ALWAYS_ON if self.asked else ALWAYS_OFF).should_sample(*given, **named)

    def get_description(self) -> str:
        return "while asked"


@pytest.fixture(scope="module")
def exported() -> Iterator[InMemorySpanExporter]:
    """What would be sent."""
    exporter, sampler = InMemorySpanExporter(), WhileAsked()
    provider = TracerProvider(sampler=sampler)
    provider.add_span_processor(SimpleSpanProcessor(NobodysSpans(exporter)))
    trace.set_tracer_provider(provider)
    yield exporter
    sampler.asked = False


@pytest.fixture
def spans(exported: InMemorySpanExporter) -> InMemorySpanExporter:
    exported.clear()
    return exported


@pytest.fixture
async def seen(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox, spans: InMemorySpanExporter
) -> AsyncIterator[Service]:
    interceptors = [TracingInterceptor(), LogContext()]
    async with open_service(environment, database, stripe, interceptors=interceptors) as running:
        yield running


async def test_a_trace_of_one_ticket_shows_every_hop(seen: Service, spans: InMemorySpanExporter) -> None:
    with written_log() as written:
        ticket = await reach_review(seen)
        answer = await seen.act(ticket, "review", {"stars": 5, "comment": SECRET})
    assert answer.status_code == 200
    await seen.pass_time(ticket, timedelta(minutes=11))
    handle = seen.environment.client.get_workflow_handle(ticket_workflow_id(ticket))
    assert await handle.result() == "paid"
    # A worker without traces goes on with what one with them has begun.
    await replay_history_of(handle)

    found = spans.get_finished_spans()
    [opened] = [span for span in found if span.name == "POST /v1/tickets"]
    of_the_ticket = [span for span in found if span.context.trace_id == opened.context.trace_id]
    asked, charged = f"{opened.name} > StartUpdateWithStartWorkflow:Ticket", "StartActivity:charge_invoice"
    paths = [_path(span, of_the_ticket) for span in of_the_ticket]
    assert set(paths) >= {
        f"{opened.name} > SQL INSERT",
        asked,
        f"{asked} > RunWorkflow:Ticket",
        f"{asked} > HandleUpdate:booked",
        f"{asked} > StartActivity:book > RunActivity:book > SQL INSERT",
        f"{asked} > HandleUpdate:review",
        f"{asked} > StartActivity:accept > RunActivity:accept > SQL INSERT",
        f"{asked} > {charged} > RunActivity:charge_invoice > Stripe POST /v1/payment_intents/{{id}}/confirm",
        f"{asked} > StartActivity:check_payment > RunActivity:check_payment > SQL UPDATE",
        f"{asked} > CompleteWorkflow:Ticket",
    }
    # A later act is a trace of its own, to which the workflow's has a link.
    [reviewed] = [span for span in found if span.name == "POST /v1/tickets/{number}/review"]
    [handled] = [span for span in of_the_ticket if span.name == "HandleUpdate:review"]
    assert [link.context.trace_id for link in handled.links] == [reviewed.context.trace_id]
    assert reviewed.attributes == {
        "http.request.method": "POST",
        "http.route": "/v1/tickets/{number}/review",
        "http.response.status_code": 200,
    }

    lines = [line for line in lines_of(written.getvalue()) if line["logger"] == "api.observed"]
    about = {"workflow_id": ticket_workflow_id(ticket), "ticket": ticket}
    assert [line["route"] for line in lines if about.items() <= line.items()] == [
        "/v1/tickets",
        *(f"/v1/tickets/{{number}}/{act}" for act in ("acknowledge", "consent", "call", "start", "end")),
        *(f"/v1/tickets/{{number}}/{act}" for act in ("report", "review")),
    ]
    assert {**lines[-1], "milliseconds": 0} == {
        **about,
        "event": "answered",
        "level": "info",
        "logger": "api.observed",
        "method": "POST",
        "route": "/v1/tickets/{number}/review",
        "status": 200,
        "milliseconds": 0,
        "request_id": answer.headers["x-request-id"],
        "trace_id": f"{reviewed.context.trace_id:032x}",
    }
    assert SECRET not in written.getvalue()


async def test_spans_say_nothing_of_anybody(seen: Service, spans: InMemorySpanExporter) -> None:
    """Neither in what is asked, nor in what goes wrong, nor in what somebody sends along."""
    stranger = {"traceparent": f"00-{'4' * 32}-{'2' * 16}-01", "baggage": f"who={SECRET}"}
    answer = await seen.api.http.get(f"/v1/payments/{SECRET}", params={"name": SECRET}, headers=stranger)
    assert answer.status_code == 404
    engine = create_engine(seen.database.url("omea_worker"))
    with pytest.raises(DBAPIError), trace.get_tracer("test").start_as_current_span("asked"):
        async with engine.connect() as connection:
            await connection.execute(text("SELECT CAST(:given AS integer)"), {"given": SECRET})
    await engine.dispose()
    told = [
        (span.name, dict(span.attributes or {}), span.status.status_code)
        for span in spans.get_finished_spans()
    ]
    query = {"db.system.name": "postgresql", "db.query.text": "SELECT CAST(%(given)s AS integer)"}
    assert told == [
        (
            "GET /v1/payments/{token}",
            {
                "http.request.method": "GET",
                "http.route": "/v1/payments/{token}",
                "http.response.status_code": 404,
            },
            StatusCode.UNSET,
        ),
        ("SQL SELECT", {**query, "error.type": "InvalidTextRepresentation"}, StatusCode.ERROR),
        ("asked", {"error.type": "sqlalchemy.exc.DataError"}, StatusCode.ERROR),
    ]
    assert all(SECRET not in span.to_json() for span in spans.get_finished_spans())
    assert f"{spans.get_finished_spans()[0].context.trace_id:032x}" != "4" * 32


def _path(span: ReadableSpan, all_of_them: Sequence[ReadableSpan]) -> str:
    by_id = {one.context.span_id: one for one in all_of_them if one.context}
    names = [span.name]
    while span.parent is not None:
        span = by_id[span.parent.span_id]
        names.append(span.name)
    return " > ".join(reversed(names))
