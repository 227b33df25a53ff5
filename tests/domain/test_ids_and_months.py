"""Numbers said on the phone, keys, and months of payouts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import ids
from domain.errors import Refused
from domain.payouts import cut_off, parse_month, scheduled_month

SEQUENCES = st.integers(min_value=1, max_value=9_999_999)


@given(SEQUENCES)
def test_a_number_is_read_back_however_it_is_spaced(sequence: int) -> None:
    number = ids.ticket_number(sequence)
    assert len(number) == 8
    assert ids.parse_ticket_number(ids.format_ticket_number(number)) == number


@given(SEQUENCES, st.integers(0, 7), st.integers(1, 9))
def test_one_misheard_digit_is_refused(sequence: int, position: int, shift: int) -> None:
    number = ids.ticket_number(sequence)
    heard = str((int(number[position]) + shift) % 10)
    with pytest.raises(Refused, match="invalid_ticket_number"):
        ids.parse_ticket_number(number[:position] + heard + number[position + 1 :])


@pytest.mark.parametrize("spoken", ["", "1234567", "123456789", "abcdefgh", "４８２９１５７２"])
def test_what_is_no_number_is_refused(spoken: str) -> None:
    with pytest.raises(Refused, match="invalid_ticket_number"):
        ids.parse_ticket_number(spoken)


def test_the_same_key_of_another_person_or_command_is_another_update() -> None:
    updates = {ids.update_id(actor, command, "k") for actor in ("a", "b") for command in ("start 1", "end 1")}
    assert len(updates) == 4
    assert ids.update_id("a", "end 1", "k") in updates


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-01", "2026-1", "2026-11-01", "٢٠٢٦-11", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="invalid_month"):
        parse_month(text)


@pytest.mark.parametrize(
    ("scheduled", "month"),
    [
        (datetime(2026, 12, 1, 2, tzinfo=UTC), "2026-11"),
        (datetime(2026, 7, 1, 1, tzinfo=UTC), "2026-06"),
        (datetime(2027, 1, 1, 2, tzinfo=UTC), "2026-12"),
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "2026-11"),  # already December in Paris
    ],
)
def test_a_scheduled_run_pays_the_month_before(scheduled: datetime, month: str) -> None:
    assert str(scheduled_month(scheduled)) == month


def test_a_month_is_paid_up_to_its_end_or_up_to_now_while_it_is_open() -> None:
    november = parse_month("2026-11")
    end = datetime(2026, 11, 30, 23, tzinfo=UTC)
    during, after = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)
    assert (cut_off(november, during), cut_off(november, after)) == (during, end)
    with pytest.raises(Refused, match="future_month"):
        cut_off(november, datetime(2026, 10, 31, 22, 59, tzinfo=UTC))
