"""A span for each statement that is part of a trace: its text, and never its parameters.

OpenTelemetry's own instrumentation is for SQLAlchemy before 2.1; and it tells the database's words of a
refusal, which may quote the row.
"""

from typing import Any

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext, ExecutionContext

LONGEST_TEXT = 2_000


def trace_statements(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def _begin(
    _connection: Connection, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    # The dispatchers' looks, several a second, would each be a trace of one statement.
    if not trace.get_current_span().get_span_context().is_valid:
        return
    verb = statement.split(maxsplit=1)[0].upper()
    attributes = {"db.system.name": "postgresql", "db.query.text": statement[:LONGEST_TEXT]}
    context.span = trace.get_tracer(__name__).start_span(
        f"SQL {verb}", kind=SpanKind.CLIENT, attributes=attributes
    )


def _end(
    _connection: Connection, _cursor: Any, _text: str, _parameters: Any, context: Any, _many: bool
) -> None:
    if (span := getattr(context, "span", None)) is not None:
        span.end()


def _fail(context: ExceptionContext) -> None:
    execution: ExecutionContext | None = context.execution_context
    if (span := getattr(execution, "span", None)) is not None:
        span.set_attribute("error.type", type(context.original_exception).__name__)
        span.set_status(StatusCode.ERROR)
        span.end()
