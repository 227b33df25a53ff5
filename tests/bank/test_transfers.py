"""Accounts, transfers, files and references: what no bank could take is never made."""

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bank_transfers import (
    Account,
    BankAnswer,
    BankAnswerKind,
    BankTransfer,
    TransferFile,
    bank_reference,
    file_reference,
)
from domain.errors import Refusal, Refused
from domain.iban import SEPA_COUNTRIES, normalised_iban
from tests.bank.builders import CREATED_AT, FANNY, OMEA, THOMAS, a_file, a_transfer

KEY = "payout:2026-11:019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12:1"


@pytest.mark.parametrize(
    ("given", "normalised"),
    [
        ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        (" fr1420041010050500013m02606\n", "FR1420041010050500013M02606"),
        # As copied from a web page, with narrow spaces that do not break.
        ("FR14\u202f2004\u00a01010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        ("NO93 8601 1117 947", "NO9386011117947"),
        ("GI75 NWBK 0000 0000 7099 453", "GI75NWBK000000007099453"),
        ("RS35 2600 0560 1001 6113 79", "RS35260005601001611379"),
    ],
)
def test_an_iban_is_kept_as_banks_exchange_it(given: str, normalised: str) -> None:
    assert normalised_iban(given) == normalised


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FR",
        "IBAN",
        "FR1520041010050500013M02606",  # check digits
        "FR1420041010050500013M0260",  # one short
        "NL99MOCK0000000001",
        "BE31435411161156",  # the account's own check digits
        "TR330006100519786457841326",  # Türkiye
        "AE070331234567890123456",  # the Emirates
        "FR14-2004-1010-0505-0001-3M02-606",
        "FR1４20041010050500013M02606",  # a wide digit
        "FR" + "1" * 10_000,
    ],
)
def test_what_is_no_iban_of_sepa_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        normalised_iban(text)
    assert (refusal.value.code, refusal.value.details) == (Refusal.INVALID_IBAN, {})


def test_check_digits_that_only_modulo_97_accepts_are_refused() -> None:
    assert normalised_iban("NL02MOCK0000000024") == "NL02MOCK0000000024"
    with pytest.raises(Refused):
        normalised_iban("NL99MOCK0000000024")


@given(st.text())
def test_any_text_is_an_iban_or_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        assert normalised_iban(text)[:2] in SEPA_COUNTRIES


@given(st.integers(0, 9_999_999_999), st.integers(0, 17), st.integers(1, 9))
def test_any_one_digit_that_is_wrong_is_found(account: int, at: int, by: int) -> None:
    known = f"DE{98 - int(f'37040044{account:010d}131400') % 97:02d}37040044{account:010d}"
    assert normalised_iban(known) == known
    wrong = f"{known[: at + 4]}{(int(known[at + 4]) + by) % 10}{known[at + 5 :]}"
    with pytest.raises(Refused):
        normalised_iban(wrong)


@pytest.mark.parametrize(
    ("name", "iban"),
    [
        ("  ", THOMAS.iban),
        ("Thomas Müller", "FR14 2004 1010 0505 0001 3M02 606"),
        ("Thomas Müller", "FR1520041010050500013M02606"),
    ],
)
def test_an_account_that_no_bank_could_find_is_not_made(name: str, iban: str) -> None:
    with pytest.raises(ValueError, match=r"owner|IBAN"):
        Account(name, iban)


@pytest.mark.parametrize(
    ("reference", "cents", "remittance"),
    [
        ("R1", 0, "Relevé"),
        ("R1", -1, "Relevé"),
        ("R1", 100_000_000_000, "Relevé"),
        ("R1", 1, " "),
        ("", 1, "Relevé"),
        (" R1", 1, "Relevé"),
        ("R1\n", 1, "Relevé"),
        ("R" * 36, 1, "Relevé"),
        ("Relevé", 1, "Relevé"),
        ("/R1", 1, "Relevé"),
        ("R1/", 1, "Relevé"),
        ("R//1", 1, "Relevé"),
        ("R_1", 1, "Relevé"),
    ],
)
def test_a_transfer_that_no_bank_could_take_is_not_made(reference: str, cents: int, remittance: str) -> None:
    with pytest.raises(ValueError, match=r"transfer|reference"):
        BankTransfer(reference, THOMAS, cents, remittance)


def test_the_smallest_and_the_largest_transfer_are_made() -> None:
    assert a_transfer(cents=1).amount_cents == 1
    assert a_transfer(cents=99_999_999_999).amount_cents == 99_999_999_999


@pytest.mark.parametrize(
    ("message_id", "created_at", "transfers"),
    [
        ("F1", CREATED_AT, ()),
        ("F1", CREATED_AT, (a_transfer(), a_transfer(cents=2, to=FANNY))),
        ("F1", datetime(2026, 12, 1, 3), (a_transfer(),)),  # noqa: DTZ001  # what is refused
        ("F" * 36, CREATED_AT, (a_transfer(),)),
        ("F&1", CREATED_AT, (a_transfer(),)),
    ],
)
def test_a_file_that_no_bank_could_take_is_not_made(
    message_id: str, created_at: datetime, transfers: tuple[BankTransfer, ...]
) -> None:
    with pytest.raises(ValueError, match=r"file|reference"):
        TransferFile(message_id, created_at, a_file().execution_date, OMEA, transfers)


def test_a_reference_comes_from_the_key_of_the_payout() -> None:
    assert bank_reference(KEY) == "OMEA-P-2026-11-59B27B20C3AF09B5E947"
    assert len(bank_reference(KEY)) == 35


def test_each_attempt_and_each_payout_has_a_reference_of_its_own() -> None:
    keys = [KEY, KEY.replace(":1", ":2"), KEY.replace("2026-11", "2026-12")]
    references = {bank_reference(key, attempt) for key in keys for attempt in (1, 2, 11)}
    assert len(references) == 9


@pytest.mark.parametrize("key", ["", "payout:2026-11", "refund:F2026-000001:1:1:1"])
def test_what_is_no_key_of_a_payout_has_no_reference(key: str) -> None:
    with pytest.raises(ValueError, match="unpack"):
        bank_reference(key)


def test_files_are_numbered_within_their_month() -> None:
    assert file_reference("2026-11", 1) == "OMEA-2026-11-1"
    with pytest.raises(ValueError, match="from 1"):
        file_reference("2026-11", 0)


def test_an_answer_is_about_a_transfer_or_about_a_file() -> None:
    with pytest.raises(ValueError, match="about"):
        BankAnswer(BankAnswerKind.ACCEPTED, "E1")
    with pytest.raises(ValueError, match="about"):
        BankAnswer(BankAnswerKind.ACCEPTED, "E1", "R1", "F1")


def test_only_a_rejection_for_being_there_already_lets_the_first_sending_stand() -> None:
    answers = [
        BankAnswer(BankAnswerKind.REJECTED, "E1", message_id="F1", code="DU01"),
        BankAnswer(BankAnswerKind.REJECTED, "E1", "R1", code="AM05"),
        BankAnswer(BankAnswerKind.REJECTED, "E1", "R1", code="AC04"),
        BankAnswer(BankAnswerKind.REJECTED, "E1", "R1"),
        BankAnswer(BankAnswerKind.RETURNED, "E1", "R1", code="AM05"),
    ]
    assert [answer.sent_before for answer in answers] == [True, True, False, False, False]
