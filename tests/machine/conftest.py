"""The servers of the machine, once a process, and how long hypothesis may take."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.machine.servers import Servers, running_servers
from tests.support.postgres import Cluster
from tests.support.stripe_sandbox import running_stripe

settings.register_profile(
    "machine",
    deadline=None,
    print_blob=True,
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile(
    "machine-test",
    settings.get_profile("machine"),
    max_examples=2,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
)
settings.register_profile("machine-soak", settings.get_profile("machine"), max_examples=200)
# Enough for each mutant to be found (some need about fifty); the same for the machine without one.
settings.register_profile(
    "machine-mutants",
    settings.get_profile("machine"),
    max_examples=100,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


@pytest.fixture(scope="package")
def servers(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with (
        running_stripe(tmp_path_factory.mktemp("stripe")) as stripe,
        running_servers(cluster, stripe) as running,
    ):
        yield running
