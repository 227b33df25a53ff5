"""Amounts, dates and spaces as French writes them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from domain import french
from tests.activities.letters import plain


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (1500, "15,00 €"),
        (123_456_789, "1 234 567,89 €"),
        (-750, "−7,50 €"),
    ],
)
def test_amounts(cents: int, written: str) -> None:
    assert plain(french.euros(cents)) == written


def test_rates_and_durations() -> None:
    assert [plain(french.percent(bp)) for bp in (2000, 550, 210, 1)] == ["20 %", "5,5 %", "2,1 %", "0,01 %"]
    assert [plain(french.minutes(m)) for m in (0, 1, 45, 60, 90, 125)] == [
        "0 minute",
        "1 minute",
        "45 minutes",
        "1 h",
        "1 h 30",
        "2 h 05",
    ]
    lengths = [timedelta(days=7), timedelta(days=3), timedelta(hours=2), timedelta(hours=1)]
    assert [plain(french.length(length)) for length in lengths] == [
        "7 jours",
        "72 heures",
        "2 heures",
        "60 minutes",
    ]
    assert plain(french.length(timedelta(seconds=6))) == "6 secondes"


def test_dates_are_paris_dates_across_a_change_of_clock() -> None:
    assert plain(french.moment(datetime(2026, 10, 24, 22, 30, tzinfo=UTC))) == (
        "dimanche 25 octobre 2026 à 0 h 30 (heure de Paris)"
    )
    assert plain(french.moment(datetime(2026, 10, 25, 13, 0, tzinfo=UTC))) == (
        "dimanche 25 octobre 2026 à 14 h (heure de Paris)"
    )
    assert plain(french.short_moment(datetime(2027, 3, 1, 8, 5, tzinfo=UTC))) == "lundi 1er mars à 9 h 05"
    assert plain(french.dated_moment(datetime(2026, 10, 25, 0, 5, tzinfo=UTC))) == "25/10/2026 à 2 h 05"
    assert [plain(french.clock(at)) for at in (time(9), time(14, 30))] == ["9 h", "14 h 30"]


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), "demain à 0 h"),
        (datetime(2026, 11, 24, 22, 59, tzinfo=UTC), "aujourd’hui à 23 h 59"),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "hier à 9 h"),
        (datetime(2026, 11, 26, 8, 0, tzinfo=UTC), "jeudi 26 novembre à 9 h"),
        (datetime(2027, 1, 1, 8, 0, tzinfo=UTC), "vendredi 1er janvier 2027 à 9 h"),
    ],
)
def test_near_days_are_called_by_their_name(instant: datetime, written: str) -> None:
    now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert french.when(instant, now).replace(french.NBSP, " ") == written


def test_near_days_take_their_own_article() -> None:
    now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    said = [
        french.of_when(now + timedelta(days=days), now).replace(french.NBSP, " ") for days in (-1, 0, 1, 2)
    ]
    assert said == ["d’hier à 9 h", "d’aujourd’hui à 9 h", "de demain à 9 h", "du jeudi 26 novembre à 9 h"]


def test_months_and_sentences() -> None:
    assert french.month("2026-08") == "août 2026"
    assert french.sentence("virement par Stripe") == "Virement par Stripe"
    assert french.short_day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == f"mardi 1er{french.NBSP}décembre"


def test_a_number_is_grouped_as_it_is_said() -> None:
    assert french.phone("+33612345678").replace(french.NBSP, " ") == "06 12 34 56 78"
    assert french.phone("+32470123456") == "+32470123456"


def test_digits_are_read_by_threes() -> None:
    for digits, shown in (("123456789", "123 456 789"), ("1234567890", "1 234 567 890"), ("", "")):
        assert french.by_threes(digits).replace(french.NBSP, " ") == shown


def test_unbreakable_spaces_go_where_french_puts_them() -> None:
    assert french.typeset("Prêt ? Oui : « demande » n° 1") == (
        "Prêt\u00a0? Oui\u00a0: «\u00a0demande\u00a0» n°\u00a01"
    )
    assert french.typeset("l’article L. 221-21") == "l’article\u00a0L.\u00a0221-21"
    assert french.typeset("à 9\u00a0h, dans 2 min") == "à\u00a09\u00a0h, dans 2\u00a0min"
    assert french.typeset("au 09 71 38 04 96") == "au 09\u00a071\u00a038\u00a004\u00a096"
    assert french.typeset("color:red!important") == "color:red!important"


def test_an_exact_moment_leaves_no_doubt_in_the_hour_that_comes_twice() -> None:
    assert [
        plain(french.exact_moment(datetime(2026, 10, 25, hour, 5, 9, tzinfo=UTC))) for hour in (0, 1)
    ] == [
        "dimanche 25 octobre 2026 à 2 h 05 min 09 s (heure de Paris, UTC+2)",
        "dimanche 25 octobre 2026 à 2 h 05 min 09 s (heure de Paris, UTC+1)",
    ]


def test_a_month_and_a_day_of_a_table() -> None:
    assert [french.of_month(name) for name in ("2026-04", "2026-08", "2026-10", "2027-01")] == [
        "d’avril 2026",
        "d’août 2026",
        "d’octobre 2026",
        "de janvier 2027",
    ]
    # Already the next day in Paris.
    assert french.dated(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == "01/12/2026"


def test_a_sentence_begins_with_a_capital_and_keeps_the_others() -> None:
    assert french.sentence("identifiant IBAN inconnu") == "Identifiant IBAN inconnu"
    assert french.sentence("") == ""
