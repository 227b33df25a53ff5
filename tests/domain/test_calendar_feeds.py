"""Addresses of calendars: one a technician and opening, forged by nobody."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.calendar_feeds import LASTS, Feed, InvalidFeed, feed_url, mark_of, read_feed
from domain.signed_links import Link, Purpose, sign
from tests.support.keys import TOKEN_KEY

WHO = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12"
OPENED = datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)


def token_of(opened_at: datetime) -> str:
    url = feed_url("https://omea.example", TOKEN_KEY, WHO, opened_at)
    return url.removeprefix("https://omea.example/agenda/flux/")


def test_an_address_is_the_same_again_and_another_after_the_next_opening() -> None:
    assert token_of(OPENED) == token_of(OPENED)
    assert token_of(OPENED) != token_of(OPENED + timedelta(microseconds=1))
    assert read_feed(token_of(OPENED), TOKEN_KEY, OPENED) == Feed(WHO, mark_of(OPENED))


def test_what_is_forged_of_another_kind_or_over_is_refused() -> None:
    review = sign(TOKEN_KEY, Link(Purpose.REVIEW, "48291573", WHO), OPENED + LASTS)
    for token, key, now in (
        (token_of(OPENED), b"another key, of thirty-two bytes or more", OPENED),
        (review, TOKEN_KEY, OPENED),
        ("nothing", TOKEN_KEY, OPENED),
        (token_of(OPENED), TOKEN_KEY, OPENED + LASTS),
    ):
        with pytest.raises(InvalidFeed):
            read_feed(token, key, now)
