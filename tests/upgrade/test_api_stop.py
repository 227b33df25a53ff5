"""SIGTERM while the API answers: the command under way has its answer, no live page holds the process up."""

import asyncio
import os
import signal
import time

import httpx
import pytest

from deploy.demo.main import Open
from deploy.server import GRACE_SECONDS
from deploy.stack import Stack
from deploy.stack_record import living
from tests.deploy.conftest import until
from tests.upgrade.conftest import BUILD, slow_stripe
from tests.upgrade.workers import a_worker

CLIENT = "claire.petit@example.fr"


async def follow(stack: Stack, token: str, opened: asyncio.Event) -> int:
    """The status of a page's events, once they have ended, without an error."""
    async with (
        httpx.AsyncClient(base_url=stack.url("api"), timeout=60) as browser,
        browser.stream("GET", "/demandes/suivi", headers={"Authorization": f"Bearer {token}"}) as events,
    ):
        async for _ in events.aiter_lines():
            opened.set()
        return events.status_code


@pytest.mark.timeout(180)
async def test_a_command_has_its_answer_and_a_live_page_is_let_go(stack: Stack) -> None:
    async with Open() as opened:
        stage = await opened.stage(stack)
        person, listening = stage.people[CLIENT], asyncio.Event()
        with a_worker(stack, BUILD):
            following = asyncio.create_task(follow(stack, person.token, listening))
            await asyncio.wait_for(listening.wait(), 20)
            # A card's page takes two requests.
            async with slow_stripe(stage, 1):
                asked = asyncio.create_task(
                    person.http.post(
                        "/v1/cards",
                        headers={"Authorization": f"Bearer {person.token}", "Idempotency-Key": "stop-api"},
                    )
                )
                await asyncio.sleep(0.5)
                pid, began = stack.pid("api"), time.monotonic()
                os.kill(pid, signal.SIGTERM)
                answer = await asked
            assert await following == 200
            assert await asyncio.to_thread(until, lambda: living(pid) is None)
            seconds = time.monotonic() - began
            stack.wait_restarted("api", pid)
    assert (answer.status_code, "url" in answer.json()) == (201, True)
    assert 1 < seconds < GRACE_SECONDS
