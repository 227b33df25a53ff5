"""What `omea release` tells an operator. What it does is tried in tests/control/test_two_builds.py."""

from datetime import UTC, datetime

from temporalio.api.enums.v1 import WorkerDeploymentVersionStatus

from deploy.commands.releasing import STATES, table
from deploy.releases import STATUS, Build

SINCE = datetime(2026, 11, 27, 22, 5, tzinfo=UTC)


def test_each_build_has_a_line_and_the_one_that_may_go_is_named() -> None:
    told = table(
        [
            Build("2026-12-01", "CURRENT", SINCE, True, 0),
            Build("2026-11-27", "DRAINING", SINCE, True, 12),
            Build("2026-11-20", "DRAINED", SINCE, True, 0),
            Build("2026-11-13", "DRAINED", SINCE, False, 0),
        ]
    )
    assert told == [
        "version  état  connue depuis  workers  liés à elle",
        "2026-12-01  en service  27/11/2026 22:05 UTC  oui  0",
        "2026-11-27  se vide  27/11/2026 22:05 UTC  oui  12",
        "2026-11-20  vide  27/11/2026 22:05 UTC  oui  0",
        "2026-11-13  vide  27/11/2026 22:05 UTC  non  0",
        "les workers de 2026-11-20 peuvent être arrêtés",
    ]


def test_every_state_of_temporal_has_a_word() -> None:
    named = {name.removeprefix(STATUS) for name in WorkerDeploymentVersionStatus.DESCRIPTOR.values_by_name}
    assert set(STATES) == named - {"UNSPECIFIED"}
