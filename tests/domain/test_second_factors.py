"""Codes that count once and for a minute and a half, and codes on paper."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from domain.second_factors import (
    RECOVERY_ALPHABET,
    accepted_step,
    enrolment_uri,
    in_groups,
    is_code,
    needs_second_factor,
    recovery_fingerprint,
)
from domain.tickets import Role

# Of RFC 6238, appendix B: the secret, and the last six digits of its codes by SHA-1.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


def at(seconds: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


@pytest.mark.parametrize("seconds", VECTORS)
def test_the_codes_are_those_of_the_standard(seconds: int) -> None:
    assert accepted_step(SECRET, VECTORS[seconds], at(seconds), None) == seconds // 30


# The code of step 1000 begins to count at 30,000 s.
@pytest.mark.parametrize(
    ("seconds", "counts"),
    [(29_969.9, False), (29_970, True), (30_000, True), (30_059.9, True), (30_060, False)],
)
def test_a_code_counts_in_its_half_minute_and_in_those_beside_it(seconds: float, counts: bool) -> None:
    code = pyotp.TOTP(SECRET).generate_otp(1000)
    assert accepted_step(SECRET, code, at(seconds), None) == (1000 if counts else None)


@pytest.mark.parametrize(
    ("last", "counts"), [(None, True), (998, True), (999, True), (1000, False), (1001, False)]
)
def test_a_code_counts_once_and_none_from_before_it(last: int | None, counts: bool) -> None:
    code = pyotp.TOTP(SECRET).generate_otp(1000)
    assert accepted_step(SECRET, code, at(30_000), last) == (1000 if counts else None)


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "287083", "٢٨٧٠٨٢", "28708a", "-87082", "²87082"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert accepted_step(SECRET, typed, at(59), None) is None


def test_a_code_may_be_typed_as_applications_show_it() -> None:
    assert accepted_step(SECRET, " 287 082 ", at(59), None) == 1
    assert is_code("287 082")


def test_a_recovery_code_is_known_however_it_is_typed_and_by_its_person_only() -> None:
    kept = recovery_fingerprint("claire", "abcdolbefg234567")
    for typed in ("abcd-olbe-fg23-4567", " ABCD OLBE FG23 4567 ", "abcd-01 8e-fg23-4567"):
        assert recovery_fingerprint("claire", typed) == kept
    assert recovery_fingerprint("paul", "abcdolbefg234567") != kept
    assert recovery_fingerprint("claire", "abcdolbefg234566") != kept


def test_what_is_misread_is_in_no_recovery_code() -> None:
    assert not set("018") & set(RECOVERY_ALPHABET)
    assert len(set(RECOVERY_ALPHABET)) == 32


def test_a_recovery_code_is_never_taken_for_another_kind() -> None:
    assert not is_code("abcd-olbe-fg23-4567")
    assert not is_code("2345672345672345")


def test_the_enrolment_says_what_applications_need() -> None:
    uri = enrolment_uri(SECRET, "nadia.morel@example.fr")
    assert uri == (f"otpauth://totp/OmeaSupport:nadia.morel%40example.fr?secret={SECRET}&issuer=OmeaSupport")
    assert in_groups("abcdefghij", "-") == "abcd-efgh-ij"


def test_the_team_needs_one_and_nobody_else() -> None:
    assert {role for role in Role if needs_second_factor(role)} == {Role.BACK_OFFICE, Role.FINANCE}
