"""What our processes write into their logs: one JSON object a line, of what happened to what, by ids, and
never to whom."""

import logging
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, WrappedLogger
from temporalio import activity, workflow

from deploy.settings import SettingsRefused
from domain.ids import TICKET_PREFIX, ticket_number_or_none, ticket_of_workflow, ticket_workflow_id
from workflows.search_attributes import TICKET_NUMBER

# Each call to the provider would be two lines of theirs, and each document three. Their lines quote addresses
# in full, and the number of a hosted card page opens it.
CHATTY = ("httpx", "stripe", "factur-x")
# On every line, null where there is none: whoever searches the logs need not know which lines have it.
ALWAYS = ("workflow_id", "ticket")
# Where Temporal's lines keep what they are about, Python's and those of its core.
TEMPORALS = ("temporal_activity", "temporal_workflow", "temporal_log")
# Fields that a line may bring along. What a library adds of its own may be anything.
EXTRAS = (*TEMPORALS, "workflow_id", "method", "route", "status", "milliseconds")

log = logging.getLogger(__name__)


def configure(level: int = logging.INFO) -> None:
    """For a process of ours, once, before anything else."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Their messages would repeat what is in the fields.
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    handler = logging.StreamHandler()
    handler.setFormatter(formatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _last_words


def formatter() -> logging.Formatter:
    """A line as JSON."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ExtraAdder(allow=EXTRAS),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            _add_place,
            _add_trace,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # As text: without the values of local variables, which a structured one would have.
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=_by_its_kind),
        ],
    )


def _by_its_kind(value: object) -> str:
    """What JSON has no word for. Its own may quote anything."""
    return type(value).__name__


def _add_place(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Where it is written: the workflow and the ticket, as far as they are known. What the context says comes
    first (see `deploy.log_context`), then Temporal's own fields, then where this code runs."""
    given = [line.pop(name) for name in TEMPORALS if name in line]
    told: Mapping[str, Any] = getattr(given[0], "fields", given[0]) if given else {}
    if workflow.in_workflow():
        info = workflow.info()
        told = {"workflow_id": info.workflow_id, "ticket": info.typed_search_attributes.get(TICKET_NUMBER)}
    elif not told and activity.in_activity():
        told = {"workflow_id": activity.info().workflow_id}
    place = {name: line.pop(name, None) or told.get(name) for name in ALWAYS}
    place["ticket"] = place["ticket"] or ticket_of(place["workflow_id"])
    if place["workflow_id"] is None and place["ticket"] is not None:
        place["workflow_id"] = ticket_workflow_id(place["ticket"])
    return {**line, **place}


def ticket_of(workflow_id: str | None) -> str | None:
    """The number of the ticket whose own workflow this is."""
    if workflow_id is None or not workflow_id.startswith(TICKET_PREFIX):
        return None
    return ticket_number_or_none(ticket_of_workflow(workflow_id))


def _add_trace(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        line["trace_id"] = trace.format_trace_id(span.trace_id)
    return line


def _last_words(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
    """A process that ends by an error says so as it says everything else."""
    if issubclass(kind, KeyboardInterrupt):
        return
    if isinstance(error, SettingsRefused):
        # Of where it was found nobody needs to know.
        log.critical("%s", error)
    else:
        log.critical("ended by %s", kind.__name__, exc_info=(kind, error, place))
