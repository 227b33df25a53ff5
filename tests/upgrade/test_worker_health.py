"""What a worker's orchestrator hears of it: from its event loop, whatever Temporal's core goes on saying."""

import functools
import os
import signal

import httpx
import pytest

from deploy.health import answers, asked
from deploy.stack import Stack
from tests.deploy.conftest import until
from tests.support.pop3 import running_mailbox
from tests.upgrade.conftest import BUILD
from tests.upgrade.workers import Worker, a_worker

# The worker as it is shipped, whose event loop a signal keeps busy for longer than anybody waits.
WITH_A_FAULT = """
import runpy, signal, time
signal.signal(signal.SIGUSR1, lambda *_: time.sleep(600))
runpy.run_module("deploy.worker", run_name="__main__", alter_sys=True)
"""


def readiness(worker: Worker) -> tuple[int, list[str]]:
    answer = httpx.get(f"{worker.health}/readyz", timeout=10)
    told = answer.json()
    assert told["ready"] is (told["missing"] == [])
    return answer.status_code, told["missing"]


def lacks(worker: Worker, name: str) -> bool:
    return readiness(worker) == (503, [name])


@pytest.mark.timeout(120)
def test_a_worker_is_alive_as_long_as_its_event_loop_turns_and_ready_while_its_stores_answer(
    stack: Stack,
) -> None:
    with (
        running_mailbox() as mailbox,
        a_worker(stack, BUILD, program=("-c", WITH_A_FAULT), given={"BOUNCES_URL": mailbox.url}) as worker,
    ):
        assert until(lambda: readiness(worker) == (200, []))
        # At work, it reads what came back.
        assert until(lambda: mailbox.commands == ["USER", "PASS", "LIST", "UIDL", "QUIT"])
        for name in ("temporal", "postgres"):
            with stack.outage(name):
                assert until(functools.partial(lacks, worker, name))
                assert f'"missing":["{name}"]' in asked(f"{worker.health}/readyz")[1]
                # Restarted, it would not work either.
                assert answers(f"{worker.health}/healthz")
        assert until(lambda: readiness(worker) == (200, []))
        os.kill(worker.pid, signal.SIGUSR1)
        assert until(lambda: not answers(f"{worker.health}/healthz"))
        assert answers(f"{stack.url('worker_metrics')}/metrics")
