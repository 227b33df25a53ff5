"""What a worker answers to whoever asks after its health: from its own event loop, for Temporal's core tells
its figures on threads of its own, however long Python has been stuck."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from temporalio.client import Client

from api.temporal import Temporal
from db.engine import Sessions, answers


class WorkerHealth:
    """`/healthz` is answered as long as the loop turns, also while the worker waits for what is away: nobody
    must restart it then. `/readyz` says whether it can work, in the words of the API's."""

    def __init__(self, database: Sessions) -> None:
        self._database = database
        self._temporal: Temporal | None = None
        # Whether it asks for tasks: not before the stores were compared, no more once it is to stop.
        self.at_work = False

    def connected(self, client: Client) -> None:
        self._temporal = Temporal(client)

    async def missing(self) -> list[str]:
        postgres, temporal = await asyncio.gather(answers(self._database), self._temporal_answers())
        there = {"postgres": postgres, "temporal": temporal, "worker": self.at_work}
        return [name for name, is_there in there.items() if not is_there]

    async def _temporal_answers(self) -> bool:
        return self._temporal is not None and await self._temporal.answers()

    def app(self) -> Starlette:
        async def alive(_request: Request) -> Response:
            return JSONResponse({"status": "ok"})

        async def ready(_request: Request) -> Response:
            missing = await self.missing()
            body = {"ready": not missing, "missing": missing}
            return JSONResponse(body, status_code=503 if missing else 200)

        return Starlette(routes=[Route("/healthz", alive), Route("/readyz", ready)])
