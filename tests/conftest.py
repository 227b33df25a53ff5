"""What any test may ask for: a real Postgres database, migrated and empty of people."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Cluster, Database, quick_directory, running_cluster
from tests.support.temporal import recording


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-histories", type=Path, help="keep in this directory each workflow history that is replayed"
    )
    parser.addoption(
        "--record-fingerprints", action="store_true", help="commit to what the workflows ask for today"
    )


# What takes seconds to start, or a whole demonstration: its tests stay together in one process.
STARTED_ONCE = ("stack", "outside")
# What is played once in each module that compares with it.
PLAYED_ONCE = "undisturbed"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function):
            started = [name for name in STARTED_ONCE if name in item.fixturenames]
            if started:
                item.add_marker(pytest.mark.xdist_group(started[0]))
            elif PLAYED_ONCE in item.fixturenames:
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(autouse=True)
def _recorded(request: pytest.FixtureRequest) -> None:
    recording.directory = request.config.getoption("--record-histories")
    recording.begin(request.node.name.removeprefix("test_"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    # Not below pytest's own folder: another pytest that starts closes it to the server's system user.
    with (
        tempfile.TemporaryDirectory(
            prefix="omea-tests-", dir=quick_directory(), ignore_cleanup_errors=True
        ) as directory,
        running_cluster(Path(directory)) as running,
    ):
        yield running


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    with cluster.new_database() as fresh:
        yield fresh
