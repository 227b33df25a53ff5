"""The month that a page is about, and those before and after it."""

from dataclasses import dataclass
from datetime import datetime

from domain.opening_hours import paris_month
from domain.payouts import Month, cut_off, parse_month


@dataclass(frozen=True)
class ShownMonth:
    """`until` is its end, or now while it goes on; `next` is None for that one."""

    month: Month
    until: datetime
    is_over: bool
    previous: str
    next: str | None

    def __str__(self) -> str:
        return str(self.month)


def shown_month(text: str, now: datetime) -> ShownMonth:
    """Raises `Refused`: `INVALID_MONTH`, or `FUTURE_MONTH` for one that has not begun."""
    month = parse_month(text)
    until = cut_off(month, now)
    following = month.next()
    is_over = until == following.start
    return ShownMonth(month, until, is_over, str(month.previous()), str(following) if is_over else None)


def current_month(now: datetime) -> str:
    return paris_month(now)


def month_to_pay(now: datetime) -> str:
    """The last that is over."""
    return str(parse_month(paris_month(now)).previous())
