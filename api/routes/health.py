"""Whether the API is alive, and whether it can work."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import ConfigDict

from api.dependencies import Given, GivenWorkflows
from api.shapes.common import Shape
from db.engine import answers

router = APIRouter(tags=["health"])


class Alive(Shape):
    status: Literal["ok"] = "ok"


class Readiness(Shape):
    """`ready` means that Postgres and Temporal answer. `worker` is told besides: without one, reading works
    and commands are answered 503."""

    ready: bool
    missing: list[Literal["postgres", "temporal", "worker"]]

    model_config = ConfigDict(json_schema_extra={"examples": [{"ready": True, "missing": []}]})


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> Alive:
    """Looks at nothing outside the process."""
    return Alive()


@router.get(
    "/readyz",
    summary="Can it work?",
    responses={503: {"model": Readiness, "description": "Postgres or Temporal does not answer"}},
)
async def readyz(given: Given, workflows: GivenWorkflows, response: Response) -> Readiness:
    """Names the dependencies that are missing."""
    postgres, (temporal, worker) = await asyncio.gather(answers(given.sessions), _temporal_answers(workflows))
    ready = postgres and temporal
    response.status_code = 200 if ready else 503
    return Readiness(
        ready=ready,
        missing=[
            *(["postgres"] if not postgres else []),
            *(["temporal"] if not temporal else []),
            *(["worker"] if not worker else []),
        ],
    )


async def _temporal_answers(workflows: GivenWorkflows) -> tuple[bool, bool]:
    """Whether it does, and whether it knows of a worker."""
    temporal = await workflows.temporal_answers()
    return temporal, temporal and await workflows.has_worker()
