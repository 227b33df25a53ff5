"""Monday to Saturday, 8 to 19, Paris: holidays and the days on which the clocks change included."""

from datetime import UTC, datetime, time, timedelta

import pytest

from domain.contact import HOURS, closing, hours_in_words
from domain.opening_hours import ALWAYS, PARIS, PRODUCTION, OpeningHours, paris_month


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("start", "end", "is_open"),
    [
        (paris(2026, 11, 23, 8), paris(2026, 11, 23, 9), True),
        (paris(2026, 11, 23, 7, 45), paris(2026, 11, 23, 8, 45), False),
        (paris(2026, 11, 23, 18), paris(2026, 11, 23, 19), True),
        (paris(2026, 11, 23, 18, 15), paris(2026, 11, 23, 19, 15), False),
        (paris(2026, 11, 21, 12), paris(2026, 11, 21, 13), True),  # Saturday
        (paris(2026, 11, 22, 12), paris(2026, 11, 22, 13), False),  # Sunday
        (paris(2026, 11, 11, 12), paris(2026, 11, 11, 13), False),  # Armistice
        (paris(2027, 3, 29, 12), paris(2027, 3, 29, 13), False),  # Easter Monday
    ],
)
def test_open_from_monday_to_saturday_8_to_19_but_on_holidays(
    start: datetime, end: datetime, is_open: bool
) -> None:
    assert PRODUCTION.contains(start, end) is is_open


def test_opening_follows_paris_when_the_clocks_change() -> None:
    saturday, monday = (
        next(iter(PRODUCTION.intervals(paris(2026, 10, day), paris(2026, 10, day + 1)))) for day in (24, 26)
    )
    assert saturday == (datetime(2026, 10, 24, 6, tzinfo=UTC), datetime(2026, 10, 24, 17, tzinfo=UTC))
    assert monday == (datetime(2026, 10, 26, 7, tzinfo=UTC), datetime(2026, 10, 26, 18, tzinfo=UTC))


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (paris(2026, 11, 23, 9), paris(2026, 11, 23, 11)),
        (paris(2026, 11, 23, 18), paris(2026, 11, 24, 9)),
        (paris(2026, 11, 21, 18), paris(2026, 11, 23, 9)),  # over a Sunday
        (paris(2026, 11, 22, 3), paris(2026, 11, 23, 10)),
        (paris(2026, 12, 24, 18), paris(2026, 12, 26, 9)),  # over Christmas
    ],
)
def test_two_working_hours_later(start: datetime, expected: datetime) -> None:
    assert PRODUCTION.add_working_time(start, timedelta(hours=2)) == expected


def test_a_demo_is_always_open() -> None:
    sunday_night = paris(2026, 11, 22, 3)
    assert ALWAYS.contains(sunday_night, sunday_night + timedelta(hours=1))
    assert ALWAYS.add_working_time(sunday_night, timedelta(hours=2)) == paris(2026, 11, 22, 5)


def test_the_month_is_that_of_paris() -> None:
    assert paris_month(datetime(2026, 11, 30, 22, 59, tzinfo=UTC)) == "2026-11"
    assert paris_month(datetime(2026, 11, 30, 23, 0, tzinfo=UTC)) == "2026-12"


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (paris(2026, 11, 23, 7, 59), None),
        (paris(2026, 11, 23, 8), paris(2026, 11, 23, 19)),
        (paris(2026, 11, 23, 18, 59), paris(2026, 11, 23, 19)),
        (paris(2026, 11, 23, 19), None),
        (paris(2026, 11, 11, 12), None),  # Armistice
    ],
)
def test_the_team_answers_until_it_closes(at: datetime, until: datetime | None) -> None:
    assert closing(PRODUCTION, at) == until


def test_the_hours_in_words() -> None:
    assert HOURS == "du lundi au samedi, de 8\u00a0h à 19\u00a0h"
    some = OpeningHours(weekdays=(4, 0, 2), opens=time(9, 30), closes=time(18))
    assert hours_in_words(some) == "le lundi, le mercredi et le vendredi, de 9\u00a0h\u00a030 à 18\u00a0h"
    assert hours_in_words(OpeningHours(weekdays=(5,))) == "le samedi, de 8\u00a0h à 19\u00a0h"
    assert hours_in_words(ALWAYS) == "tous les jours, à toute heure"
