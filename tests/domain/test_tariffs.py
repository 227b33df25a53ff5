"""What a tariff may say, which version has effect when, and the price said before anything is booked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.duration import duration
from domain.errors import Refusal, Refused
from domain.money import Price
from domain.price_preview import preview, shortest_ceiling
from domain.tariff import Tariff
from domain.tariff_versions import NewTariff, TariffState, check_new_tariff, states

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY = timedelta(days=1)
TARIFF = Tariff("2026-01", 15, 1, 2, 1500, 2000, 800)


def is_allowed(tariff: Tariff, effective_from: datetime = NOW) -> bool:
    try:
        check_new_tariff(NewTariff(tariff, None, effective_from), NOW)
    except Refused:
        return False
    return True


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """Any that finance may set."""
    slice_minutes = draw(st.sampled_from([1, 3, 5, 15]))
    price = draw(st.integers(10, 5000)) * 6
    tariff = Tariff(
        "drawn",
        slice_minutes,
        draw(st.integers(1, 15 // slice_minutes)),
        draw(st.integers(0, slice_minutes - 1)),
        price,
        2000,
        draw(st.integers(1, price * 5 // 6)),
    )
    assert is_allowed(tariff)
    return tariff


@given(tariff=tariffs())
@example(tariff=TARIFF)
def test_the_preview_is_what_is_billed_for_every_minute_of_four_hours(tariff: Tariff) -> None:
    for minutes in range(1, 241):
        seen = preview(tariff, minutes, shortest_ceiling(minutes))
        assert seen.total == tariff.price(tariff.slices(minutes))
        assert seen.gain_cents == tariff.gain_cents(tariff.slices(minutes))
        assert sum(line.price.ttc_cents for line in seen.lines) == seen.total.ttc_cents
        assert seen.total.ttc_cents <= seen.at_most.ttc_cents
        # The lines say by themselves how many there are: those that the minutes before did not reach.
        assert seen.lines[-1].until_minutes >= minutes
        assert all(line.until_minutes < minutes for line in seen.lines[: -tariff.minimum_slices])


@given(tariff=tariffs(), minutes=st.integers(1, 240), quarters=st.integers(1, 16))
def test_no_preview_and_no_bill_exceeds_the_ceiling(tariff: Tariff, minutes: int, quarters: int) -> None:
    seen = preview(tariff, minutes, quarters * 15)
    billed = duration(tariff, declared=minutes, measured=minutes, ceiling=quarters * 15).billed_slices
    assert seen.total == tariff.price(billed)
    assert tariff.price(tariff.minimum_slices).ttc_cents <= seen.total.ttc_cents <= seen.at_most.ttc_cents


@pytest.mark.parametrize(
    ("minutes", "ceiling", "lines", "total", "at_most"),
    [
        (17, 30, [(1, 17)], Price(1500, 1250, 250), 3000),
        (18, 30, [(1, 17), (2, 32)], Price(3000, 2500, 500), 3000),
        (33, 60, [(1, 17), (2, 32), (3, 47)], Price(4500, 3750, 750), 6000),
        (33, 30, [(1, 17), (2, 32)], Price(3000, 2500, 500), 3000),
    ],
)
def test_a_preview_in_figures(
    minutes: int, ceiling: int, lines: list[tuple[int, int]], total: Price, at_most: int
) -> None:
    seen = preview(TARIFF, minutes, ceiling)
    assert [(line.slice, line.until_minutes) for line in seen.lines] == lines
    assert (seen.total, seen.at_most.ttc_cents) == (total, at_most)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"price_ttc_cents": 1501}, Refusal.TARIFF_PRICE),
        ({"price_ttc_cents": 54}, Refusal.TARIFF_PRICE),
        ({"price_ttc_cents": 30_006}, Refusal.TARIFF_PRICE),
        ({"slice_minutes": 10}, Refusal.TARIFF_SLICES),
        ({"slice_minutes": 30}, Refusal.TARIFF_SLICES),
        ({"slice_minutes": 0}, Refusal.TARIFF_SLICES),
        ({"minimum_slices": 2}, Refusal.TARIFF_SLICES),
        ({"minimum_slices": 0}, Refusal.TARIFF_SLICES),
        ({"grace_minutes": 15}, Refusal.TARIFF_SLICES),
        ({"grace_minutes": -1}, Refusal.TARIFF_SLICES),
        ({"technician_ht_cents": 1251}, Refusal.TARIFF_GAIN),
        ({"technician_ht_cents": 0}, Refusal.TARIFF_GAIN),
    ],
)
def test_a_tariff_that_cannot_be_meant_is_refused(changed: dict[str, Any], refusal: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        check_new_tariff(NewTariff(replace(TARIFF, **changed), None, NOW), NOW)
    assert refused.value.code == refusal


def test_a_tariff_has_effect_from_now_on_at_the_earliest() -> None:
    assert is_allowed(TARIFF, NOW)
    assert is_allowed(TARIFF, NOW + 731 * DAY)
    for date, refusal in ((NOW - DAY, Refusal.TARIFF_PAST), (NOW + 732 * DAY, Refusal.TARIFF_TOO_FAR)):
        with pytest.raises(Refused) as refused:
            check_new_tariff(NewTariff(TARIFF, "printer", date), NOW)
        assert refused.value.code == refusal


def test_the_newest_version_whose_date_has_come_is_in_force() -> None:
    past, in_force, to_come = TariffState.PAST, TariffState.IN_FORCE, TariffState.TO_COME
    dates = [NOW - 2 * DAY, NOW, NOW + DAY]
    assert states(dates, NOW) == [past, in_force, to_come]
    assert states(dates, NOW - timedelta(microseconds=1)) == [in_force, to_come, to_come]
    assert states(dates, NOW + DAY) == [past, past, in_force]
    assert states(dates, NOW - 3 * DAY) == [to_come] * 3
