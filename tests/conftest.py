"""What any test may ask for: a real Postgres database, migrated and empty of people."""

from collections.abc import Iterator

import pytest

from tests.support.postgres import Cluster, Database, running_cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture
def database(cluster: Cluster) -> Database:
    return cluster.new_database()
