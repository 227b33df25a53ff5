"""Prices: slices, VAT, gains. The figures are written out, not computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import Posting
from domain.money import Price, half_up, price_from_ttc
from domain.tariff import Tariff

TARIFF = Tariff("2026-01", 15, 1, 2, 1500, 2000, 800)


@pytest.mark.parametrize(
    ("minutes", "slices"),
    [
        (0, 1),
        (1, 1),
        (15, 1),
        (17, 1),
        (18, 2),
        (30, 2),
        (32, 2),
        (33, 3),
        (47, 3),
        (60, 4),
        (62, 4),
        (63, 5),
    ],
)
def test_a_started_quarter_of_an_hour_counts_after_two_minutes_of_grace(minutes: int, slices: int) -> None:
    assert TARIFF.slices(minutes) == slices


@pytest.mark.parametrize(
    ("slices", "price"),
    [(1, Price(1500, 1250, 250)), (2, Price(3000, 2500, 500)), (7, Price(10500, 8750, 1750))],
)
def test_the_price_includes_vat_at_20_percent(slices: int, price: Price) -> None:
    assert TARIFF.price(slices) == price


def test_the_technician_earns_8_euros_a_slice() -> None:
    assert [TARIFF.gain_cents(slices) for slices in (1, 2, 4)] == [800, 1600, 3200]


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"), [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (7, 4, 2), (0, 9, 0)]
)
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@given(sixths=st.integers(min_value=0, max_value=10**9))
def test_vat_is_exact_on_a_multiple_of_six_cents(sixths: int) -> None:
    price = price_from_ttc(sixths * 6, 2000)
    assert (price.ht_cents, price.vat_cents) == (sixths * 5, sixths)


def test_a_posting_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="does not balance"):
        Posting("x", (("411", 100), ("706", -99)))
