"""A server that receives webhooks, verifies each one as the product does, and refuses when told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import stripe
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.sandbox.stripe.running import WEBHOOK_SECRET, free_port, served, wait_until


@dataclass
class Receiver:
    url: str
    events: list[stripe.Event] = field(default_factory=list)
    refusals_left: int = 0
    refused: int = 0

    async def receive(self, request: Request) -> Response:
        if self.refusals_left:
            self.refusals_left -= 1
            self.refused += 1
            return Response(status_code=500)
        signature = request.headers["stripe-signature"]
        self.events.append(stripe.Webhook.construct_event(await request.body(), signature, WEBHOOK_SECRET))
        return Response()

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def wait_for(self, count: int) -> list[str]:
        wait_until(lambda: len(self.events) >= count)
        return self.types


@contextmanager
def receiver_of_webhooks() -> Iterator[Receiver]:
    port = free_port()
    receiver = Receiver(f"http://127.0.0.1:{port}/webhooks")
    app = Starlette(routes=[Route("/webhooks", receiver.receive, methods=["POST"])])
    with served(app, port):
        yield receiver
