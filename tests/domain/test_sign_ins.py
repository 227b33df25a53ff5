"""How long signing in lasts, for whom limits count, and what a link says."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.sign_ins import (
    KEPT,
    fingerprint,
    is_over,
    lifetime_of,
    link_url,
    mark,
    network_of,
    read_link,
    sign_link,
)
from domain.signed_links import InvalidLink
from domain.tickets import Role
from tests.support.keys import TOKEN_KEY

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LINK = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12"


@pytest.mark.parametrize("role", Role)
def test_a_sign_in_is_over_when_it_was_not_used_or_became_too_old(role: Role) -> None:
    lasts = lifetime_of(role)
    assert not is_over(role, NOW, NOW, NOW)
    assert not is_over(role, NOW, NOW, NOW + lasts.unused - SECOND)
    assert is_over(role, NOW, NOW, NOW + lasts.unused)
    ends = NOW + lasts.at_most
    assert not is_over(role, NOW, ends - SECOND, ends - SECOND)
    assert is_over(role, NOW, ends - SECOND, ends)
    # Nothing that is not over is ever deleted.
    assert lasts.unused < lasts.at_most < KEPT


def test_the_team_is_signed_in_for_a_day_s_work_at_most() -> None:
    for role in (Role.BACK_OFFICE, Role.FINANCE):
        assert lifetime_of(role).at_most <= timedelta(hours=12)
        assert lifetime_of(role).unused <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_limits_count_for_one_subscriber(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_a_mark_says_nothing_and_is_one_s_own() -> None:
    marks = {
        mark(TOKEN_KEY, "mail", "claire@example.fr"),
        mark(TOKEN_KEY, "mail", "marcel@example.fr"),
        mark(TOKEN_KEY, "network", "claire@example.fr"),
        mark(b"another key, of thirty-two bytes or more", "mail", "claire@example.fr"),
        fingerprint("claire@example.fr"),
    }
    assert len(marks) == 5
    assert all(len(one) == 64 for one in marks)
    assert mark(TOKEN_KEY, "mail", "claire@example.fr") in marks


def test_a_link_is_the_same_each_time_and_names_its_row_only() -> None:
    token = sign_link(TOKEN_KEY, LINK, NOW)
    assert token == sign_link(TOKEN_KEY, LINK, NOW)
    assert token != sign_link(TOKEN_KEY, LINK, NOW + SECOND)
    assert read_link(token, TOKEN_KEY) == LINK
    assert link_url("https://omea.example", TOKEN_KEY, LINK, NOW).endswith(f"/v1/sign-in/links/{token}")
    with pytest.raises(InvalidLink):
        read_link(token, b"another key, of thirty-two bytes or more")
