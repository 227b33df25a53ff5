"""The billed duration, and when a declared one is not believed."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.duration import Duration, check_ceiling, duration, measured_minutes
from domain.errors import Refused
from tests.domain.test_money_and_tariff import TARIFF

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("declared", "measured", "ceiling", "expected"),
    [
        (25, 27, 60, Duration(25, 27, 2, True)),
        (40, 20, 60, Duration(40, 20, 2, False)),
        (23, 20, 60, Duration(23, 20, 2, True)),  # three minutes more are tolerated
        (24, 20, 60, Duration(24, 20, 2, False)),
        (110, 100, 240, Duration(110, 100, 7, True)),  # and ten percent
        (111, 100, 240, Duration(111, 100, 7, False)),
        (20, 90, 60, Duration(20, 90, 2, True)),  # the least of the two is billed
        (90, 90, 60, Duration(90, 90, 4, True)),  # never more than the client accepted
        (30, None, 60, Duration(30, 30, 2, False)),  # an end nobody stamped proves nothing
    ],
)
def test_the_least_of_declared_measured_and_accepted_is_billed(
    declared: int, measured: int | None, ceiling: int, expected: Duration
) -> None:
    assert duration(TARIFF, declared=declared, measured=measured, ceiling=ceiling) == expected


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (26 * 60 + 1, 27)])
def test_a_started_minute_is_measured_whole(seconds: int, minutes: int) -> None:
    assert measured_minutes(NOON, NOON + timedelta(seconds=seconds), timedelta(minutes=1)) == minutes


@pytest.mark.parametrize("minutes", [0, -15, 7, 61, 255])
def test_a_ceiling_is_a_multiple_of_15_up_to_four_hours(minutes: int) -> None:
    with pytest.raises(Refused, match="invalid_duration"):
        check_ceiling(minutes)


def test_the_usual_ceilings_are_accepted() -> None:
    for minutes in (15, 60, 240):
        check_ceiling(minutes)
