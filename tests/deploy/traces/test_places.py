"""Where the search looks: every file that is no store, every part's metrics, and all that Temporal keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.traces.files import left_files, look_through_files, look_through_metrics
from deploy.demo.traces.searched import Search
from tests.deploy.traces.answering import answering
from tests.deploy.traces.planted import NEEDLES

LEFT = (
    "log/worker.log",
    "log/worker.previous.log",
    "log/a.part.that.comes.later",
    "log/deeper/still.txt",
    "temporal.sqlite",
    "temporal.sqlite-wal",
    "core.4071",
    "postgres/data/log/postgresql.log",
    "postgres/data/pg_log/today.csv",
    "mailbox/delivery.log",
    "stripe.log",
    "stripe/requests.json",
)
KEPT = (
    "postgres/data/base/1/1259",
    "stripe.sqlite",
    "stripe.sqlite-wal",
    "mailbox/new/1.M1P1.host",
    "secrets.json",
    "stack.json",
    "stack.lock",
)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    for name in (*LEFT, *KEPT):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Zélie Château")
    return tmp_path


def test_a_name_is_found_in_every_file_but_the_stores(var: Path) -> None:
    search = Search(NEEDLES)
    look_through_files(search, var)
    assert search.problems() == sorted(f"var/{name} : nom" for name in LEFT)
    assert (search.counts["files"], search.counts["bytes"]) == (len(LEFT), 15 * len(LEFT))


def test_what_the_demonstration_is_asked_to_write_is_no_trace(var: Path) -> None:
    search = Search(NEEDLES)
    look_through_files(search, var, besides=var / "log" / ".." / "core.4071")
    assert search.problems() == sorted(f"var/{name} : nom" for name in LEFT if name != "core.4071")


def test_an_empty_directory_has_nothing_to_read(tmp_path: Path) -> None:
    assert list(left_files(tmp_path)) == []


METRICS = """\
# HELP requests_total Requests of Zélie
# TYPE requests_total counter
requests_total{{who="{who}",code="200"}} 4071
requests_seconds_bucket{{code="200",le="4071"}} 4071
requests_seconds_bucket{{code="200",le="+Inf"}} 4072
requests_seconds_sum{{code="200"}} 1.5e+06 1795801361000
"""


@pytest.fixture
def parts() -> Iterator[dict[str, str]]:
    """One part that counts by name, one that counts, and one that has no metrics."""
    named = METRICS.format(who="zelie.chateau")
    plain = METRICS.format(who="a").replace("Zélie", "anybody")
    answers = {"/named/metrics": (200, named), "/plain/metrics": (200, plain)}
    with answering(answers, otherwise=(404, "Zélie Château")) as base:
        yield {name: f"{base}/{name}" for name in ("named", "plain", "none")}


async def test_a_name_is_found_in_any_parts_metrics_and_figures_are_nobodys(parts: dict[str, str]) -> None:
    search = Search(NEEDLES)
    await look_through_metrics(search, parts)
    assert search.problems() == ["métriques de named : nom"]
    assert search.counts["metrics"] == 2 * 5
