"""What any test may ask for: a real Postgres database, migrated and empty of people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Cluster, Database, running_cluster
from tests.support.temporal import recording


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-histories", type=Path, help="keep in this directory each workflow history that is replayed"
    )


@pytest.fixture(autouse=True)
def _recorded(request: pytest.FixtureRequest) -> None:
    recording.directory = request.config.getoption("--record-histories")
    recording.begin(request.node.name.removeprefix("test_"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture
def database(cluster: Cluster) -> Database:
    return cluster.new_database()
