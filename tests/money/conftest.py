from collections.abc import Iterator

import pytest

from tests.support.stripe_sandbox import StripeSandbox, running_stripe


@pytest.fixture(scope="package")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeSandbox]:
    with running_stripe(tmp_path_factory.mktemp("stripe")) as running:
        yield running
