"""What is known of a transfer once all is told: the same, whatever the order and however often."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bank_orders import OPEN, Order, OrderState, Told, ordered, postings, told_by
from domain.bank_transfers import BankAnswer, BankAnswerKind
from domain.ids import payout_key
from domain.target_days import next_target_day

ORDER = Order(payout_key("2026-11", "thomas", 1), 1, "thomas", 128_050)
NOTHING_KNOWN = Told(OrderState.ORDERED)
# From the weakest to the strongest.
TOLD = (
    Told(OrderState.REJECTED, by_file=True),
    Told(OrderState.SETTLED, by_file=True),
    Told(OrderState.REJECTED),
    Told(OrderState.SETTLED),
    Told(OrderState.RETURNED),
)
OWED, ON_ITS_WAY, BANK = "401:thomas", "580", "512"


def after(told: list[Told]) -> tuple[Told, dict[str, int], list[str]]:
    """What is known in the end, the balances, and the keys of the postings."""
    known, entered = NOTHING_KNOWN, [ordered(ORDER)]
    for one in told:
        if one.prevails_over(known):
            entered += postings(ORDER, known.state, one)
            known = one
    balances: Counter[str] = Counter()
    for posting in entered:
        for account, cents in posting.lines:
            balances[account] += cents
    return known, {account: cents for account, cents in balances.items() if cents}, [p.key for p in entered]


@given(st.lists(st.sampled_from(TOLD), min_size=1, max_size=8))
def test_the_strongest_counts_and_the_books_say_the_same(told: list[Told]) -> None:
    known, balances, keys = after(told)
    assert known == max(told, key=TOLD.index)
    left = known.state is OrderState.SETTLED
    assert balances == ({OWED: ORDER.cents, BANK: -ORDER.cents} if left else {})
    assert len(set(keys)) == len(keys)


def test_nothing_told_it_is_on_its_way() -> None:
    _, balances, keys = after([])
    assert balances == {OWED: ORDER.cents, ON_ITS_WAY: -ORDER.cents}
    assert keys == [f"sepa-sent:{ORDER.payout}:1"]


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        ([OrderState.SETTLED], ["sepa-settled"]),
        ([OrderState.REJECTED], ["sepa-rejected"]),
        ([OrderState.RETURNED], ["sepa-settled", "sepa-returned"]),
        ([OrderState.SETTLED, OrderState.RETURNED], ["sepa-settled", "sepa-returned"]),
    ],
)
def test_each_event_has_its_posting(told: list[OrderState], kinds: list[str]) -> None:
    keys = after([Told(state) for state in told])[2]
    assert keys[1:] == [f"{kind}:{ORDER.payout}:1" for kind in kinds]


def test_a_rejection_takes_a_transfer_out_of_the_debit_of_its_file() -> None:
    known, balances, keys = after([Told(OrderState.SETTLED, by_file=True), Told(OrderState.REJECTED)])
    assert (known.state, balances) == (OrderState.REJECTED, {})
    assert keys[-1] == f"sepa-corrected:{ORDER.payout}:1:rejected"


def test_each_prevails_over_those_before_it_and_not_over_itself() -> None:
    for weaker, stronger in pairwise(TOLD):
        assert stronger.prevails_over(weaker)
        assert not weaker.prevails_over(stronger)
    assert not any(one.prevails_over(one) for one in TOLD)
    assert all(one.prevails_over(Told(state)) for one in TOLD for state in OPEN)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (BankAnswer(BankAnswerKind.ACCEPTED, "1", "R"), None),
        (BankAnswer(BankAnswerKind.REJECTED, "1", "R", code="AM05"), None),
        (BankAnswer(BankAnswerKind.REJECTED, "1", message_id="F", code="DUPL"), None),
        (BankAnswer(BankAnswerKind.REJECTED, "1", "R", code="AC04"), Told(OrderState.REJECTED)),
        (BankAnswer(BankAnswerKind.SETTLED, "1", message_id="F"), Told(OrderState.SETTLED, by_file=True)),
        (BankAnswer(BankAnswerKind.RETURNED, "1", "R"), Told(OrderState.RETURNED)),
    ],
)
def test_what_an_answer_tells(answer: BankAnswer, told: Told | None) -> None:
    assert told_by(answer) == told


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2026-12-01", "2026-12-02"),
        ("2026-12-04", "2026-12-07"),
        ("2026-12-24", "2026-12-28"),  # Christmas, the day after it, and a Sunday
        ("2026-12-31", "2027-01-04"),
        ("2027-03-25", "2027-03-30"),  # Good Friday to Easter Monday
        ("2026-07-13", "2026-07-14"),  # a French holiday, on which banks settle
    ],
)
def test_banks_settle_on_the_next_day_of_target(day: str, following: str) -> None:
    assert next_target_day(date.fromisoformat(day)) == date.fromisoformat(following)
