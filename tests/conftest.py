"""What any test may ask for: a real Postgres database, migrated and empty of people."""

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.histories import recording
from tests.support.postgres import Cluster, Database, quick_directory, running_cluster
from tests.support.together import Together

# How long an example takes says how busy the machine is, and nothing of whether a rule holds.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-histories",
        type=Path,
        help="keep in this directory each workflow history that is replayed and new",
    )
    parser.addoption(
        "--record-fingerprints", action="store_true", help="commit to what the workflows ask for today"
    )
    parser.addoption("--record-matrix", action="store_true", help="commit to who may do what today")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end, thousands of tests among it. Looking for what of it could be
    thrown away takes a quarter of a test's time. (How often one looks: `deploy/__init__.py`.)"""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


@pytest.fixture(autouse=True)
def _recorded(request: pytest.FixtureRequest) -> None:
    recording.directory = request.config.getoption("--record-histories")
    recording.test = request.node.name.removeprefix("test_")


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
