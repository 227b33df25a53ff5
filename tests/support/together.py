"""Which tests run in one process when there are several: those that share what takes long to start or play.

The plugin's own groups are marks that it writes into the names of tests, which pytest no longer lets it do;
and where tests are dealt out nothing else of them is known but their names.
"""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# Files whose tests share something, and the name of that.
SHARED: dict[str, str] = {
    # Another, at which people sit.
    "tests/e2e/test_four_desks.py": "four desks",
    # One without a worker.
    "tests/upgrade/test_api_stop.py": "upgrade",
    "tests/upgrade/test_graceful_stop.py": "upgrade",
    "tests/upgrade/test_worker_health.py": "upgrade",
    # The outside world of a stack.
    "tests/deploy/test_cli.py": "outside",
    "tests/deploy/test_stack.py": "outside",
    "tests/deploy/test_temporal.py": "outside",
    "tests/deploy/test_temporal_settings.py": "outside",
    "tests/deploy/traces/test_histories.py": "outside",
    # Every route asked by everybody.
    "tests/api/matrix/test_permissions.py": "matrix",
    # An application with its description, and what is generated from it.
    "tests/api/fuzz/test_the_description_holds.py": "fuzz",
    # A long ticket that nothing disturbs, to compare with.
    "tests/kill/test_every_event.py": "every event",
}


class Together(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Every other test is alone; the largest groups go first."""

    def _split_scope(self, nodeid: str) -> str:
        return SHARED.get(nodeid.partition("::")[0], nodeid)
