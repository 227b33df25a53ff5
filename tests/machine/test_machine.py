"""Whatever people, silences and crashes do to tickets, what is promised of them holds."""

import pytest
from hypothesis import settings
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.broken import Broken
from tests.machine.machine import Tickets
from tests.machine.mutants import MUTANTS, Mutant
from tests.machine.servers import Servers


def a_machine(servers: Servers) -> type[Tickets]:
    return type("Tickets", (Tickets,), {"servers": servers})


@pytest.mark.timeout(300)
def test_a_few_random_lives_keep_every_promise(servers: Servers) -> None:
    run_state_machine_as_test(a_machine(servers), settings=settings.get_profile("machine-test"))


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_hundreds_of_random_lives_keep_every_promise(servers: Servers) -> None:
    run_state_machine_as_test(a_machine(servers), settings=settings.get_profile("machine-soak"))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "_"))
def test_a_process_with_one_mistake_is_found(
    servers: Servers, mutant: Mutant, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant.put_in(monkeypatch)
    found = _what_is_found(a_machine(servers))
    assert found is not None, f"{mutant.name}: every promise was kept"


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_process_itself_passes_what_finds_its_mutants(servers: Servers) -> None:
    assert _what_is_found(a_machine(servers)) is None


def _what_is_found(machine: type[Tickets]) -> Broken | None:
    """What the machine finds within the examples that each mutant is given. A failure of anything else but
    its own checks is raised."""
    try:
        run_state_machine_as_test(machine, settings=settings.get_profile("machine-mutants"))
    except Broken as broken:
        return broken
    except FlakyFailure as flaky:
        # Found once; two acts that meet need not meet in the same way again.
        found = [one for one in flaky.exceptions if isinstance(one, Broken)]
        if not found:
            raise
        return found[0]
    return None
