"""Our files taken to a bank, and all that it answers."""

from collections.abc import Iterator
from datetime import date

import pytest

from activities.gateways.bank_files import pain001
from domain.bank_transfers import Account, BankAnswer, BankAnswerKind
from tests.bank.builders import FANNY, a_file, a_reference, a_transfer
from tests.support.bank import CLOSED, OURS, Bank, running_bank

# A Tuesday.
FIRST = date(2026, 12, 1)
SECOND = date(2026, 12, 2)
FILE = "OMEA-2026-11-1"


@pytest.fixture
def bank() -> Iterator[Bank]:
    with running_bank("2026-12-01T09:00") as running:
        yield running


@pytest.fixture
def omea(bank: Bank) -> Account:
    return Account("OmeaSupport SAS", bank.iban(OURS))


def accepted(technician: str, entry: str = "MB-P002-000001") -> BankAnswer:
    return BankAnswer(BankAnswerKind.ACCEPTED, entry, a_reference(technician), day=FIRST)


def settled(technician: str, entry: str, cents: int, day: date = SECOND) -> BankAnswer:
    reference = a_reference(technician)
    return BankAnswer(BankAnswerKind.SETTLED, entry, reference, amount_cents=cents, day=day)


def returned(technician: str, entry: str, cents: int, code: str, day: date) -> BankAnswer:
    reference = a_reference(technician)
    return BankAnswer(BankAnswerKind.RETURNED, entry, reference, None, code, cents, day)


def rejected(technician: str, code: str, entry: str, day: date = FIRST) -> BankAnswer:
    return BankAnswer(BankAnswerKind.REJECTED, entry, a_reference(technician), code=code, day=day)


def of_file(kind: BankAnswerKind, entry: str, code: str | None = None, file: str = FILE) -> BankAnswer:
    return BankAnswer(kind, entry, message_id=file, code=code, day=FIRST)


def test_transfers_are_accepted_then_settled_on_their_day(bank: Bank, omea: Account) -> None:
    file = a_file(a_transfer(), a_transfer("fanny", 4_201, to=FANNY), debtor=omea)

    assert bank.take(pain001(file)) == 202
    assert bank.answers() == [
        (
            "pain.002",
            (
                of_file(BankAnswerKind.ACCEPTED, "MB-P002-000001"),
                accepted("thomas"),
                accepted("fanny"),
            ),
        )
    ]

    bank.advance_to("2026-12-03")
    both = (settled("thomas", "MB-PMT-1", 128_050), settled("fanny", "MB-PMT-2", 4_201))
    # The statement of the day before they were made, then that of their day.
    assert bank.answers() == [("camt.054", both), ("camt.053", ()), ("camt.053", both)]


def test_an_account_that_is_closed_is_refused_beside_the_others(bank: Bank, omea: Account) -> None:
    closed = Account("Inès Closed", bank.iban(CLOSED))
    file = a_file(a_transfer(), a_transfer("ines", 900, to=closed), debtor=omea)

    assert bank.take(pain001(file)) == 202
    assert bank.answers() == [("pain.002", (accepted("thomas"), rejected("ines", "AC04", "MB-P002-000001")))]

    bank.advance_to("2026-12-03")
    made = (settled("thomas", "MB-PMT-1", 128_050),)
    assert bank.answers() == [("camt.054", made), ("camt.053", ()), ("camt.053", made)]


def test_a_file_of_which_nothing_can_be_made_is_refused_and_so_is_each_transfer(
    bank: Bank, omea: Account
) -> None:
    closed = Account("Inès Closed", bank.iban(CLOSED))
    bank.take(pain001(a_file(a_transfer("ines", 900, to=closed), debtor=omea)))
    assert bank.answers() == [
        (
            "pain.002",
            (
                of_file(BankAnswerKind.REJECTED, "MB-P002-000001"),
                rejected("ines", "AC04", "MB-P002-000001"),
            ),
        )
    ]


def test_a_transfer_comes_back_days_after_it_was_settled(bank: Bank, omea: Account) -> None:
    back = {"days": 3, "reason": "AC04", "end_to_end_id": a_reference("fanny")}
    bank.change(behaviour="return-later", parameters=back)
    bank.take(pain001(a_file(a_transfer(), a_transfer("fanny", 4_201, to=FANNY), debtor=omea)))
    bank.advance_to("2026-12-03")
    bank.answers()

    bank.advance_to("2026-12-08")
    once = (returned("fanny", "MB-RTR-2", 4_201, "AC04", date(2026, 12, 7)),)
    # The message, the notice of the credit, the statements of three business days: the credit is in the last.
    assert bank.answers() == [
        ("pacs.004", once),
        ("camt.054", once),
        ("camt.053", ()),
        ("camt.053", ()),
        ("camt.053", once),
    ]


def test_the_same_file_twice_is_made_once(bank: Bank, omea: Account) -> None:
    written = pain001(a_file(debtor=omea))
    assert bank.take(written) == 202
    bank.answers()

    assert bank.take(written) == 422
    [(kind, [again])] = bank.answers()
    assert (kind, again) == ("pain.002", of_file(BankAnswerKind.REJECTED, "MB-P002-000002", "DUPL"))
    assert again.sent_before

    bank.advance_to("2026-12-03")
    made = (settled("thomas", "MB-PMT-1", 128_050),)
    assert bank.answers() == [("camt.054", made), ("camt.053", ()), ("camt.053", made)]


def test_a_transfer_that_was_accepted_may_still_be_refused_on_its_day(bank: Bank, omea: Account) -> None:
    bank.take(pain001(a_file(debtor=omea)))
    bank.answers()
    bank.change(closed=True)

    bank.advance_to("2026-12-03")
    assert bank.answers() == [
        ("pain.002", (rejected("thomas", "AC04", "MB-P002-S000001", date(2026, 12, 3)),))
    ]


def test_a_bank_that_refuses_the_whole_file_says_nothing_of_its_transfers(bank: Bank, omea: Account) -> None:
    bank.change(behaviour="reject-file")
    assert bank.take(pain001(a_file(debtor=omea))) == 422
    assert bank.answers() == [("pain.002", (of_file(BankAnswerKind.REJECTED, "MB-P002-000001", "FF01"),))]


def test_money_that_others_send_us_is_no_answer(bank: Bank) -> None:
    bank.pay_in(a_reference("thomas"), 1_000)
    assert bank.answers() == [("camt.054", ())]


def test_a_file_that_the_bank_cannot_read_has_no_name(bank: Bank) -> None:
    bank.take(b"<nonsense/>")
    assert bank.answers() == [
        ("pain.002", (of_file(BankAnswerKind.REJECTED, "MB-P002-N000001", "FF01", "NOTPROVIDED"),))
    ]
