"""What a mail server says of a mail that it could not deliver after all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bounces import UNDELIVERED, Bounce, read_bounce
from tests.support.bounces import HEAD_ONLY, a_bounce

OURS = "<0123456789abcdef0123456789abcdef01234567@omeasupport.example>"


def test_a_mail_that_came_back_is_told_by_its_name_and_its_reply() -> None:
    assert read_bounce(a_bounce(OURS)) == Bounce(OURS, 552)
    assert read_bounce(a_bounce(OURS, template=HEAD_ONLY)) == Bounce(OURS, UNDELIVERED)
    assert read_bounce(a_bounce(OURS, diagnostic="X-Local; no such user")) == Bounce(OURS, UNDELIVERED)


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("delayed", "4.4.1"),
        ("delayed", "5.4.1"),
        # Tried for days, and it may be taken the next time.
        ("failed", "4.4.7"),
        ("delivered", "2.0.0"),
        ("relayed", "2.0.0"),
        ("", ""),
    ],
)
def test_what_may_still_arrive_is_no_refusal(action: str, status: str) -> None:
    assert read_bounce(a_bounce(OURS, action=action, status=status)) is None


def test_other_mails_are_none() -> None:
    answer = f"From: claire@example.fr\r\nIn-Reply-To: {OURS}\r\n\r\nMerci !".encode()
    for other in (b"", answer, a_bounce(""), a_bounce(OURS).split(b"Final-Recipient")[0], b"\xff\x00" * 40):
        assert read_bounce(other) is None


def test_a_mail_made_to_break_whoever_reads_it_does_not() -> None:
    report = "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"
    assert read_bounce((report + "Content-Type: message/rfc822\r\n\r\n" * 3_000).encode()) is None


@given(st.integers(0, 1600), st.binary(max_size=40))
def test_nothing_that_a_stranger_sends_breaks_it(place: int, noise: bytes) -> None:
    whole = a_bounce(OURS)
    found = read_bounce(whole[:place] + noise + whole[place:])
    assert found is None or 500 <= found.code < 600
