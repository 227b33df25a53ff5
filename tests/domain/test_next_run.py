"""When the next scheduled run of payouts begins."""

from datetime import datetime

import pytest

from domain.opening_hours import PARIS
from domain.payouts import next_run


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ((2026, 11, 24, 9), (2026, 12, 1, 3)),
        ((2026, 12, 1, 2), (2026, 12, 1, 3)),
        ((2026, 12, 1, 3), (2027, 1, 1, 3)),
        ((2027, 3, 28, 4), (2027, 4, 1, 3)),
    ],
)
def test_the_first_of_the_month_at_three_in_paris(now: tuple[int, ...], begins: tuple[int, ...]) -> None:
    assert next_run(datetime(*now, tzinfo=PARIS)) == datetime(*begins, tzinfo=PARIS)  # type: ignore[misc,arg-type]
