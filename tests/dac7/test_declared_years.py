"""A year on a day: who is declared, who holds it up, and a message that says the same all day."""

from datetime import UTC, date, datetime

import pytest

from domain.dac7 import Declaration, QuarterTotals, SellerYear
from domain.declared_years import DeclaredYear, check_begun
from domain.errors import Refusal, Refused
from domain.opening_hours import PARIS
from tests.dac7.builders import A_PERSON, A_YEAR, ANOTHER_YEAR, a_year
from tests.support.company import A_COMPANY

DAY = date(2027, 1, 15)
NOTHING = QuarterTotals(0, 0, 0)
CENTS = SellerYear(A_PERSON, (NOTHING, QuarterTotals(49, 0, 1), NOTHING, NOTHING))


def test_the_message_is_named_by_the_day_and_the_sequence() -> None:
    declared = DeclaredYear(2026, DAY, (A_YEAR, ANOTHER_YEAR))
    made_at = datetime(2027, 1, 15, tzinfo=PARIS)
    assert declared.declaration(A_COMPANY) == Declaration(
        2026, A_COMPANY, "20270115-001", made_at, (A_YEAR, ANOTHER_YEAR)
    )
    assert declared.declaration(A_COMPANY, 12).reference == "OP_2026_123456782_20270115-012"


def test_whoever_misses_something_holds_up_the_declaration_unless_they_are_not_in_it() -> None:
    lacking = a_year(birth_date=None)
    held_up = DeclaredYear(2026, DAY, (lacking, ANOTHER_YEAR))
    assert held_up.incomplete == [A_PERSON.id]
    with pytest.raises(Refused) as refused:
        held_up.declaration(A_COMPANY)
    assert (refused.value.code, refused.value.details) == (Refusal.DECLARATION_INCOMPLETE, {})
    got_nothing = SellerYear(lacking.seller, CENTS.quarters)
    declared = DeclaredYear(2026, DAY, (got_nothing, ANOTHER_YEAR))
    assert (declared.incomplete, declared.declared) == ([], (ANOTHER_YEAR,))
    assert declared.declaration(A_COMPANY).sellers == (ANOTHER_YEAR,)


@pytest.mark.parametrize(
    ("day", "provisional"), [(date(2026, 1, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)]
)
def test_a_year_is_provisional_until_it_is_over(day: date, provisional: bool) -> None:
    declared = DeclaredYear(2026, day, ())
    assert (declared.is_provisional, declared.due_on) == (provisional, date(2027, 1, 31))


def test_a_year_begins_in_paris() -> None:
    check_begun(2027, datetime(2026, 12, 31, 23, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        check_begun(2027, datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    assert refused.value.code is Refusal.FUTURE_YEAR
