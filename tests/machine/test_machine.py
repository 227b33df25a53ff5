"""Whatever people, silences and crashes do to tickets, what is promised of them holds."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Tickets
from tests.machine.mutants import Mutant
from tests.machine.servers import Servers


def a_machine(servers: Servers, mutant: Mutant | None = None) -> type[Tickets]:
    return type("Tickets", (Tickets,), {"servers": servers, "mutant": mutant})


@pytest.mark.timeout(300)
def test_a_few_random_lives_keep_every_promise(servers: Servers) -> None:
    run_state_machine_as_test(a_machine(servers), settings=settings.get_profile("machine-test"))


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_hundreds_of_random_lives_keep_every_promise(servers: Servers) -> None:
    run_state_machine_as_test(a_machine(servers), settings=settings.get_profile("machine-soak"))
