"""What was paid belongs to the quarter of its payment, Paris time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dac7 import Payment, QuarterTotals, SellerYear, declared_euros, is_declared, quarters
from domain.opening_hours import PARIS
from tests.dac7.builders import A_PERSON, A_YEAR

NOTHING = QuarterTotals(0, 0, 0)


def paris(*when: int) -> datetime:
    return datetime(*when, tzinfo=PARIS)  # type: ignore[arg-type, misc]


def only(number: int) -> tuple[QuarterTotals, ...]:
    """1600 cents for two interventions in that quarter, nothing in the others."""
    return tuple(QuarterTotals(1600, 0, 2) if n == number else NOTHING for n in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("paid_at", "quarter"),
    [
        (paris(2026, 1, 1), 1),
        (paris(2026, 3, 31, 23, 59, 59), 1),
        (paris(2026, 4, 1), 2),
        (paris(2026, 6, 30, 23, 59, 59), 2),
        (paris(2026, 7, 1), 3),
        (paris(2026, 10, 1), 4),
        (paris(2026, 12, 31, 23, 59), 4),
        # The same in UTC: winter is one hour behind Paris, summer two.
        (datetime(2025, 12, 31, 23, tzinfo=UTC), 1),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), 4),
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 31, 22, tzinfo=UTC), 2),
        (datetime(2026, 9, 30, 21, 59, tzinfo=UTC), 3),
        (datetime(2026, 9, 30, 22, tzinfo=UTC), 4),
        # The clocks go forward, then back: the hour that is there twice is of one quarter.
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 1),
        (paris(2026, 10, 25, 2, 30).replace(fold=0), 4),
        (paris(2026, 10, 25, 2, 30).replace(fold=1), 4),
    ],
)
def test_a_payment_is_of_the_quarter_in_paris(paid_at: datetime, quarter: int) -> None:
    assert quarters(2026, [Payment(paid_at, 1600, 2)]) == only(quarter)


@pytest.mark.parametrize(
    "paid_at", [datetime(2025, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)]
)
def test_a_payment_of_another_year_is_left_out(paid_at: datetime) -> None:
    assert quarters(2026, [Payment(paid_at, 1600, 2)]) == (NOTHING, NOTHING, NOTHING, NOTHING)


def test_payments_add_up_and_one_that_came_back_takes_away() -> None:
    paid = [
        Payment(paris(2026, 2, 2), 161_600, 101),
        Payment(paris(2026, 3, 2), 800, 1),
        Payment(paris(2026, 3, 5), -800, -1),
        Payment(paris(2026, 11, 2), 1600, 2),
    ]
    first = QuarterTotals(161_600, 0, 101)
    assert quarters(2026, paid) == (first, NOTHING, NOTHING, QuarterTotals(1600, 0, 2))
    assert quarters(2026, reversed(paid)) == quarters(2026, paid)
    assert SellerYear(A_PERSON, quarters(2026, paid)).total == QuarterTotals(163_200, 0, 103)


@given(
    st.lists(
        st.builds(
            Payment,
            st.datetimes(datetime(2025, 11, 1), datetime(2027, 2, 1), timezones=st.just(UTC)),  # noqa: DTZ001
            st.integers(-1_000_000, 1_000_000),
            st.integers(0, 200),
        ),
        max_size=30,
    )
)
def test_the_quarters_add_up_to_the_year(payments: list[Payment]) -> None:
    begin, end = paris(2026, 1, 1), paris(2027, 1, 1)
    of_year = [payment for payment in payments if begin <= payment.paid_at < end]
    assert SellerYear(A_PERSON, quarters(2026, payments)).total == QuarterTotals(
        sum(payment.amount_cents for payment in of_year), 0, sum(payment.activities for payment in of_year)
    )


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-12, 14),
)
def test_a_payment_is_in_one_quarter_of_one_year_whatever_clock_tells_it(
    paid_at: datetime, east: int
) -> None:
    told = [paid_at, paid_at.astimezone(PARIS), paid_at.astimezone(timezone(timedelta(hours=east)))]
    [found] = {
        tuple(quarters(year, [Payment(instant, 1, 1)]) for year in range(2023, 2032)) for instant in told
    }
    assert sum(quarter.consideration_cents for year in found for quarter in year) == 1


@pytest.mark.parametrize(
    ("cents", "euros"), [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (161_650, 1617), (2_440_049, 24_400)]
)
def test_amounts_are_declared_in_whole_euros_half_up(cents: int, euros: int) -> None:
    assert declared_euros(cents) == euros


def test_a_seller_who_got_nothing_is_not_declared() -> None:
    cents = SellerYear(A_PERSON, (NOTHING, QuarterTotals(49, 0, 1), NOTHING, NOTHING))
    assert not is_declared(SellerYear(A_PERSON, (NOTHING, NOTHING, NOTHING, NOTHING)))
    assert not is_declared(cents)
    assert is_declared(A_YEAR)
