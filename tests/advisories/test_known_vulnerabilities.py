"""Nothing that we install has a known vulnerability, as far as a network lets us ask."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.advisories.audit import Accepted, Advisory, Unreachable, accepted_in, audit, not_accepted
from tests.advisories.service import Service, an_advisory, running_service

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
# The second has all of the first as well, in versions of its own.
LOCKS = [REQUIREMENTS / "production.txt", REQUIREMENTS / "development.txt"]
ACCEPTED = REQUIREMENTS / "accepted-advisories.toml"
WHAT_TO_DO = f"Take a sound version (`make lock`), or say in {ACCEPTED.name} why it does not concern us:"
# Nobody remembers for longer why it was harmless.
LONGEST = timedelta(days=92)

ONE_PACKAGE = f"pillow==12.0.0 --hash=sha256:{'0' * 64}\n"
HARMFUL = Advisory("pillow", "12.0.0", frozenset({"GHSA-0000", "CVE-2026-0001"}), ("12.0.1",))
TODAY = date(2026, 11, 24)


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    written = tmp_path / "lock.txt"
    written.write_text(ONE_PACKAGE)
    return written


def test_nothing_that_we_install_has_a_known_vulnerability(tmp_path: Path) -> None:
    try:
        found = audit(LOCKS, tmp_path)
    except Unreachable as why:
        pytest.skip(str(why))
    harmful = not_accepted(found, accepted_in(ACCEPTED), datetime.now(UTC).date())
    assert not harmful, "\n".join([WHAT_TO_DO, *map(str, harmful)])


def test_what_was_accepted_has_a_reason_and_an_end() -> None:
    for one in accepted_in(ACCEPTED):
        assert one.reason.strip(), one.name
        assert one.until <= datetime.now(UTC).date() + LONGEST, one.name


def test_every_package_of_both_locks_is_asked_about_and_what_is_known_is_found(
    service: Service, tmp_path: Path
) -> None:
    service.known["pillow"] = [an_advisory("pillow", "GHSA-0000", "CVE-2026-0001", fixed_in="99.1")]
    service.known["lxml"] = [an_advisory("lxml", "GHSA-1111")]
    found = audit(LOCKS, tmp_path, service.url)
    versions = dict(service.asked)
    assert {"fastapi", "temporalio", "pytest", "pip-audit"} <= set(versions)
    assert sorted(map(str, found)) == [
        f"lxml {versions['lxml']}: GHSA-1111, not fixed yet",
        f"pillow {versions['pillow']}: CVE-2026-0001, GHSA-0000, fixed in 99.1",
    ]


def test_one_is_accepted_by_any_of_its_names_until_its_day_is_over(tmp_path: Path) -> None:
    written = tmp_path / "accepted.toml"
    written.write_text('[[accepted]]\nname = "CVE-2026-0001"\nreason = "Never called."\nuntil = 2026-11-24\n')
    accepted = accepted_in(written)
    assert accepted == [Accepted("CVE-2026-0001", "Never called.", TODAY)]
    assert not_accepted([HARMFUL], accepted, TODAY) == []
    assert not_accepted([HARMFUL], accepted, TODAY + timedelta(days=1)) == [HARMFUL]
    other = Advisory("lxml", "6.0.0", frozenset({"CVE-2026-0002"}), ())
    assert not_accepted([other], accepted, TODAY) == [other]


def test_where_nobody_answers_it_is_said_in_one_line(lock: Path, tmp_path: Path) -> None:
    with running_service() as gone:
        nowhere = gone.url
    with pytest.raises(Unreachable, match=r"does not answer: .*Connection") as why:
        audit([lock], tmp_path, nowhere)
    assert "\n" not in str(why.value)


def test_a_service_that_fails_has_not_answered(service: Service, lock: Path, tmp_path: Path) -> None:
    service.status = 503
    with pytest.raises(Unreachable, match="does not answer"):
        audit([lock], tmp_path, service.url)


def test_a_lock_that_cannot_be_read_is_not_taken_for_a_missing_network(
    service: Service, tmp_path: Path
) -> None:
    unpinned = tmp_path / "unpinned.txt"
    unpinned.write_text("pillow\n")
    with pytest.raises(RuntimeError, match="pip-audit ended with 1"):
        audit([unpinned], tmp_path, service.url)
